/** The model of what is being recorded now: the active notebook's session and its cells. */

import type { Execution, SessionPage } from '../records';
import { SourceProblem } from '../records';
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

export interface NowState {
  /** What the active notebook is called; null where none is open. */
  notebook: string | null;
  kernel: ActiveKernel | null;
  /** Whether cells are kept out of the record for now, as the kernel says; null before it did. */
  isPaused: boolean | null;
  session: SessionPage | null;
  problem: string | null;
  /** The code of the problem, such as `NoServer`. */
  code: string | null;
}

const NOTHING: NowState = {
  notebook: null,
  kernel: null,
  isPaused: null,
  session: null,
  problem: null,
  code: null
};

/** What a cell of the notebook is marked with. */
export interface CellMark {
  kind: 'recorded' | 'result' | 'stale';
  reasons: readonly string[];
}

export class NowModel {
  readonly state = new Observable<NowState>(NOTHING);
  private question = 0;

  constructor(private readonly source: SessionSource) {}

  /** Look at another notebook or kernel; of one whose kernel is gone what it did stays. */
  async follow(notebook: string | null, kernel: ActiveKernel | null): Promise<void> {
    const { state } = this;
    const isOther = notebook !== state.value.notebook || kernel?.id !== state.value.kernel?.id;
    const isGone = kernel === null && notebook === state.value.notebook;
    const fresh = { session: null, problem: null, isPaused: null };
    state.update({ notebook, kernel, ...(isOther && !isGone ? fresh : {}) });
    await this.refresh();
  }

  /** Take what the kernel said. */
  paused(isPaused: boolean): void {
    this.state.update({ isPaused });
  }

  /** Look again; late answers about another kernel are dropped. */
  async refresh(): Promise<void> {
    const question = ++this.question;
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
    if (question === this.question) {
      this.state.update(found);
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

/** Whether cells are being recorded. */
export function isRecording({ session, kernel, isPaused }: NowState): boolean {
  const isAlive = kernel !== null && !kernel.isDead;
  return isAlive && session !== null && session.recording && isPaused !== true;
}

/** The last execution of each cell, by the cell's id. */
export function lastOfCells(session: SessionPage | null): Map<string, Execution> {
  const last = new Map<string, Execution>();
  for (const execution of session?.executions ?? []) {
    if (execution.cell_id !== null) {
      last.set(execution.cell_id, execution);
    }
  }
  return last;
}

/** Why cells are stale, by the cell's id. */
export function staleCells(session: SessionPage | null): Map<string, string[]> {
  const stale = new Map<string, string[]>();
  for (const cell of session?.status?.stale ?? []) {
    if (cell.cell !== null) {
      stale.set(
        cell.cell,
        cell.reasons.map(reason => reason.text)
      );
    }
  }
  return stale;
}

export function marksOf(session: SessionPage | null): Map<string, CellMark> {
  const stale = staleCells(session);
  const marks = new Map<string, CellMark>();
  for (const [cell, execution] of lastOfCells(session)) {
    const reasons = stale.get(cell);
    const kind = reasons ? 'stale' : execution.gave_result ? 'result' : 'recorded';
    marks.set(cell, { kind, reasons: reasons ?? [] });
  }
  return marks;
}
