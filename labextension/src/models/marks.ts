/** What the cells of a notebook are marked with, from what is known of their session. */

import type { Execution, SessionPage } from '../records';
import type { NowState, Prompts } from './now';
import { isPast } from './now';

/** What a cell of the notebook is marked with. */
export interface CellMark {
  kind: 'recorded' | 'result' | 'stale' | 'unrecorded';
  reasons: readonly string[];
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

export function marksOf(state: NowState, prompts: Prompts = new Map()): Map<string, CellMark> {
  const stale = isPast(state) ? new Map<string, string[]>() : staleCells(state.session);
  const marks = new Map<string, CellMark>();
  for (const [cell, execution] of lastOfCells(state.session)) {
    if (isUnrecorded(state, cell, execution, prompts.get(cell) ?? null)) {
      marks.set(cell, { kind: 'unrecorded', reasons: [] });
      continue;
    }
    const reasons = stale.get(cell);
    const kind = reasons ? 'stale' : execution.gave_result ? 'result' : 'recorded';
    marks.set(cell, { kind, reasons: reasons ?? [] });
  }
  return marks;
}

/**
 * Whether what a cell shows is of an execution that was not recorded.
 *
 * What is recorded is known a moment after the cell shows it: a higher number says nothing until
 * later cells are known, or the kernel says that it is paused.
 */
function isUnrecorded(
  state: NowState,
  cell: string,
  known: Execution,
  prompt: number | null
): boolean {
  const { session, isPaused, unrecorded } = state;
  const recorded = known.execution_count;
  if (prompt === null || recorded === null) {
    return false;
  }
  const isSeen = unrecorded.get(cell) === prompt;
  if (isPast(state)) {
    return isSeen || prompt !== recorded; // under the number of before, too
  }
  // The kernel says whether it is paused behind the cells that wait: a later one may have done it.
  const latest = session?.executions.at(-1)?.execution_count ?? 0;
  return (
    prompt !== recorded &&
    (isSeen || (prompt > recorded && (isPaused === true || prompt <= latest)))
  );
}
