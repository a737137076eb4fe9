/** One row for each name, one column for each run: what differs, or everything. */

import { useState } from 'react';
import { useTexts } from '../translated';
import { shortened } from '../words';
import type { MeasuredRow } from './ValueCell';
import { ValueCell } from './ValueCell';

const MOST = 200; // rows drawn at once; 5,000 parameters would stop the page

export interface ValueTableProps {
  rows: readonly MeasuredRow[];
  names: readonly string[];
  /** Show all rows from the start, not only those that differ. */
  isWhole?: boolean;
  /** Show differences to the first run. */
  isMeasured?: boolean;
}

export function ValueTable({
  rows,
  names,
  isWhole = false,
  isMeasured = false
}: ValueTableProps): JSX.Element {
  const texts = useTexts();
  const [isAll, setAll] = useState(isWhole);
  const differing = rows.filter(row => row.differs);
  const chosen = isAll ? rows : differing;
  const same = rows.length - differing.length;
  return (
    <>
      {chosen.length > 0 && (
        <div className="jp-nbmlops-overflow" tabIndex={0} role="group">
          <table className="jp-nbmlops-values">
            <thead>
              <tr>
                <th scope="col">{texts.__('name')}</th>
                {names.map((name, place) => (
                  <th key={place} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {chosen.slice(0, MOST).map(row => (
                <tr key={row.name}>
                  <th scope="row" title={shortened(row.name, 500)}>
                    {shortened(row.name, 40)}
                  </th>
                  {row.values.map((value, place) => (
                    <ValueCell
                      key={place}
                      row={row}
                      value={value}
                      place={place}
                      isMeasured={isMeasured}
                    />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {chosen.length > MOST && (
        <p className="jp-nbmlops-muted">{texts.__('and %1 more', chosen.length - MOST)}</p>
      )}
      {same > 0 && !isWhole && (
        <p>
          <button className="jp-nbmlops-link jp-mod-words" onClick={() => setAll(!isAll)}>
            {isAll
              ? texts.__('only what differs')
              : texts._n('%1 is the same', '%1 are the same', same)}
          </button>
        </p>
      )}
    </>
  );
}
