/** The model of a table of runs: which are asked for, which are here, which are chosen. */

import type { QueryProblem, Run, Source } from '../records';
import { SourceProblem } from '../records';
import type { Column, Names } from './columns';
import { filterOf } from './filters';
import type { Need } from './needs';
import { chosenOf, FOR_A_TABLE } from './needs';
import { Observable } from './observable';
import { Sparklines } from './sparklines';

const PAGE = 100;
const MOST_AGAIN = 500;
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
  private going: Going | null = null;
  private place: string | undefined; // that the runs shown are of

  constructor(
    private readonly source: Source,
    first: Partial<RunsState> = {},
    private readonly need: Need = FOR_A_TABLE
  ) {
    this.state = new Observable({ ...EMPTY, ...first });
    this.sparklines = new Sparklines(source);
  }

  search(filter: string): Promise<void> {
    return this.ask({ filter }, this.need.firstPage);
  }

  order(orderBy: string): Promise<void> {
    return this.ask({ orderBy }, this.need.firstPage);
  }

  show(columns: readonly Column[] | null): Promise<void> {
    return this.again({ columns });
  }

  group(groupBy: string | null): Promise<void> {
    return this.again({ groupBy });
  }

  /**
   * Ask again for what is shown, at least for the first page; what was there stays until then.
   *
   * An answer that is on its way is taken first: who waits for it waits once.
   */
  refresh(): Promise<void> {
    if (this.going !== null && this.going.place === this.source.place?.()) {
      this.going.isOnceMore = true;
      return this.going.end;
    }
    return this.again({}).then(() => this.sparklines.renew(this.state.value.runs));
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
    return this.ask(change, Math.min(Math.max(shown, this.need.firstPage), MOST_AGAIN));
  }

  /** Ask; a question before it is no longer wanted. */
  private ask(change: Partial<RunsState>, limit: number, after?: string): Promise<void> {
    const going = { place: this.source.place?.(), isOnceMore: false, end: Promise.resolve() };
    this.going = going;
    going.end = this.taken(change, limit, after).then(() => {
      if (this.going !== going) {
        return undefined;
      }
      this.going = null;
      return going.isOnceMore ? this.refresh() : undefined;
    });
    return going.end;
  }

  private async taken(change: Partial<RunsState>, limit: number, after?: string): Promise<void> {
    this.asking.abort();
    const { signal } = (this.asking = new AbortController());
    this.state.update({ ...change, isLoading: true });
    const { filter, orderBy } = this.state.value;
    const query = { filter: filterOf(filter), orderBy };
    try {
      const wanted = chosenOf(this.state.value) ?? this.need.wanted(filter, orderBy);
      // Counting takes as long as finding, and who types waits.
      const page = await this.source.runs({ ...query, limit, after, wanted, total: false }, signal);
      if (signal.aborted) {
        return;
      }
      this.arrive();
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

  /** Take that runs have come: what was chosen or hidden of another place is not. */
  private arrive(): void {
    const place = this.source.place?.();
    if (this.place !== undefined && this.place !== place) {
      this.state.update({ selected: new Set(), hidden: new Set() });
    }
    this.place = place;
  }
}

/** A question on its way, about the runs of a place; once more where that is wanted meanwhile. */
interface Going {
  place: string | undefined;
  isOnceMore: boolean;
  end: Promise<void>;
}

const SETTLED = { isLoading: false, problem: null, hint: null, queryProblem: null } as const;

function described(problem: unknown): Partial<RunsState> {
  if (problem instanceof SourceProblem) {
    return { problem: problem.message, hint: problem.hint, queryProblem: problem.query };
  }
  return { problem: String(problem) };
}
