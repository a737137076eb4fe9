/** What a run executed, and what that showed as text. */

import type { RunPage } from '../records';
import { useTexts } from '../translated';
import { duration, shortened, visible } from '../words';
import { Section } from './Section';

const MOST = 300;
const MOST_SOURCE = 20_000; // characters

type Executed = NonNullable<RunPage['executions']>[number];

export interface RunCodeProps {
  executions: readonly Executed[];
  order: RunPage['order'];
  isRunning: boolean;
}

export function RunCode({ executions, order, isRunning }: RunCodeProps): JSX.Element {
  const texts = useTexts();
  return (
    <Section title={texts.__('Code')}>
      {order && (
        <p className={order.reproducible ? 'jp-nbmlops-muted' : 'jp-nbmlops-warn'}>
          {texts.__('order')}: {shortened(order.text, 300)}
        </p>
      )}
      {executions.length === 0 && (
        <p className="jp-nbmlops-muted">
          {isRunning
            ? texts.__('The cell that gives the results still runs: its code comes with its end.')
            : texts.__('No cell was recorded.')}
        </p>
      )}
      {executions.slice(0, MOST).map(execution => (
        <Cell key={execution.id} execution={execution} />
      ))}
      {executions.length > MOST && (
        <p className="jp-nbmlops-muted">{texts.__('and %1 more', executions.length - MOST)}</p>
      )}
    </Section>
  );
}

function Cell({ execution }: { execution: Executed }): JSX.Element {
  const shown = execution.outputs
    .flatMap(output => output.contents)
    .filter(content => content.mime === 'text/plain' && content.text);
  return (
    <details open={execution.gave_result}>
      <summary>
        <span className="jp-nbmlops-muted">
          [{execution.execution_count ?? execution.sequence}] {duration(execution.duration_seconds)}
        </span>{' '}
        <code>{shortened(execution.source.slice(0, 300).split('\n')[0] ?? '', 80)}</code>
      </summary>
      {[execution.source, ...shown.map(content => content.text ?? '')].map((text, place) => (
        <pre key={place} className="jp-nbmlops-source" tabIndex={0}>
          {visible(text.slice(0, MOST_SOURCE))}
        </pre>
      ))}
    </details>
  );
}
