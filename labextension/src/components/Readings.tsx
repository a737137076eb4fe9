/** What the curves come to where the pointer is. */

import type { Shown } from '../drawing/colours';
import type { Curve } from '../drawing/curves';
import { nearest } from '../drawing/curves';
import { number } from '../words';
import { Swatch } from './Swatch';

const MOST = 12;

export interface ReadingsProps {
  curves: readonly Curve[];
  shown: readonly Shown[];
  xTitle: string;
  x: number;
  /** Where the pointer is, how far down to begin, and how wide the drawing is; in pixels. */
  left: number;
  top: number;
  width: number;
}

export function Readings(props: ReadingsProps): JSX.Element {
  const { curves, shown, xTitle, x, left, top, width } = props;
  const found = curves
    .map((curve, place) => ({ curve, place, at: nearest(curve, x) }))
    .filter(({ curve, place }) => curve.x.length > 0 && shown[place]?.isChosen)
    .slice(0, MOST);
  const [first] = found;
  const side = left > width / 2 ? { right: width - left + 8 } : { left: left + 8 };
  return (
    <div className="jp-nbmlops-chart-hint" role="status" style={{ top, ...side }}>
      <div className="jp-nbmlops-muted">
        {xTitle} {number(first ? first.curve.x[first.at]! : x)}
      </div>
      {found.map(({ curve, place, at }) => (
        <div key={curve.run}>
          <Swatch mark={shown[place]!.mark} />
          {shown[place]!.name} <b>{number(curve.y[at]!)}</b>
        </div>
      ))}
    </div>
  );
}
