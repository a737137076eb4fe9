/** Everything about one run: what it measured, on what, by which code, where. */

import type { ReactNode } from 'react';
import { useMemo, useState } from 'react';
import { allShown } from '../drawing/colours';
import type { Edits } from '../models/edits';
import { useMoment, useObserved } from '../models/hooks';
import { linesOfRun } from '../models/lines';
import { naturally } from '../models/order';
import type { RunPage, Source } from '../records';
import type { Texts } from '../translated';
import { useTexts } from '../translated';
import { called, duration, shortened, shown, when } from '../words';
import { Badges } from './Badges';
import { CopyLines } from './CopyLines';
import { Curves } from './Curves';
import { reasonOf } from './reason';
import { RunActions } from './RunActions';
import { RunCode } from './RunCode';
import { RunData } from './RunData';
import { RunForm } from './RunForm';
import { Section } from './Section';
import { StateSign } from './StateSign';
import { Values } from './Values';

export interface RunPageViewProps {
  run: RunPage;
  edits: Edits;
  series: Source['series'];
  onWhy: () => void;
  /** What else can be done where the page is shown. */
  tools?: ReactNode;
}

export function RunPageView({ run, edits, series, onWhy, tools }: RunPageViewProps): JSX.Element {
  const texts = useTexts();
  const now = useMoment();
  const { problem } = useObserved(edits.state);
  const [isEditing, setEditing] = useState(false);
  const runs = useMemo(() => [run.id], [run.id]);
  const drawn = useMemo(() => allShown([shortened(called(run), 30)]), [run]);
  const measured = Object.keys(run.metric_ranges)
    .filter(name => isCurve(run, name))
    .sort(naturally);
  return (
    <article className="jp-nbmlops-page">
      <p className="jp-nbmlops-sentence">
        <StateSign state={run.status} isLong /> <b>{shortened(run.name ?? run.id, 80)}</b>{' '}
        <span className="jp-nbmlops-muted">
          {shortened(run.experiment, 60)} · {when(run.opened, now)} ·{' '}
          {duration(run.duration_seconds)}
        </span>{' '}
        <Badges run={run} />
      </p>
      {run.reason && (
        <p className={run.status === 'failed' ? 'jp-nbmlops-bad' : 'jp-nbmlops-warn'}>
          {reasonOf(run.reason, texts, 500)}
        </p>
      )}
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
      <div className="jp-nbmlops-bar jp-mod-flush">
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
        <RunForm
          runs={[run]}
          onChange={change => void edits.change([run.id], change)}
          onEnd={() => setEditing(false)}
        />
      )}
      {run.note && !isEditing && (
        <p className="jp-nbmlops-note-text">{shortened(run.note, 2000)}</p>
      )}
      <div className="jp-nbmlops-beside">
        <Values title={texts.__('Metrics')} values={run.metrics} notes={ranges(run, texts)} />
        <Values
          title={texts.__('Parameters')}
          values={run.params}
          notes={Object.fromEntries(
            (run.unused_params ?? []).map(name => [name, texts.__('not used')])
          )}
        />
        <RunData data={run.data ?? []} />
        <Values title={texts.__('Models')} values={run.models} />
      </div>
      {measured.length > 0 && (
        <Section title={texts.__('Curves')}>
          <Curves runs={runs} shown={drawn} metrics={measured} series={series} />
        </Section>
      )}
      <RunCode
        executions={run.executions ?? []}
        order={run.order}
        isRunning={run.status === 'running'}
      />
      <Values
        title={texts.__('Environment')}
        values={run.environment?.packages ?? {}}
        isOpen={false}
      />
    </article>
  );
}

function isCurve(run: RunPage, metric: string): boolean {
  return (run.metric_ranges[metric]?.count ?? 0) > 1;
}

/** Between which values each metric was that has several. */
function ranges(run: RunPage, texts: Texts): Record<string, string> {
  const found = Object.entries(run.metric_ranges).filter(([name]) => isCurve(run, name));
  return Object.fromEntries(
    found.map(([name, { min, max, count }]) => [
      name,
      texts.__('%1 … %2 in %3 points', shown(min), shown(max), count)
    ])
  );
}
