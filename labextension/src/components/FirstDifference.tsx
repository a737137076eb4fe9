/** The first thing that came out differently, and why: all that came before it was the same. */

import type { Replay, Replayed } from '../records';
import { useTexts } from '../translated';
import { shortened } from '../words';
import { firstLine } from './first_line';

const PLAIN = 'another value'; // which two values say better

export interface FirstDifferenceProps {
  first: NonNullable<Replay['first_difference']>;
  executions: readonly Replayed[];
}

export function FirstDifference({ first, executions }: FirstDifferenceProps): JSX.Element {
  const texts = useTexts();
  const cell = executions.find(one => one.sequence === first.sequence);
  const values = [first.before, first.after].filter(Boolean).map(text => shortened(text, 120));
  return (
    <section className="jp-nbmlops-card jp-mod-flush" aria-label={texts.__('First difference')}>
      <div>
        <b>{texts.__('First difference')}</b>{' '}
        <span className="jp-nbmlops-muted">[{first.execution_count ?? first.sequence}]</span>{' '}
        <code>{shortened(firstLine(cell?.source ?? ''), 80)}</code>
      </div>
      <div>
        <code>{shortened(first.name)}</code> <b>{values.join(' → ')}</b>{' '}
        {(first.words !== PLAIN || !values.length) && (
          <span className="jp-nbmlops-muted">{shortened(first.words, 300)}</span>
        )}
      </div>
      <div>
        <span className="jp-nbmlops-badge jp-nbmlops-warn">{first.cause.kind}</span>{' '}
        {shortened(first.cause.why, 400)}
      </div>
      {first.others.map(other => (
        <div key={`${other.kind} ${other.why}`} className="jp-nbmlops-muted">
          {texts.__('or')} <span className="jp-nbmlops-badge">{other.kind}</span>{' '}
          {shortened(other.why, 300)}
        </div>
      ))}
    </section>
  );
}
