/** A curve as small as a word. */

import { numeric } from '../words';

const WIDTH = 48;
const HEIGHT = 16;

export function Sparkline({
  values,
  label
}: {
  values: readonly unknown[];
  label: string;
}): JSX.Element | null {
  const found = values
    .map(numeric)
    .filter((value): value is number => value !== null && Number.isFinite(value));
  if (found.length < 2) {
    return null;
  }
  const [least, most] = [Math.min(...found), Math.max(...found)];
  const points = found.map((value, place) => {
    const x = 1 + (place / (found.length - 1)) * (WIDTH - 2);
    const y = 2 + (1 - (value - least) / (most - least || 1)) * (HEIGHT - 4);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <svg
      className="jp-nbmlops-sparkline"
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={label}
    >
      <polyline points={points.join(' ')} />
    </svg>
  );
}
