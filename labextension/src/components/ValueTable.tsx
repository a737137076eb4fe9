/** One row for each name, one column for each run: what differs, or everything. */

import { useState } from 'react';
import type { Shown } from '../drawing/colours';
import { toldApart } from '../models/told_apart';
import { useTexts } from '../translated';
import { shortened } from '../words';
import { LongList } from './LongList';
import { Swatch } from './Swatch';
import type { MeasuredRow } from './ValueCell';
import { ValueCell } from './ValueCell';

export interface ValueTableProps {
  rows: readonly MeasuredRow[];
  shown: readonly Shown[];
  /** Where the run is that the others are compared with. */
  baseline?: number;
  /** Show all rows from the start, not only those that differ. */
  isWhole?: boolean;
  /** Show differences to the baseline. */
  isMeasured?: boolean;
}

export function ValueTable({
  rows,
  shown,
  baseline = 0,
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
        <LongList items={chosen} nameOf={row => row.name}>
          {few => (
            <div className="jp-nbmlops-overflow" tabIndex={0} role="group">
              <table className="jp-nbmlops-values">
                <thead>
                  <tr>
                    <th scope="col">{texts.__('name')}</th>
                    {shown.map(({ name, mark }, place) => (
                      <th key={place} scope="col">
                        <Swatch mark={mark} />
                        {name}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {few.map(row => (
                    <tr key={row.name}>
                      <th scope="row" title={shortened(row.name, 500)}>
                        {shortened(row.name, 40)}
                      </th>
                      {toldApart(row.values).map((text, place) => (
                        <ValueCell
                          key={place}
                          row={row}
                          text={text}
                          baseline={baseline}
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
        </LongList>
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
