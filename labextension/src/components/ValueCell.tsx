/** What one run has of a row; of a metric also how far it is from the baseline's, and whether better. */

import type { Better, Row } from '../records';
import { useTexts } from '../translated';
import { number, numeric, shown, signed } from '../words';

/** A row that may say which values are better. */
export type MeasuredRow = Row & { better?: Better | 'unknown' };

export interface ValueCellProps {
  row: MeasuredRow;
  place: number;
  /** How the value is written. */
  text: string;
  /** The place of the run it is compared with. */
  baseline: number;
  isMeasured: boolean;
}

export function ValueCell(props: ValueCellProps): JSX.Element {
  const { row, place, baseline, isMeasured } = props;
  const texts = useTexts();
  const value = row.values[place];
  const now = numeric(value);
  const before = numeric(row.values[baseline]);
  if (!isMeasured || place === baseline || now === null || before === null) {
    const changed = JSON.stringify(value) !== JSON.stringify(row.values[baseline]);
    return (
      <td className={changed && !isMeasured ? 'jp-mod-changed' : ''} title={shown(value, 500)}>
        {props.text}
      </td>
    );
  }
  const isSame = now === before || (Number.isNaN(now) && Number.isNaN(before));
  const difference = now - before;
  if (isSame || Number.isNaN(difference)) {
    return (
      <td title={isSame ? texts.__('the same') : texts.__('not comparable')}>
        {number(now)} <span className="jp-nbmlops-muted">{isSame ? '=' : '≠'}</span>
      </td>
    );
  }
  const isUp = difference > 0;
  const isKnown = row.better === 'higher' || row.better === 'lower';
  const isGood = isUp === (row.better === 'higher');
  const words = !isKnown ? texts.__('different') : isGood ? texts.__('better') : texts.__('worse');
  return (
    <td>
      <b>{number(now)}</b>{' '}
      <span
        className={!isKnown ? 'jp-nbmlops-muted' : isGood ? 'jp-nbmlops-good' : 'jp-nbmlops-bad'}
        title={words}
      >
        <span aria-hidden="true">{isUp ? '▲' : '▼'}</span> {signed(difference)}
        <span className="jp-nbmlops-unseen">{words}</span>
      </span>
    </td>
  );
}
