/** The model of a replay: of which results, how exactly, how far it is, and what came out. */

import type { Replaying, ReplayRequest, RunPage } from '../records';
import { further, lookedOn, said } from './looking_on';
import { naturally } from './order';
import { Observable } from './observable';

export interface ReplaySource {
  run(id: string): Promise<RunPage>;
  replay(id: string, request: ReplayRequest): Promise<Replaying>;
  replayNow(id: string): Promise<Replaying>;
  stopReplay(id: string): Promise<Replaying>;
}

export interface ReplayingState {
  /** The metrics of the run, of which one may be wanted alone; null until they are known. */
  metrics: readonly string[] | null;
  /** Null for all results. */
  metric: string | null;
  /** How far a metric may be from what it was, as a share of that, as it is typed. */
  tolerance: string;
  replaying: Replaying | null;
  problem: string | null;
}

export class ReplayingModel {
  readonly state = new Observable<ReplayingState>({
    metrics: null, metric: null, tolerance: '', replaying: null, problem: null
  }); // prettier-ignore
  private isClosed = false;

  constructor(
    private readonly source: ReplaySource,
    readonly id: string
  ) {}

  async load(): Promise<void> {
    try {
      const { metrics } = await this.source.run(this.id);
      this.state.update({ metrics: Object.keys(metrics).sort(naturally), problem: null });
    } catch (problem) {
      this.state.update({ problem: said(problem) });
    }
  }

  /** The tolerance as a number; null where what is typed is none. */
  get rtol(): number | null {
    const text = this.state.value.tolerance.trim();
    const rtol = text ? Number(text) : 0;
    return rtol >= 0 && rtol <= 1 ? rtol : null;
  }

  async begin(): Promise<void> {
    const { metric } = this.state.value;
    const request = { metric, rtol: this.rtol ?? 0 };
    this.state.update({ replaying: null, problem: null });
    await lookedOn(() => this.source.replay(this.id, request), this.source.replayNow, {
      take: replaying => this.take(replaying),
      tell: problem => this.state.update({ problem }),
      isThere: () => !this.isClosed
    });
  }

  async stop(): Promise<void> {
    const { replaying } = this.state.value;
    if (!replaying) {
      return;
    }
    this.state.update({ replaying: { ...replaying, state: 'stopping' } });
    try {
      this.take(await this.source.stopReplay(replaying.id));
    } catch (problem) {
      this.state.update({ replaying, problem: said(problem) });
    }
  }

  private take(now: Replaying): void {
    this.state.update({ replaying: further(this.state.value.replaying, now), problem: null });
  }

  /** Look no more; what was begun goes on. */
  readonly close = (): void => {
    this.isClosed = true;
  };
}
