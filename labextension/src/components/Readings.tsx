/** What the curves come to where the pointer is. */

import { colour } from '../drawing/colours';
import type { Curve } from '../drawing/curves';
import { nearest } from '../drawing/curves';
import { number } from '../words';

const MOST = 12;

export interface ReadingsProps {
  curves: readonly Curve[];
  names: readonly string[];
  xTitle: string;
  x: number;
  /** Where the pointer is, and how wide the drawing, in pixels. */
  left: number;
  width: number;
}

export function Readings({ curves, names, xTitle, x, left, width }: ReadingsProps): JSX.Element {
  const found = curves
    .map((curve, place) => ({ curve, place, at: nearest(curve, x) }))
    .filter(({ curve }) => curve.x.length > 0)
    .slice(0, MOST);
  const [first] = found;
  const side = left > width / 2 ? { right: width - left + 8 } : { left: left + 8 };
  return (
    <div className="jp-nbmlops-chart-hint" role="status" style={{ top: 8, ...side }}>
      <div className="jp-nbmlops-muted">
        {xTitle} {number(first ? first.curve.x[first.at]! : x)}
      </div>
      {found.map(({ curve, place, at }) => (
        <div key={curve.run}>
          <span className="jp-nbmlops-key" style={{ background: colour(place) }} />
          {names[place]} <b>{number(curve.y[at]!)}</b>
        </div>
      ))}
    </div>
  );
}
