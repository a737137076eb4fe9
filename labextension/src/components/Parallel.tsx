/** Every run as a line across its parameters and metrics; dragging on an axis keeps some. */

import type { PointerEvent } from 'react';
import { useMemo, useState } from 'react';
import { colour } from '../drawing/colours';
import { placed, scaleOf, valueAt } from '../drawing/scales';
import { useTexts } from '../translated';
import { number, shortened } from '../words';
import type { Axis } from './axes';
import { useWidth } from './useWidth';

const HEIGHT = 220;
const TOP = 24;
const BOTTOM = 18;
const MOST = 12;

export interface ParallelProps {
  axes: readonly Axis[];
  names: readonly string[];
}

type Brushes = Record<string, [number, number]>;

export function Parallel({ axes: all, names }: ParallelProps): JSX.Element {
  const texts = useTexts();
  const axes = all.slice(0, MOST);
  const [box, width] = useWidth();
  const [brushes, setBrushes] = useState<Brushes>({});
  const [start, setStart] = useState<{ axis: string; value: number } | null>(null);
  const scales = useMemo(() => all.slice(0, MOST).map(axis => scaleOf(axis.values)), [all]);
  const across = (place: number) => 60 + (place * (width - 120)) / Math.max(1, axes.length - 1);
  const down = (place: number, value: number) =>
    TOP + (1 - placed(scales[place]!, value)) * (HEIGHT - TOP - BOTTOM);
  const valueOf = (event: PointerEvent, place: number) => {
    const top =
      event.currentTarget.ownerDocument === null
        ? 0
        : (event.currentTarget.closest('svg')?.getBoundingClientRect().top ?? 0);
    return valueAt(scales[place]!, 1 - (event.clientY - top - TOP) / (HEIGHT - TOP - BOTTOM));
  };
  const brush = (axis: string, from: number, to: number) =>
    setBrushes(old => ({ ...old, [axis]: [Math.min(from, to), Math.max(from, to)] }));
  const keepAll = (axis: string) =>
    setBrushes(old => Object.fromEntries(Object.entries(old).filter(([name]) => name !== axis)));
  const isIn = (run: number) =>
    axes.every(axis => {
      const range = brushes[axis.name];
      return !range || (axis.values[run]! >= range[0] && axis.values[run]! <= range[1]);
    });
  const line = (run: number) =>
    axes
      .map((axis, place) => ({ x: across(place), y: down(place, axis.values[run]!) }))
      .filter(point => Number.isFinite(point.y))
      .map(point => `${point.x.toFixed(1)},${point.y.toFixed(1)}`)
      .join(' ');
  return (
    <div ref={box} className="jp-nbmlops-chart">
      <svg
        height={HEIGHT}
        role="img"
        aria-label={texts.__('parallel coordinates of %1 runs', names.length)}
      >
        {names.map((name, run) => (
          <polyline
            key={run}
            points={line(run)}
            fill="none"
            stroke={colour(run)}
            strokeWidth={isIn(run) ? 1.8 : 1}
            opacity={isIn(run) ? 0.9 : 0.12}
          >
            <title>{name}</title>
          </polyline>
        ))}
        {axes.map((axis, place) => (
          <g key={axis.name}>
            <line
              x1={across(place)}
              x2={across(place)}
              y1={TOP}
              y2={HEIGHT - BOTTOM}
              stroke="currentColor"
              opacity={0.5}
            />
            <text x={across(place)} y={12} textAnchor="middle">
              {shortened(axis.name, 16)}
            </text>
            <Ends
              axis={axis}
              x={across(place)}
              least={scales[place]!.least}
              most={scales[place]!.most}
            />
            {brushes[axis.name] && (
              <rect
                x={across(place) - 6}
                width={12}
                fill="currentColor"
                opacity={0.25}
                y={down(place, brushes[axis.name]![1])}
                height={Math.max(
                  2,
                  down(place, brushes[axis.name]![0]) - down(place, brushes[axis.name]![1])
                )}
              />
            )}
            <rect
              x={across(place) - 12}
              y={TOP}
              width={24}
              height={HEIGHT - TOP - BOTTOM}
              fill="transparent"
              style={{ cursor: 'ns-resize' }}
              onPointerDown={event => {
                event.currentTarget.setPointerCapture?.(event.pointerId);
                setStart({ axis: axis.name, value: valueOf(event, place) });
              }}
              onPointerMove={event =>
                start?.axis === axis.name && brush(axis.name, start.value, valueOf(event, place))
              }
              onPointerUp={() => setStart(null)}
              onDoubleClick={() => keepAll(axis.name)}
            />
          </g>
        ))}
      </svg>
      <p className="jp-nbmlops-muted">
        {texts.__('Drag along an axis to keep some runs; double click to keep all.')}
      </p>
    </div>
  );
}

interface EndsProps {
  axis: Axis;
  x: number;
  least: number;
  most: number;
}

function Ends({ axis, x, least, most }: EndsProps): JSX.Element {
  const word = (value: number) =>
    axis.words ? (axis.words[Math.round(value)] ?? '') : number(value);
  return (
    <>
      <text x={x} y={HEIGHT - 4} textAnchor="middle">
        {word(least)}
      </text>
      <text x={x + 6} y={TOP + 4}>
        {word(most)}
      </text>
    </>
  );
}
