/** Which data is not as in the baseline: in words, and how far each column moved. */

import type { DataChange } from '../records';
import { useTexts } from '../translated';
import { number, numeric, shortened } from '../words';

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
                <tr key={`${column.name}`}>
                  <th scope="row">{shortened(column.name ?? '', 40)}</th>
                  <td>
                    {column.type_before === column.type_after
                      ? column.type_after
                      : `${column.type_before ?? '–'} → ${column.type_after ?? '–'}`}
                  </td>
                  <td>
                    <Distance distances={column.distances} />
                  </td>
                  <td>{shortened(column.words.join(' · '), 160)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      ))}
    </>
  );
}

/** How far two distributions are apart, from 0 to 1, after Kolmogorov and Smirnov. */
function Distance({ distances }: { distances: object | null }): JSX.Element | null {
  const texts = useTexts();
  const found = (distances as Record<string, { value?: unknown } | null> | null)?.[
    'kolmogorov_smirnov'
  ];
  const value = numeric(found?.value);
  if (value === null) {
    return null;
  }
  return (
    <span title={texts.__('distance of the distributions: 0 is the same, 1 no overlap')}>
      <meter min={0} max={1} low={0.1} high={0.3} optimum={0} value={value} /> KS {number(value)}
    </span>
  );
}
