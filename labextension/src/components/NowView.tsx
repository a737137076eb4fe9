/** The active notebook's session: recorded or not, its open run, its executions as they happen. */

import { useState } from 'react';
import { useObserved } from '../models/hooks';
import { lastOfCells, staleCells } from '../models/marks';
import type { NowModel, Prompts } from '../models/now';
import { isPast, isTurning } from '../models/now';
import type { Execution, SessionPage } from '../records';
import { useTexts } from '../translated';
import { ExecutionLine } from './ExecutionLine';
import { NoKernel, NoNotebook, NotYetRecorded, OtherLanguage } from './NowEmpty';
import { OpenRun } from './OpenRun';
import { RecordingBar } from './RecordingBar';

const AT_ONCE = 100; // executions drawn until more are wanted

export interface NowViewProps {
  model: NowModel;
  /** Whether what stands in the way is told elsewhere; what is known then is of before. */
  isHindered?: boolean;
  onRecord: () => void;
  onStop: () => void;
  onCell: (cell: string) => void;
  onRun: (id: string) => void;
}

export function NowView(props: NowViewProps): JSX.Element {
  const state = useObserved(props.model.state);
  const { notebook, kernel, session, isKnown } = state;
  if (notebook === null) {
    return <NoNotebook />;
  }
  if (kernel === null && session === null && isKnown) {
    return <NoKernel />;
  }
  if (kernel !== null && kernel.language !== 'python') {
    return <OtherLanguage language={kernel.language} />;
  }
  const isInviting = kernel && isKnown && !session && !state.problem && !isTurning(state);
  return (
    <div className="jp-nbmlops-view">
      <RecordingBar {...props} state={state} />
      {state.problem && !props.isHindered && (
        <div role="alert" className="jp-nbmlops-problem">
          {state.problem}
        </div>
      )}
      {session && (
        <SessionView
          {...props}
          key={session.id}
          session={session}
          unrecorded={state.unrecorded}
          isPast={isPast(state) && !state.problem}
        />
      )}
      {isInviting && <NotYetRecorded />}
    </div>
  );
}

interface SessionViewProps extends NowViewProps {
  session: SessionPage;
  /** Cells that were executed unrecorded last, with the number that they got. */
  unrecorded: Prompts;
  /** Whether the kernel has begun anew since. */
  isPast: boolean;
}

function SessionView(props: SessionViewProps): JSX.Element {
  const { session, unrecorded, isPast, onCell, onRun } = props;
  const texts = useTexts();
  const last = lastOfCells(session);
  /** The number that the cell of an execution has got since, without being recorded. */
  const since = (execution: Execution) =>
    last.get(execution.cell_id ?? '') === execution
      ? (unrecorded.get(execution.cell_id ?? '') ?? null)
      : null;
  const [most, setMost] = useState(AT_ONCE);
  const stale = isPast ? new Map<string, string[]>() : staleCells(session);
  const executions = session.executions.slice(-most).reverse();
  const earlier = session.executions.length - executions.length;
  return (
    <div className="jp-nbmlops-scroll">
      {isPast && (
        <p className="jp-nbmlops-muted jp-nbmlops-note">
          {texts.__('The kernel began anew. This is what ran before; its variables are gone.')}
        </p>
      )}
      {session.run && <OpenRun run={session.run} onRun={onRun} />}
      {stale.size > 0 && (
        <p className="jp-nbmlops-warn jp-nbmlops-note">
          {texts._n('%1 cell is stale', '%1 cells are stale', stale.size)}
          {session.status &&
            session.status.run_again.length > 0 &&
            ` · ${texts.__('run again: %1', again(session))}`}
        </p>
      )}
      <ol className="jp-nbmlops-executions">
        {executions.map(execution => (
          <ExecutionLine
            key={execution.id}
            execution={execution}
            reasons={stale.get(execution.cell_id ?? '')}
            since={since(execution)}
            onCell={onCell}
          />
        ))}
      </ol>
      {earlier > 0 && (
        <div className="jp-nbmlops-bar">
          <button className="jp-nbmlops-button" onClick={() => setMost(most + AT_ONCE)}>
            {texts.__('%1 earlier ones', earlier)}
          </button>
        </div>
      )}
    </div>
  );
}

function again(session: SessionPage): string {
  const counts = new Map(session.executions.map(one => [one.sequence, one.execution_count]));
  return (session.status?.run_again ?? [])
    .slice(0, 12)
    .map(sequence => `[${counts.get(sequence) ?? sequence}]`)
    .join(' ');
}
