/** Every run as a line across its parameters and metrics; each axis can keep some of them. */

import { useMemo, useState } from 'react';
import { colour } from '../drawing/colours';
import { scaleOf } from '../drawing/scales';
import { useTexts } from '../translated';
import type { Axis } from './axes';
import type { Range } from './ParallelAxis';
import { down, HEIGHT, ParallelAxis } from './ParallelAxis';
import { useWidth } from './useWidth';

const MOST = 12;
const MARGIN = 60;

export interface ParallelProps {
  axes: readonly Axis[];
  names: readonly string[];
}

export function Parallel({ axes: all, names }: ParallelProps): JSX.Element {
  const texts = useTexts();
  const [box, width] = useWidth();
  const [ranges, setRanges] = useState<Readonly<Record<string, Range | undefined>>>({});
  const axes = useMemo(
    () => all.slice(0, MOST).map(axis => ({ axis, scale: scaleOf(axis.values) })),
    [all]
  );
  const across = (place: number) =>
    MARGIN + (place * (width - 2 * MARGIN)) / Math.max(1, axes.length - 1);
  const isKept = (run: number) =>
    axes.every(({ axis }) => {
      const range = ranges[axis.name];
      return !range || (axis.values[run]! >= range[0] && axis.values[run]! <= range[1]);
    });
  const line = (run: number) =>
    axes
      .map(({ axis, scale }, place) => ({ x: across(place), y: down(scale, axis.values[run]!) }))
      .filter(point => Number.isFinite(point.y))
      .map(point => `${point.x.toFixed(1)},${point.y.toFixed(1)}`)
      .join(' ');
  const kept = names.map((_, run) => isKept(run));
  return (
    <div ref={box} className="jp-nbmlops-chart">
      <svg
        height={HEIGHT}
        role="group"
        aria-label={texts.__('parallel coordinates of %1 runs', names.length)}
      >
        {names.map((name, run) => (
          <polyline
            key={run}
            points={line(run)}
            fill="none"
            stroke={colour(run)}
            strokeWidth={kept[run] ? 1.8 : 1}
            opacity={kept[run] ? 0.9 : 0.12}
          >
            <title>{name}</title>
          </polyline>
        ))}
        {axes.map(({ axis, scale }, place) => (
          <ParallelAxis
            key={axis.name}
            axis={axis}
            scale={scale}
            x={across(place)}
            range={ranges[axis.name]}
            onRange={range => setRanges(old => ({ ...old, [axis.name]: range }))}
          />
        ))}
      </svg>
      <p className="jp-nbmlops-muted" role="status">
        {kept.includes(false)
          ? texts.__('%1 of %2 runs kept', kept.filter(Boolean).length, names.length)
          : texts.__('Drag along an axis, or use its arrow keys, to keep some runs.')}
      </p>
    </div>
  );
}
