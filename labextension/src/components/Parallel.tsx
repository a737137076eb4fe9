/** Every run as a line across its parameters and metrics; each axis can keep some of them. */

import { useMemo } from 'react';
import type { Axis } from '../drawing/axes';
import { axisScale, keyOf } from '../drawing/axes';
import type { Shown } from '../drawing/colours';
import { colour, dash } from '../drawing/colours';
import type { ComparingModel } from '../models/comparing';
import { useObservedPart } from '../models/hooks';
import { useTexts } from '../translated';
import { down, HEIGHT, ParallelAxis } from './ParallelAxis';
import { useWidth } from './useWidth';

const MOST = 12;
const MARGIN = 60;

export interface ParallelProps {
  /** Knows what axes keep. */
  model: ComparingModel;
  axes: readonly Axis[];
  shown: readonly Shown[];
}

export function Parallel({ model, axes: all, shown }: ParallelProps): JSX.Element {
  const texts = useTexts();
  const [box, width] = useWidth();
  const ranges = useObservedPart(model.state, state => state.ranges);
  const axes = useMemo(
    () => all.slice(0, MOST).map(axis => ({ axis, scale: axisScale(axis) })),
    [all]
  );
  const across = (place: number) =>
    MARGIN + (place * (width - 2 * MARGIN)) / Math.max(1, axes.length - 1);
  const line = (run: number) =>
    axes
      .map(({ axis, scale }, place) => ({ x: across(place), y: down(scale, axis.values[run]!) }))
      .filter(point => Number.isFinite(point.y))
      .map(point => `${point.x.toFixed(1)},${point.y.toFixed(1)}`)
      .join(' ');
  const kept = shown.filter(run => run.isChosen).length;
  return (
    <div ref={box} className="jp-nbmlops-chart">
      <svg
        height={HEIGHT}
        role="group"
        aria-label={texts.__('parallel coordinates of %1 runs', shown.length)}
      >
        {shown.map(({ name, mark, isChosen }, run) => (
          <polyline
            key={run}
            points={line(run)}
            fill="none"
            stroke={colour(mark)}
            strokeDasharray={dash(mark).join(' ') || undefined}
            strokeWidth={isChosen ? 1.8 : 1}
            opacity={isChosen ? 0.9 : 0.12}
          >
            <title>{name}</title>
          </polyline>
        ))}
        {axes.map(({ axis, scale }, place) => (
          <ParallelAxis
            key={keyOf(axis)}
            axis={axis}
            scale={scale}
            x={across(place)}
            range={ranges.get(keyOf(axis))}
            onRange={range => model.keep(keyOf(axis), range)}
          />
        ))}
      </svg>
      <p className="jp-nbmlops-muted" role="status">
        {kept < shown.length
          ? texts.__('%1 of %2 runs kept', kept, shown.length)
          : texts.__('Drag along an axis, or use its arrow keys, to keep some runs.')}
      </p>
    </div>
  );
}
