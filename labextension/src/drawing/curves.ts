/** Measurements as curves: by step or time, smoothed, with gaps where there is no number. */

import type { Series } from '../records';
import { numeric } from '../words';

// Parts of a curve, of which the least and the greatest value are drawn: what many curves beside
// each other have to share is more than a screen shows of each.
const MOST_PARTS = 500;
const LEAST_PARTS = 120;
const PARTS_OF_ALL = 8_000;

/** Return how many parts of a curve are asked for where so many runs are drawn. */
export function partsOf(runs: number): number {
  return Math.max(LEAST_PARTS, Math.min(MOST_PARTS, Math.floor(PARTS_OF_ALL / Math.max(runs, 1))));
}

export interface Curve {
  run: string;
  x: Float64Array;
  y: Float64Array;
}

export interface CurveOptions {
  by: 'step' | 'time';
  /** The share of the smoothed value before that goes into the next; 0 leaves all as it was. */
  smoothing: number;
}

export function curveOf(series: Series, { by, smoothing }: CurveOptions): Curve {
  const first = series.times[0] ?? 0;
  const x =
    by === 'step'
      ? Float64Array.from(series.steps)
      : Float64Array.from(series.times, time => time - first);
  const y = Float64Array.from(series.values, value => numeric(value) ?? NaN);
  return { run: series.run, x, y: smoothed(y, smoothing) };
}

/** A unit of time in which a span is told in few digits. */
export interface TimeUnit {
  name: string;
  seconds: number;
}

const UNITS: readonly TimeUnit[] = [
  { name: 'd', seconds: 86_400 },
  { name: 'h', seconds: 3_600 },
  { name: 'min', seconds: 60 },
  { name: 's', seconds: 1 },
  { name: 'ms', seconds: 0.001 }
];

/** The largest unit of which a span has two, or the smallest there is. */
export function timeUnit(span: number): TimeUnit {
  return UNITS.find(({ seconds }) => span >= 2 * seconds) ?? UNITS[UNITS.length - 1]!;
}

export function inUnit(curve: Curve, unit: TimeUnit): Curve {
  return { ...curve, x: curve.x.map(seconds => seconds / unit.seconds) };
}

/** An exponential moving average without bias at the start; what is no number stays a gap. */
export function smoothed(values: Float64Array, weight: number): Float64Array {
  if (weight === 0) {
    return values;
  }
  let [sum, total] = [0, 0];
  return values.map(value => {
    if (!Number.isFinite(value)) {
      return value;
    }
    sum = sum * weight + value * (1 - weight);
    total = total * weight + (1 - weight);
    return sum / total;
  });
}

/** The place of the measurement nearest to `x`, by halving: x never falls. */
export function nearest(curve: Curve, x: number): number {
  let [low, high] = [0, curve.x.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (curve.x[middle]! < x) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return Math.abs(curve.x[low]! - x) <= Math.abs(curve.x[high]! - x) ? low : high;
}
