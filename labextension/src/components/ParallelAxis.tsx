/** One axis of the parallel coordinates; dragging along it or its keys keep some of the runs. */

import type { KeyboardEvent, PointerEvent } from 'react';
import { useState } from 'react';
import type { Axis, Range } from '../drawing/axes';
import { isWhole } from '../drawing/axes';
import type { Scale } from '../drawing/scales';
import { placed, valueAt } from '../drawing/scales';
import { useTexts } from '../translated';
import { number, shortened } from '../words';

export const HEIGHT = 232;
const TOP = 36; // below the name and the greatest value, which no line crosses
const BOTTOM = 18;
const STEP = 0.05; // of the axis, for each key

export interface ParallelAxisProps {
  axis: Axis;
  scale: Scale;
  x: number;
  /** Undefined where all values are kept. */
  range: Range | undefined;
  onRange: (range: Range | undefined) => void;
}

/** How far down a value stands. */
export function down(scale: Scale, value: number): number {
  return TOP + (1 - placed(scale, value)) * (HEIGHT - TOP - BOTTOM);
}

export function ParallelAxis({ axis, scale, x, range, onRange }: ParallelAxisProps): JSX.Element {
  const texts = useTexts();
  const [start, setStart] = useState<number | null>(null);
  const single = only(axis.values);
  const word = (value: number) =>
    axis.words ? (axis.words[Math.round(value)] ?? '') : number(value);
  const valueOf = (event: PointerEvent) => {
    const top = event.currentTarget.closest('svg')?.getBoundingClientRect().top ?? 0;
    return valueAt(scale, 1 - (event.clientY - top - TOP) / (HEIGHT - TOP - BOTTOM));
  };
  const keyed = (event: KeyboardEvent) => {
    const next = rangeAfter(event, scale, range ?? [scale.least, scale.most], isWhole(axis));
    if (next !== null) {
      event.preventDefault();
      event.stopPropagation();
      onRange(next[0] <= scale.least && next[1] >= scale.most ? undefined : next);
    }
  };
  const [least, most] = range ?? [scale.least, scale.most];
  return (
    <g>
      <line x1={x} x2={x} y1={TOP} y2={HEIGHT - BOTTOM} stroke="currentColor" opacity={0.5} />
      <text x={x} y={12} textAnchor="middle" className="jp-mod-title">
        {shortened(axis.name, 16)}
        {scale.isLog && <tspan className="jp-mod-muted"> {texts.__('log')}</tspan>}
      </text>
      {scale.isLog && <title>{texts.__('a logarithmic axis')}</title>}
      <text x={x} y={HEIGHT - 4} textAnchor="middle">
        {word(single ?? scale.least)}
      </text>
      {single === null && (
        <text x={x} y={TOP - 8} textAnchor="middle">
          {word(scale.most)}
        </text>
      )}
      {range && (
        <rect
          x={x - 6}
          width={12}
          fill="currentColor"
          opacity={0.25}
          y={down(scale, most)}
          height={Math.max(2, down(scale, least) - down(scale, most))}
        />
      )}
      <rect
        className="jp-nbmlops-axis"
        role="slider"
        tabIndex={0}
        aria-orientation="vertical"
        aria-label={texts.__('keep by %1', shortened(axis.name, 40))}
        aria-valuemin={scale.least}
        aria-valuemax={scale.most}
        aria-valuenow={most}
        aria-valuetext={texts.__('from %1 to %2', word(least), word(most))}
        x={x - 12}
        y={TOP}
        width={24}
        height={HEIGHT - TOP - BOTTOM}
        fill="transparent"
        onPointerDown={event => {
          event.currentTarget.setPointerCapture?.(event.pointerId);
          setStart(valueOf(event));
        }}
        onPointerMove={event => start !== null && onRange(ordered(start, valueOf(event)))}
        onPointerUp={() => setStart(null)}
        onDoubleClick={() => onRange(undefined)}
        onKeyDown={keyed}
      />
    </g>
  );
}

/** The one value there is on an axis; null where there are several. */
function only(values: readonly number[]): number | null {
  const found = new Set(values.filter(Number.isFinite));
  return found.size === 1 ? [...found][0]! : null;
}

function ordered(one: number, other: number): Range {
  return one < other ? [one, other] : [other, one];
}

/** What a key makes of the range: arrows move its upper end, with Shift its lower. */
function rangeAfter(
  event: KeyboardEvent,
  scale: Scale,
  range: Range,
  isOfWholes: boolean
): Range | null {
  if (event.key === 'Escape') {
    return [scale.least, scale.most];
  }
  const direction = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
  if (direction === 0) {
    return null;
  }
  const one = isOfWholes && !scale.isLog ? 1 / (scale.most - scale.least) : 0;
  const step = direction * Math.max(STEP, one);
  const moved = (value: number) => {
    const found = valueAt(scale, Math.min(1, Math.max(0, placed(scale, value) + step)));
    return one ? Math.round(found) : found;
  };
  const [least, most] = range;
  return event.shiftKey
    ? [Math.min(moved(least), most), most]
    : [least, Math.max(moved(most), least)];
}
