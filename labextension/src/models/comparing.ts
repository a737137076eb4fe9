/** The model of a comparison: which runs, against which baseline, which of them are left out. */

import type { Range } from '../drawing/axes';
import { partsOf } from '../drawing/curves';
import type { Comparison, Run, Series, Source } from '../records';
import type { Choice } from './choosing';
import { ALL, chosenAgain, keptBy } from './choosing';
import { InOrder } from './in_order';
import { Observable } from './observable';

export interface ComparingState extends Choice {
  comparison: Comparison | null;
  /** What is written on the runs, by id. */
  runs: ReadonlyMap<string, Run>;
  /** All runs, the baseline first. */
  ids: readonly string[];
  hidden: readonly string[];
  /** All runs in the order in which they first came: by it they are drawn, and known by colour. */
  order: readonly string[];
  problem: string | null;
}

const FEWEST = 2;

export class ComparingModel {
  readonly state: Observable<ComparingState>;
  private readonly order = new InOrder();
  /** The first curves, asked for before it is known whether there are any, and those of which runs. */
  private ahead: { runs: readonly string[]; curves: Promise<readonly Series[]> } | null = null;

  constructor(
    private readonly source: Pick<Source, 'compare' | 'runs' | 'series'>,
    ids: readonly string[],
    comparison: Comparison | null = null
  ) {
    const runs = new Map<string, Run>();
    const order = comparison?.runs ?? [];
    this.state = new Observable<ComparingState>({
      comparison,
      runs,
      ids,
      hidden: [],
      order,
      ...ALL,
      problem: null
    });
  }

  /** Look again at the runs and at what is written on them; late answers and those of other runs are dropped. */
  readonly refresh = async (): Promise<void> => {
    const isNews = this.order.ask();
    const { ids, hidden, comparison: before } = this.state.value;
    const isWanted = () =>
      isNews() && ids === this.state.value.ids && hidden === this.state.value.hidden;
    const compared = ids.filter(id => !hidden.includes(id));
    if (!before) {
      const curves = this.source.series(compared, [], partsOf(compared.length));
      curves.catch(() => undefined); // whoever takes them sees what went wrong
      this.ahead = { runs: compared, curves };
    }
    try {
      const [comparison, runs] = await Promise.all([
        this.source.compare(compared),
        this.written(ids)
      ]);
      if (isWanted()) {
        if (comparison.metrics.length === 0) {
          this.ahead = null; // nobody takes them, until there is more to be asked for
        }
        const { order } = this.state.value;
        const added = comparison.runs.filter(id => !order.includes(id));
        const found = { comparison, order: [...order, ...added] };
        const choice = this.settled(chosenAgain(this.state.value, this.state.value, found));
        this.state.update({ ...found, ...choice, runs, problem: null });
      }
    } catch (problem) {
      if (isWanted()) {
        const text = problem instanceof Error ? problem.message : String(problem);
        this.state.update({ problem: text });
      }
    }
  };

  /** Learn what is written on the runs of a comparison that is here already. */
  async look(): Promise<void> {
    const isNews = this.order.ask();
    const runs = await this.written(this.state.value.ids).catch(() => null);
    if (runs && isNews()) {
      this.state.update({ runs });
    }
  }

  /** Measurements; of the first curves, without a name, those asked for beside the comparison. */
  readonly series: Source['series'] = (runs, metrics, parts) => {
    const { ahead } = this;
    this.ahead = null;
    return ahead && metrics.length === 0 && isSame(ahead.runs, runs)
      ? ahead.curves
      : this.source.series(runs, metrics, parts);
  };

  /** Choose the runs that an axis keeps, beside the other axes; all that this one has without. */
  keep(axis: string, range: Range | undefined): void {
    const ranges = new Map(this.state.value.ranges);
    if (range) {
      ranges.set(axis, range);
    } else {
      ranges.delete(axis);
    }
    this.state.update(this.settled(keptBy(ranges, this.state.value)));
  }

  /** Choose one run, or all again where it is the only one that is chosen. */
  toggle(id: string): void {
    const isOnly = String(this.state.value.chosen) === id;
    this.state.update(isOnly ? ALL : { ...ALL, chosen: [id] });
  }

  chooseAll(): void {
    this.state.update(ALL);
  }

  /** Runs that are chosen still are the same value, so that nothing is drawn again for them. */
  private settled({ ranges, chosen }: Choice): Choice {
    const { chosen: before } = this.state.value;
    return { ranges, chosen: String(chosen) === String(before) ? before : chosen };
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

/** Whether these are the same runs, in whichever order. */
function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every(id => others.includes(id));
}
