/** Everything about one run: what it measured, on what, by which code, where. */

import type { RunChange, RunPage } from '../records';
import { useTexts } from '../translated';
import { duration, shortened, shown, visible, when } from '../words';
import { Badges } from './Badges';
import { Section } from './Section';
import { StateSign } from './StateSign';

const MOST = 300;
const MOST_SOURCE = 20_000; // characters

export interface RunPageViewProps {
  run: RunPage;
  onChange: (change: RunChange) => void;
  onWhy: () => void;
  onRemove: () => void;
  onCopy: (text: string) => void;
}

export function RunPageView({
  run,
  onChange,
  onWhy,
  onRemove,
  onCopy
}: RunPageViewProps): JSX.Element {
  const texts = useTexts();
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
      <div className="jp-nbmlops-bar" style={{ padding: 0 }}>
        <button className="jp-nbmlops-button jp-mod-main" onClick={onWhy}>
          {texts.__('Why these numbers?')}
        </button>
        <button
          className="jp-nbmlops-button"
          aria-pressed={run.pinned !== null}
          onClick={() => onChange({ pinned: run.pinned === null })}
        >
          {run.pinned === null ? texts.__('Pin') : texts.__('Pinned')}
        </button>
        <button className="jp-nbmlops-button" onClick={() => onCopy(`nbmlops show ${run.id}`)}>
          {texts.__('Copy the command')}
        </button>
        <button className="jp-nbmlops-button" disabled={run.pinned !== null} onClick={onRemove}>
          {texts.__('Delete')}
        </button>
      </div>
      <Note note={run.note} onChange={onChange} />
      <Values title={texts.__('Metrics')} values={run.metrics} />
      <Values title={texts.__('Parameters')} values={run.params} />
      <Values title={texts.__('Models')} values={run.models} />
      {run.order && (
        <p className="jp-nbmlops-muted">
          {texts.__('order')}: {shortened(run.order.text, 300)}
        </p>
      )}
      {run.data && run.data.length > 0 && (
        <Section title={texts.__('Data')}>
          <table className="jp-nbmlops-values">
            <tbody>
              {run.data.slice(0, MOST).map(data => (
                <tr key={`${data.name} ${data.digest}`}>
                  <th scope="row">{shortened(data.name, 60)}</th>
                  <td>{data.role}</td>
                  <td>{data.shape?.join(' × ')}</td>
                  <td>
                    <code>{data.digest.slice(0, 10)}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Section>
      )}
      <Section title={texts.__('Code')}>
        {(run.executions ?? []).slice(0, MOST).map(execution => (
          <details key={execution.id} open={execution.gave_result}>
            <summary>
              <span className="jp-nbmlops-muted">
                [{execution.execution_count ?? execution.sequence}]{' '}
                {duration(execution.duration_seconds)}
              </span>{' '}
              <code>{shortened(execution.source.slice(0, 300).split('\n')[0] ?? '', 80)}</code>
            </summary>
            <pre className="jp-nbmlops-source" tabIndex={0}>
              {visible(execution.source.slice(0, MOST_SOURCE))}
            </pre>
            {execution.outputs
              .flatMap(output => output.contents)
              .filter(content => content.mime === 'text/plain' && content.text)
              .map((content, place) => (
                <pre key={place} className="jp-nbmlops-source" tabIndex={0}>
                  {visible((content.text ?? '').slice(0, MOST_SOURCE))}
                </pre>
              ))}
          </details>
        ))}
      </Section>
      {run.environment && (
        <Section title={texts.__('Environment')} isOpen={false}>
          <Values title="" values={run.environment.packages} />
        </Section>
      )}
    </article>
  );
}

function Values({
  title,
  values
}: {
  title: string;
  values: Readonly<Record<string, unknown>>;
}): JSX.Element | null {
  const pairs = Object.entries(values);
  if (!pairs.length) {
    return null;
  }
  const table = (
    <table className="jp-nbmlops-values">
      <tbody>
        {pairs.slice(0, MOST).map(([name, value]) => (
          <tr key={name}>
            <th scope="row" title={shortened(name, 500)}>
              {shortened(name, 60)}
            </th>
            <td title={shown(value, 500)}>{shown(value, 80)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
  return title ? <Section title={title}>{table}</Section> : table;
}

function Note({
  note,
  onChange
}: {
  note: string | null;
  onChange: (change: RunChange) => void;
}): JSX.Element {
  const texts = useTexts();
  return (
    <textarea
      key={note}
      className="jp-nbmlops-field"
      aria-label={texts.__('Note')}
      placeholder={texts.__('Write a note…')}
      rows={2}
      defaultValue={note ?? ''}
      onBlur={event =>
        event.target.value !== (note ?? '') && onChange({ note: event.target.value || null })
      }
    />
  );
}
