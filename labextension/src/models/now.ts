/** The model of what is being recorded now: the active notebook's session and its cells. */

import type { Execution, SessionPage } from '../records';
import { SourceProblem } from '../records';
import { InOrder } from './in_order';
import { Observable } from './observable';

/** How many executions one answer has at most. */
export const EXECUTIONS_AT_ONCE = 500;

/** Where the model gets its records from; `api.ts` is one. */
export interface SessionSource {
  sessionOf(kernelId: string): Promise<{ id: string } | null>;
  /** A session with its executions behind one; `isStatus` asks which cells are stale, too. */
  session(id: string, after: number, isStatus: boolean): Promise<SessionPage>;
}

/** The kernel of the active notebook, as far as it matters here. */
export interface ActiveKernel {
  id: string;
  language: string;
  /** Whether it died; it may be started again. */
  isDead: boolean;
}

/** The numbers that cells show before what they hold, by the cell's id; null while they run. */
export type Prompts = ReadonlyMap<string, number | null>;

export interface NowState {
  /** What the active notebook is called; null where none is open. */
  notebook: string | null;
  kernel: ActiveKernel | null;
  /** Whether it is known which kernel there is and what it did; until then nothing is said of it. */
  isKnown: boolean;
  /** The kernels that were told to record, or to pause, and have not done so yet. */
  turning: ReadonlySet<string>;
  /** Whether cells are kept out of the record for now, as the kernel says; null before it did. */
  isPaused: boolean | null;
  /** Cells that were seen to be executed unrecorded last, with the number that they got. */
  unrecorded: Prompts;
  session: SessionPage | null;
  problem: string | null;
  /** The code of the problem, such as `NoServer`. */
  code: string | null;
}

const NOTHING: NowState = {
  notebook: null,
  kernel: null,
  isKnown: false,
  turning: new Set(),
  isPaused: null,
  unrecorded: new Map(),
  session: null,
  problem: null,
  code: null
};

export class NowModel {
  readonly state = new Observable<NowState>(NOTHING);
  private readonly order = new InOrder();

  constructor(private readonly source: SessionSource) {}

  /**
   * Look at another notebook or kernel; of one whose kernel is gone what it did stays.
   *
   * A notebook without a kernel may be one whose kernel is on its way: `isReady` says that it is not.
   */
  async follow(
    notebook: string | null,
    kernel: ActiveKernel | null,
    isReady = true
  ): Promise<void> {
    const { state } = this;
    const isOther = notebook !== state.value.notebook || kernel?.id !== state.value.kernel?.id;
    const isGone = kernel === null && notebook === state.value.notebook;
    const { isPaused, unrecorded, session, problem } = NOTHING;
    const fresh = { isPaused, unrecorded, session, problem, isKnown: false };
    state.update({ notebook, kernel, ...(isOther && !isGone ? fresh : {}) });
    if (kernel === null) {
      state.update({ isKnown: isReady });
    }
    await this.refresh();
  }

  /**
   * Take what a kernel said, and which cell it executed before, under which number.
   *
   * Nothing is taken of one that is no longer looked at: it is asked when it is again.
   */
  paused(
    kernel: string,
    isPaused: boolean,
    executed?: [cell: string, prompt: number | null]
  ): void {
    if (this.state.value.kernel?.id !== kernel) {
      return;
    }
    const unrecorded = new Map(this.state.value.unrecorded);
    if (executed) {
      const [cell, prompt] = executed;
      unrecorded.delete(cell);
      if (isPaused) {
        unrecorded.set(cell, prompt);
      }
    }
    this.state.update({ isPaused, unrecorded });
  }

  /** Have a kernel record, or pause: it is seen at once that this goes on. */
  async turn(kernel: string, tell: () => Promise<void>): Promise<void> {
    const { turning } = this.state.value;
    this.state.update({ turning: new Set([...turning, kernel]) });
    try {
      await tell();
      await this.refresh();
    } finally {
      const others = new Set(this.state.value.turning);
      others.delete(kernel);
      this.state.update({ turning: others });
    }
  }

  /** Look again; late answers and those about another kernel are dropped. */
  async refresh(): Promise<void> {
    const isNews = this.order.ask();
    const { kernel } = this.state.value;
    if (kernel === null) {
      return;
    }
    let found: Partial<NowState>;
    try {
      const session = await this.source.sessionOf(kernel.id);
      found = { session: session && (await this.whole(session.id)), problem: null, code: null };
    } catch (problem) {
      const code = problem instanceof SourceProblem ? problem.code : 'Fault';
      found = { problem: problem instanceof Error ? problem.message : String(problem), code };
    }
    if (isNews() && kernel.id === this.state.value.kernel?.id) {
      this.state.update({ ...found, isKnown: true });
    }
  }

  /** A session with all its executions, of which only those are asked for that are new. */
  private async whole(id: string): Promise<SessionPage> {
    const known = this.state.value.session;
    const kept = known?.id === id ? known.executions.filter(one => one.sequence <= known.next) : [];
    const first = await this.source.session(id, kept.at(-1)?.sequence ?? 0, true);
    const executions = [...kept, ...first.executions];
    let page = first;
    while (page.executions.length >= EXECUTIONS_AT_ONCE) {
      page = await this.source.session(id, executions.at(-1)!.sequence, false);
      executions.push(...page.executions);
    }
    return { ...first, executions, next: behind(executions) };
  }
}

/** Behind which execution there may be news: what is running is asked for again. */
function behind(executions: readonly Execution[]): number {
  const running = executions.find(one => one.outcome === 'running');
  return running ? running.sequence - 1 : (executions.at(-1)?.sequence ?? 0);
}

/** Whether the kernel that is looked at was told to record, or to pause, and has not done so yet. */
export function isTurning({ kernel, turning }: NowState): boolean {
  return kernel !== null && turning.has(kernel.id);
}

/** Whether cells are being recorded. */
export function isRecording({ session, kernel, isPaused }: NowState): boolean {
  const isAlive = kernel !== null && !kernel.isDead;
  return isAlive && session !== null && session.recording && isPaused !== true;
}

/** Whether what is known is of before: the session ended, and the kernel began anew. */
export function isPast({ session, kernel }: NowState): boolean {
  return session !== null && !session.recording && kernel !== null && !kernel.isDead;
}
