/** The model of a comparison: which runs, against which baseline, which of them are left out. */

import type { Comparison, Run, Source } from '../records';
import { Observable } from './observable';

export interface ComparingState {
  comparison: Comparison | null;
  /** What is written on the runs, by id. */
  runs: ReadonlyMap<string, Run>;
  /** All runs, the baseline first. */
  ids: readonly string[];
  hidden: readonly string[];
  problem: string | null;
}

const FEWEST = 2;

export class ComparingModel {
  readonly state: Observable<ComparingState>;
  private question = 0;

  constructor(
    private readonly source: Pick<Source, 'compare' | 'runs'>,
    ids: readonly string[],
    comparison: Comparison | null = null
  ) {
    const runs = new Map<string, Run>();
    this.state = new Observable({ comparison, runs, ids, hidden: [], problem: null });
  }

  /** Look again at the runs and at what is written on them; late answers are dropped. */
  readonly refresh = async (): Promise<void> => {
    const question = ++this.question;
    const { ids, hidden } = this.state.value;
    try {
      const [comparison, runs] = await Promise.all([
        this.source.compare(ids.filter(id => !hidden.includes(id))),
        this.written(ids)
      ]);
      if (question === this.question) {
        this.state.update({ comparison, runs, problem: null });
      }
    } catch (problem) {
      if (question === this.question) {
        const text = problem instanceof Error ? problem.message : String(problem);
        this.state.update({ problem: text });
      }
    }
  };

  /** Learn what is written on the runs of a comparison that is here already. */
  async look(): Promise<void> {
    const runs = await this.written(this.state.value.ids).catch(() => null);
    if (runs) {
      this.state.update({ runs });
    }
  }

  rebase(id: string): Promise<void> {
    const others = this.state.value.ids.filter(other => other !== id);
    this.state.update({ ids: [id, ...others] });
    return this.refresh();
  }

  /** Whether there is something to compare when one more run is left out. */
  get canHide(): boolean {
    return this.state.value.ids.length - this.state.value.hidden.length > FEWEST;
  }

  hide(id: string): Promise<void> {
    this.state.update({ hidden: [...this.state.value.hidden, id] });
    return this.refresh();
  }

  showHidden(): Promise<void> {
    this.state.update({ hidden: [] });
    return this.refresh();
  }

  private async written(ids: readonly string[]): Promise<ReadonlyMap<string, Run>> {
    const listed = ids.map(id => `'${id.replace(/'/g, "''")}'`).join(', ');
    const { runs } = await this.source.runs({
      filter: `id in (${listed})`,
      orderBy: 'opened DESC',
      limit: ids.length,
      total: false,
      wanted: { metrics: [], params: [] }
    });
    return new Map(runs.map(run => [run.id, run]));
  }
}
