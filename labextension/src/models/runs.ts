/** The model of a table of runs: which are asked for, which are here, which are chosen. */

import type { QueryProblem, Run, Source, Wanted } from '../records';
import { SourceProblem } from '../records';
import type { Column, Names } from './columns';
import { usualColumns } from './columns';
import { BY_EXPERIMENT } from './groups';
import { Observable } from './observable';
import { Sparklines } from './sparklines';

const FIRST_PAGE = 50; // more than is in view: who types wants to see, who scrolls gets more
const PAGE = 100;
const MOST_AGAIN = 500;
const MOST_NAMES = 40; // metrics, and parameters, from which the usual columns are chosen
const LATEST_FIRST = 'opened DESC';

export interface RunsState {
  filter: string;
  orderBy: string;
  runs: readonly Run[];
  total: number | null;
  /** Continues behind the last of `runs`; null where there are no more. */
  next: string | null;
  notes: readonly string[];
  isLoading: boolean;
  problem: string | null;
  hint: string | null;
  queryProblem: QueryProblem | null;
  selected: ReadonlySet<string>;
  /** Runs that are not shown, until they are wanted again. */
  hidden: ReadonlySet<string>;
  /** The columns that were chosen; null for the usual ones. */
  columns: readonly Column[] | null;
  /** The name of a parameter, or `experiment`; null for one list. */
  groupBy: string | null;
  /** What all runs have, once somebody chooses columns. */
  names: Names;
}

const EMPTY: RunsState = {
  filter: '',
  orderBy: LATEST_FIRST,
  runs: [],
  total: null,
  next: null,
  notes: [],
  isLoading: false,
  problem: null,
  hint: null,
  queryProblem: null,
  selected: new Set(),
  hidden: new Set(),
  columns: null,
  groupBy: null,
  names: { metrics: [], params: [] }
};

export class RunsModel {
  readonly state: Observable<RunsState>;
  readonly sparklines: Sparklines;
  /** Ends the question before, whose answer nobody waits for any more. */
  private asking = new AbortController();

  constructor(
    private readonly source: Source,
    first: Partial<RunsState> = {},
    /** What is asked for as long as nobody chose columns. */
    private readonly usual: Wanted = { most: MOST_NAMES }
  ) {
    this.state = new Observable({ ...EMPTY, ...first });
    this.sparklines = new Sparklines(source);
  }

  search(filter: string): Promise<void> {
    return this.ask({ filter }, FIRST_PAGE);
  }

  order(orderBy: string): Promise<void> {
    return this.ask({ orderBy }, FIRST_PAGE);
  }

  show(columns: readonly Column[] | null): Promise<void> {
    return this.again({ columns });
  }

  group(groupBy: string | null): Promise<void> {
    return this.again({ groupBy });
  }

  /** Ask again for what is shown, at least for the first page; what was there stays until then. */
  async refresh(): Promise<void> {
    await this.again({});
    this.sparklines.renew(this.state.value.runs);
  }

  /** Ask for the next page; nothing happens while one is on its way. */
  async more(): Promise<void> {
    const { next, isLoading } = this.state.value;
    if (next !== null && !isLoading) {
      await this.ask({}, PAGE, next);
    }
  }

  /** Learn which columns there could be, also of runs that are not shown. */
  async learnNames(): Promise<void> {
    try {
      const [metrics, params] = await Promise.all([
        this.source.names('metrics'),
        this.source.names('params')
      ]);
      this.state.update({ names: { metrics, params } });
    } catch {
      // those of the runs that are shown can be chosen
    }
  }

  select(ids: Iterable<string>): void {
    this.state.update({ selected: new Set(ids) });
  }

  toggle(id: string): void {
    const selected = new Set(this.state.value.selected);
    if (!selected.delete(id)) {
      selected.add(id);
    }
    this.state.update({ selected });
  }

  hide(ids: Iterable<string>): void {
    const hidden = new Set([...this.state.value.hidden, ...ids]);
    const selected = new Set([...this.state.value.selected].filter(id => !hidden.has(id)));
    this.state.update({ hidden, selected });
  }

  showHidden(): void {
    this.state.update({ hidden: new Set() });
  }

  private again(change: Partial<RunsState>): Promise<void> {
    const shown = this.state.value.runs.length;
    return this.ask(change, Math.min(Math.max(shown, FIRST_PAGE), MOST_AGAIN));
  }

  private async ask(change: Partial<RunsState>, limit: number, after?: string): Promise<void> {
    this.asking.abort();
    const { signal } = (this.asking = new AbortController());
    this.state.update({ ...change, isLoading: true });
    const { filter, orderBy } = this.state.value;
    const query = { filter: filterOf(filter), orderBy };
    try {
      const wanted = chosenOf(this.state.value) ?? this.usual;
      // Counting takes as long as finding, and who types waits.
      const page = await this.source.runs({ ...query, limit, after, wanted, total: false }, signal);
      if (signal.aborted) {
        return;
      }
      const runs = after === undefined ? page.runs : [...this.state.value.runs, ...page.runs];
      const total = page.next === null ? { total: runs.length } : {};
      this.state.update({ runs, next: page.next, notes: page.notes, ...total, ...SETTLED });
      if (page.next !== null && after === undefined) {
        const none = { metrics: [], params: [] };
        const one = { ...query, limit: 1, total: true, wanted: none };
        const counted = await this.source.runs(one, signal);
        if (!signal.aborted) {
          this.state.update({ total: counted.total });
        }
      }
    } catch (problem) {
      if (!signal.aborted) {
        this.state.update({ ...SETTLED, ...described(problem) });
      }
    }
  }
}

/** What must be asked for so that chosen columns and groups can be shown; null for none. */
function chosenOf({ columns, groupBy, runs }: RunsState): Wanted | null {
  const by = groupBy === null || groupBy === BY_EXPERIMENT ? [] : [groupBy];
  if (columns === null && by.length === 0) {
    return null;
  }
  const shown = columns ?? usualColumns(runs);
  const titles = (kind: Column['kind']) =>
    shown.filter(column => column.kind === kind).map(column => column.title);
  return { metrics: titles('metric'), params: [...new Set([...titles('param'), ...by])] };
}

const SETTLED = { isLoading: false, problem: null, hint: null, queryProblem: null } as const;

function described(problem: unknown): Partial<RunsState> {
  if (problem instanceof SourceProblem) {
    return { problem: problem.message, hint: problem.hint, queryProblem: problem.query };
  }
  return { problem: String(problem) };
}

/** The filter that is meant: a single word is looked for in names, which has no sign of a query. */
export function filterOf(text: string): string {
  const word = text.trim();
  if (!/^[\p{L}\p{N}_-]+$/u.test(word)) {
    return text;
  }
  return `name ilike '%${word}%' or experiment ilike '%${word}%' or id like '${word}%'`;
}
