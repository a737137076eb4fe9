/** Two distributions as bars: the baseline's to the left in each place, this run's to the right. */

import type { Distributions } from '../records';
import { useTexts } from '../translated';
import { numeric, number, percent, shortened } from '../words';

const WIDTH = 240;
const HEIGHT = 44;
const GAP = 0.15; // of a place, between the pairs

export interface SideBySideProps {
  distributions: Distributions;
  label: string;
}

export function SideBySide({ distributions, label }: SideBySideProps): JSX.Element {
  const texts = useTexts();
  const { before, after, ends } = distributions;
  const most = Math.max(...before, ...after, Number.MIN_VALUE);
  const place = WIDTH / Math.max(1, before.length);
  const bar = (share: number, index: number, side: 0 | 1) => (
    <rect
      className={side === 0 ? 'jp-mod-before' : 'jp-mod-after'}
      x={place * (index + GAP / 2 + (side * (1 - GAP)) / 2)}
      y={HEIGHT - (share / most) * HEIGHT}
      width={(place * (1 - GAP)) / 2}
      height={(share / most) * HEIGHT}
    />
  );
  return (
    <figure className="jp-nbmlops-distributions">
      <svg
        width={WIDTH}
        height={HEIGHT}
        role="img"
        aria-label={texts.__('%1: before and after', shortened(label))}
      >
        {before.map((share, index) => (
          <g key={index}>
            <title>
              {`${where(distributions, index, texts.__('all others'))}: ${percent(share)} → ${percent(after[index] ?? 0)}`}
            </title>
            {bar(share, index, 0)}
            {bar(after[index] ?? 0, index, 1)}
          </g>
        ))}
      </svg>
      <figcaption className="jp-nbmlops-muted">
        {ends.length > 0 ? (
          <>
            <span>{shortened(ends[0] ?? '', 20)}</span>
            <span>{shortened(ends[1] ?? '', 20)}</span>
          </>
        ) : (
          <span>{texts.__('the most frequent values, then all others')}</span>
        )}
      </figcaption>
    </figure>
  );
}

/** Which interval or category a pair of bars stands for; values of categories are not kept. */
function where({ edges, before }: Distributions, index: number, others: string): string {
  if (edges.length === 0) {
    return index === before.length - 1 ? others : `#${index + 1}`;
  }
  const [from, to] = [edges[index], edges[index + 1]].map(edge => number(numeric(edge) ?? NaN));
  return `${from} … ${to}`;
}
