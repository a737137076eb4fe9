/** A run's line and point in small, as they are in every drawing. */

import { colour, dash, shape } from '../drawing/colours';

const WIDTH = 22;
const HEIGHT = 10;
const SIZE = 3; // of the point

export function Swatch({ mark }: { mark: number }): JSX.Element {
  return (
    <svg className="jp-nbmlops-swatch" width={WIDTH} height={HEIGHT} aria-hidden="true">
      <line
        x1={0}
        x2={WIDTH}
        y1={HEIGHT / 2}
        y2={HEIGHT / 2}
        stroke={colour(mark)}
        strokeWidth={2}
        strokeDasharray={dash(mark).join(' ') || undefined}
      />
      <path
        d={shape(mark)}
        fill={colour(mark)}
        transform={`translate(${WIDTH / 2} ${HEIGHT / 2}) scale(${SIZE})`}
      />
    </svg>
  );
}
