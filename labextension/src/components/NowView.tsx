/** The active notebook's session: recorded or not, its open run, its executions as they happen. */

import { useObserved } from '../models/hooks';
import type { NowModel } from '../models/now';
import { isRecording, staleCells } from '../models/now';
import type { SessionPage } from '../records';
import { useTexts } from '../translated';
import { shortened, shown, short } from '../words';
import { ExecutionLine } from './ExecutionLine';

const MOST = 100;

export interface NowViewProps {
  model: NowModel;
  onRecord: () => void;
  onStop: () => void;
  onCell: (cell: string) => void;
  onRun: (id: string) => void;
}

export function NowView({ model, onRecord, onStop, onCell, onRun }: NowViewProps): JSX.Element {
  const texts = useTexts();
  const state = useObserved(model.state);
  const { kernel, session } = state;
  if (state.notebook !== null && kernel === null) {
    return (
      <div className="jp-nbmlops-empty">
        <h3>{texts.__('This notebook has no kernel')}</h3>
        <p>{texts.__('Start one, and what it does is shown here. Runs stay where they are.')}</p>
      </div>
    );
  }
  if (state.notebook === null || kernel === null) {
    return (
      <div className="jp-nbmlops-empty">
        <h3>{texts.__('No notebook is active')}</h3>
        <p>{texts.__('Open one, and what it does is shown here.')}</p>
      </div>
    );
  }
  if (kernel.language !== 'python') {
    return (
      <div className="jp-nbmlops-empty">
        <h3>{texts.__('This kernel speaks %1', kernel.language)}</h3>
        <p>
          {texts.__('Cells are recorded in Python. Headless executions of any kernel are too:')}
        </p>
        <code>nbmlops run NOTEBOOK</code>
      </div>
    );
  }
  const recording = isRecording(state);
  const stale = staleCells(session);
  const executions = [...(session?.executions ?? [])].reverse().slice(0, MOST);
  const run = session?.run;
  return (
    <div className="jp-nbmlops-view">
      <div className="jp-nbmlops-bar">
        <span className={recording ? 'jp-nbmlops-recording' : 'jp-nbmlops-muted'} role="status">
          {recording ? texts.__('● recording') : texts.__('○ not recording')}
        </span>
        <button
          className={`jp-nbmlops-button${recording ? '' : ' jp-mod-main'}`}
          onClick={recording ? onStop : onRecord}
        >
          {recording ? texts.__('Pause') : texts.__('Record')}
        </button>
        <span className="jp-nbmlops-item-experiment jp-nbmlops-muted">
          {shortened(state.notebook, 60)}
        </span>
      </div>
      {state.problem && (
        <div role="alert" className="jp-nbmlops-problem">
          {state.problem}
        </div>
      )}
      <div className="jp-nbmlops-scroll">
        {run && (
          <section className="jp-nbmlops-card">
            <div>
              {texts.__('run')}{' '}
              <button className="jp-nbmlops-link" onClick={() => onRun(run.id)}>
                {shortened(run.name ?? short(run.id), 40)}
              </button>
            </div>
            <Pairs pairs={Object.entries(run.metrics)} isStrong />
            <Pairs pairs={Object.entries(run.params)} />
          </section>
        )}
        {stale.size > 0 && (
          <p className="jp-nbmlops-warn jp-nbmlops-note">
            {texts._n('%1 cell is stale', '%1 cells are stale', stale.size)}
            {session?.status &&
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
              onCell={onCell}
            />
          ))}
        </ol>
        {!session && !state.problem && (
          <div className="jp-nbmlops-empty">
            <p>{texts.__('Press Record, or type this into a cell:')}</p>
            <code>%load_ext nbmlops</code>
          </div>
        )}
      </div>
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

function Pairs({
  pairs,
  isStrong = false
}: {
  pairs: [string, unknown][];
  isStrong?: boolean;
}): JSX.Element {
  return (
    <div className="jp-nbmlops-pairs">
      {pairs.slice(0, 12).map(([name, value]) => (
        <span key={name} className={isStrong ? '' : 'jp-nbmlops-muted'}>
          {shortened(name, 24)} <b>{shown(value, 24)}</b>
        </span>
      ))}
    </div>
  );
}
