/** One cell of a replay: its verdict, how long it took then and now, and what was compared. */

import type { Replayed } from '../records';
import { useTexts } from '../translated';
import { duration, shortened, visible } from '../words';
import { firstLine } from './first_line';
import { VerdictBadge } from './VerdictBadge';

const MOST = 100; // names
const MOST_SOURCE = 20_000; // characters

export interface ReplayedCellProps {
  replayed: Replayed;
  /** Whether the first difference is in it. */
  isFirst: boolean;
}

export function ReplayedCell({ replayed, isFirst }: ReplayedCellProps): JSX.Element {
  const texts = useTexts();
  const { compared, source } = replayed;
  const took = [replayed.recorded_seconds, replayed.duration_seconds].map(duration);
  return (
    <li>
      <details open={isFirst}>
        <summary className="jp-nbmlops-cell-line">
          <span className="jp-nbmlops-muted">
            [{replayed.execution_count ?? replayed.sequence}]
          </span>
          <code>{shortened(firstLine(source), 80)}</code>
          {replayed.verdict ? (
            <VerdictBadge verdict={replayed.verdict} />
          ) : (
            <span className="jp-nbmlops-muted">{texts.__('nothing to compare')}</span>
          )}
          <span className="jp-nbmlops-aside">{took.filter(Boolean).join(' → ')}</span>
        </summary>
        <pre className="jp-nbmlops-source" tabIndex={0}>
          {visible(source.slice(0, MOST_SOURCE))}
        </pre>
        <ul className="jp-nbmlops-compared-names">
          {compared.slice(0, MOST).map(one => (
            <li key={one.name} className={one.is_needed ? '' : 'jp-nbmlops-muted'}>
              <VerdictBadge verdict={one.verdict} /> <code>{shortened(one.name)}</code>{' '}
              {shortened(one.words, 200)}
              {!one.is_needed && ` · ${texts.__('nothing needs it')}`}
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}
