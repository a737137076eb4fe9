/** Everything about one run: what it measured, on what, by which code, where. */

import type { ReactNode } from 'react';
import { useState } from 'react';
import type { Edits } from '../models/edits';
import { useObserved } from '../models/hooks';
import { linesOfRun } from '../models/lines';
import type { RunPage } from '../records';
import { useTexts } from '../translated';
import { duration, shortened, when } from '../words';
import { Badges } from './Badges';
import { CopyLines } from './CopyLines';
import { RunActions } from './RunActions';
import { RunCode } from './RunCode';
import { RunData } from './RunData';
import { RunForm } from './RunForm';
import { StateSign } from './StateSign';
import { Values } from './Values';

export interface RunPageViewProps {
  run: RunPage;
  edits: Edits;
  onWhy: () => void;
  /** What else can be done where the page is shown. */
  tools?: ReactNode;
}

export function RunPageView({ run, edits, onWhy, tools }: RunPageViewProps): JSX.Element {
  const texts = useTexts();
  const { problem } = useObserved(edits.state);
  const [isEditing, setEditing] = useState(false);
  return (
    <article className="jp-nbmlops-page">
      <p className="jp-nbmlops-sentence">
        <StateSign state={run.status} isLong /> <b>{shortened(run.name ?? run.id, 80)}</b>{' '}
        <span className="jp-nbmlops-muted">
          {shortened(run.experiment, 60)} · {when(run.opened, Date.now())} ·{' '}
          {duration(run.duration_seconds)}
        </span>{' '}
        <Badges run={run} />
      </p>
      {run.reason && <p className="jp-nbmlops-bad">{shortened(run.reason, 500)}</p>}
      {run.trashed !== null && (
        <div role="status" className="jp-nbmlops-notice">
          {texts.__('This run is in the trash.')}
          <button className="jp-nbmlops-button" onClick={() => void edits.restore([run.id])}>
            {texts.__('Take it out')}
          </button>
        </div>
      )}
      {problem && (
        <div role="alert" className="jp-nbmlops-problem">
          {problem}
        </div>
      )}
      <div className="jp-nbmlops-bar" style={{ padding: 0 }}>
        <button className="jp-nbmlops-button jp-mod-main" onClick={onWhy}>
          {texts.__('Why these numbers?')}
        </button>
        {run.trashed === null && (
          <RunActions
            runs={[run]}
            isEditing={isEditing}
            onEdit={() => setEditing(!isEditing)}
            onPin={pinned => void edits.change([run.id], { pinned })}
            onRemove={() => void edits.remove([run.id])}
          />
        )}
        {tools}
        <CopyLines lines={linesOfRun(run.id)} />
      </div>
      {isEditing && (
        <RunForm runs={[run]} onChange={change => void edits.change([run.id], change)} />
      )}
      {run.note && !isEditing && (
        <p className="jp-nbmlops-note-text">{shortened(run.note, 2000)}</p>
      )}
      <Values title={texts.__('Metrics')} values={run.metrics} />
      <Values title={texts.__('Parameters')} values={run.params} />
      <Values title={texts.__('Models')} values={run.models} />
      {run.order && (
        <p className="jp-nbmlops-muted">
          {texts.__('order')}: {shortened(run.order.text, 300)}
        </p>
      )}
      <RunData data={run.data ?? []} />
      <RunCode executions={run.executions ?? []} />
      <Values
        title={texts.__('Environment')}
        values={run.environment?.packages ?? {}}
        isOpen={false}
      />
    </article>
  );
}
