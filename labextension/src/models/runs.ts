/** The model of a table of runs: which are asked for, which are here, which are chosen. */

import type { QueryProblem, Run, RunChange, RunList, Source } from '../records';
import { SourceProblem } from '../records';
import { Observable } from './observable';

const PAGE = 100;
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
  selected: new Set()
};

export class RunsModel {
  readonly state: Observable<RunsState>;
  /** Counts what was asked, so that a late answer to an old question is dropped. */
  private question = 0;

  constructor(
    private readonly source: Source,
    first: Partial<RunsState> = {},
    private readonly sparklines: readonly string[] = []
  ) {
    this.state = new Observable({ ...EMPTY, ...first });
  }

  async search(filter: string): Promise<void> {
    this.state.update({ filter });
    await this.refresh();
  }

  async order(orderBy: string): Promise<void> {
    this.state.update({ orderBy });
    await this.refresh();
  }

  /** Ask again for what is shown, at least for the first page; what was there stays until then. */
  async refresh(): Promise<void> {
    const shown = Math.ceil(this.state.value.runs.length / PAGE) * PAGE;
    await this.ask(undefined, Math.min(Math.max(shown, PAGE), 5 * PAGE));
  }

  /** Ask for the next page; nothing happens while one is on its way. */
  async more(): Promise<void> {
    const { next, isLoading } = this.state.value;
    if (next !== null && !isLoading) {
      await this.ask(next, PAGE);
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

  async change(id: string, change: RunChange): Promise<void> {
    await this.source.change(id, change);
    await this.refresh();
  }

  private async count(question: number, page: RunList): Promise<void> {
    const { filter, orderBy } = this.state.value;
    const query = { filter: filterOf(filter), orderBy, limit: 1, total: true };
    const all = page.next === null ? page.runs.length : (await this.source.runs(query)).total;
    if (question === this.question) {
      this.state.update({ total: all });
    }
  }

  private async ask(after: string | undefined, limit: number): Promise<void> {
    const question = ++this.question;
    const { filter, orderBy, runs } = this.state.value;
    this.state.update({ isLoading: true });
    const query = { filter: filterOf(filter), orderBy, limit, after };
    try {
      const page = await this.source.runs({
        ...query,
        total: false, // takes as long again, and who types waits
        sparklines: this.sparklines
      });
      if (question !== this.question) {
        return;
      }
      this.state.update({
        runs: after === undefined ? page.runs : [...runs, ...page.runs],
        next: page.next,
        notes: page.notes,
        ...SETTLED
      });
      if (after === undefined) {
        await this.count(question, page);
      }
    } catch (problem) {
      if (question === this.question) {
        this.state.update({ ...SETTLED, ...described(problem) });
      }
    }
  }
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
