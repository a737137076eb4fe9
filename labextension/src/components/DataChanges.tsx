/** Which data is not as in the baseline: in words, and how each column moved. */

import type { DataChange } from '../records';
import { useTexts } from '../translated';
import { shortened } from '../words';
import { ColumnLine } from './ColumnLine';

const MOST = 40;

export interface DataChangesProps {
  changes: readonly DataChange[];
  nameOf: (run: string) => string;
  isSingle: boolean;
}

export function DataChanges({ changes, nameOf, isSingle }: DataChangesProps): JSX.Element {
  const texts = useTexts();
  if (!changes.length) {
    return <p className="jp-nbmlops-muted">{texts.__('the same')}</p>;
  }
  return (
    <>
      {changes.slice(0, MOST).map(change => (
        <details key={`${change.run} ${change.name}`} className="jp-nbmlops-data">
          <summary>
            {!isSingle && <span className="jp-nbmlops-muted">{nameOf(change.run)}: </span>}
            {shortened(change.headline, 160)}
            {change.role === 'derived' && (
              <span className="jp-nbmlops-muted"> · {texts.__('derived')}</span>
            )}
          </summary>
          <ul>
            {change.words.map(words => (
              <li key={words}>{shortened(words, 300)}</li>
            ))}
          </ul>
          <table className="jp-nbmlops-values">
            <tbody>
              {change.columns.slice(0, MOST).map(column => (
                <ColumnLine key={`${column.name}`} column={column} />
              ))}
            </tbody>
          </table>
          {change.columns.length > MOST && (
            <p className="jp-nbmlops-muted">
              {texts.__('and %1 more', change.columns.length - MOST)}
            </p>
          )}
        </details>
      ))}
    </>
  );
}
