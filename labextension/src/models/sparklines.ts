/** The model of small curves: asked for as their rows come into view, each once. */

import type { Run, Series, Source } from '../records';
import { Observable } from './observable';

const PAUSE = 120; // milliseconds: who scrolls on does not need what passes by
const MOST_RUNS = 50; // of one question
const MOST_METRICS = 8;
const BUCKETS = 16;

type Curves = ReadonlyMap<string, readonly unknown[]>;

export class Sparklines {
  readonly state = new Observable<{ curves: Curves }>({ curves: new Map() });
  private readonly asked = new Set<string>();
  private waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly source: Pick<Source, 'series'>) {}

  of(run: string, metric: string): readonly unknown[] | undefined {
    return this.state.value.curves.get(key(run, metric));
  }

  /** Say which runs are in view, and which metrics: what is not known of them is asked for. */
  readonly see = (runs: readonly Run[], metrics: readonly string[]): void => {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => void this.ask(runs, metrics.slice(0, MOST_METRICS)), PAUSE);
  };

  /** Ask again for the runs that are still going on. */
  renew(runs: readonly Run[]): void {
    for (const run of runs.filter(one => one.status === 'running')) {
      for (const metric of Object.keys(run.metrics)) {
        this.asked.delete(key(run.id, metric));
      }
    }
  }

  private async ask(runs: readonly Run[], metrics: readonly string[]): Promise<void> {
    const isNew = (run: Run, metric: string) =>
      metric in run.metrics && !this.asked.has(key(run.id, metric));
    const wanted = runs
      .filter(run => metrics.some(metric => isNew(run, metric)))
      .slice(0, MOST_RUNS);
    if (!wanted.length) {
      return;
    }
    const keys = wanted.flatMap(run => metrics.map(metric => key(run.id, metric)));
    keys.forEach(one => this.asked.add(one));
    const ids = wanted.map(run => run.id);
    try {
      this.take(await this.source.series(ids, metrics, BUCKETS));
    } catch {
      keys.forEach(one => this.asked.delete(one)); // a row without its curve says the same
    }
  }

  private take(found: readonly Series[]): void {
    const curves = new Map(this.state.value.curves);
    for (const { run, metric, values } of found) {
      curves.set(key(run, metric), values);
    }
    this.state.update({ curves });
  }
}

function key(run: string, metric: string): string {
  return `${run} ${metric}`;
}
