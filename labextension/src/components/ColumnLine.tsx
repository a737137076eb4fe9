/** A column that is not as in the baseline: its types, both distributions, how far they are apart. */

import type { DataChange } from '../records';
import { useTexts } from '../translated';
import { number, numeric, shortened } from '../words';
import { SideBySide } from './SideBySide';

type Column = DataChange['columns'][number];

export function ColumnLine({ column }: { column: Column }): JSX.Element {
  const { type_before: before, type_after: after, distributions } = column;
  return (
    <tr>
      <th scope="row">{shortened(column.name ?? '', 40)}</th>
      <td>{before === after ? after : `${before ?? '–'} → ${after ?? '–'}`}</td>
      <td>
        {distributions && <SideBySide distributions={distributions} label={column.name ?? ''} />}
        <Distance distances={column.distances} />
      </td>
      <td>{shortened(column.words.join(' · '), 160)}</td>
    </tr>
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
