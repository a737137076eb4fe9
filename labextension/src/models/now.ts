/** The model of what is being recorded now: the active notebook's session and its cells. */

import type { Execution, SessionPage } from '../records';
import { SourceProblem } from '../records';
import { Observable } from './observable';

/** Where the model gets its records from; `api.ts` is one. */
export interface SessionSource {
  sessionOf(kernelId: string): Promise<{ id: string } | null>;
  session(id: string): Promise<SessionPage>;
}

/** The kernel of the active notebook, as far as it matters here. */
export interface ActiveKernel {
  id: string;
  language: string;
}

export interface NowState {
  /** What the active notebook is called; null where none is open. */
  notebook: string | null;
  kernel: ActiveKernel | null;
  session: SessionPage | null;
  problem: string | null;
  /** The code of the problem, such as `NoServer`. */
  code: string | null;
}

const NOTHING: NowState = {
  notebook: null,
  kernel: null,
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

  async follow(notebook: string | null, kernel: ActiveKernel | null): Promise<void> {
    const isSame = kernel?.id === this.state.value.kernel?.id;
    this.state.update({ notebook, kernel, ...(isSame ? {} : { session: null, problem: null }) });
    await this.refresh();
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
      const page = session && (await this.source.session(session.id));
      found = { session: page, problem: null, code: null };
    } catch (problem) {
      const code = problem instanceof SourceProblem ? problem.code : 'Fault';
      found = { problem: problem instanceof Error ? problem.message : String(problem), code };
    }
    if (question === this.question) {
      this.state.update(found);
    }
  }
}

/** Whether cells are being recorded. */
export function isRecording({ session }: NowState): boolean {
  return session !== null && session.recording;
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
