/** The quantities that runs can be drawn by: parameters and metrics, texts as places in a list. */

import type { Comparison, Row } from '../records';
import type { Scale } from './scales';
import { scaleOf } from './scales';
import { numeric, shown } from '../words';

export interface Axis {
  name: string;
  kind: 'param' | 'metric';
  /** One number for each run; NaN where a run has none. */
  values: readonly number[];
  /** What stands at whole numbers, where the values are no numbers. */
  words: readonly string[] | null;
}

export function axesOf(comparison: Comparison): Axis[] {
  const params = comparison.params.filter(row => row.differs).map(row => axis('param', row));
  const metrics = comparison.metrics.filter(row => row.differs).map(row => axis('metric', row));
  // Nothing has a place on an axis of infinities.
  return [...params, ...metrics].filter(({ values }) => values.some(Number.isFinite));
}

/** The least and the greatest value that an axis keeps. */
export type Range = readonly [number, number];

/** What axes keep, by their keys; those that are not there keep all. */
export type Ranges = ReadonlyMap<string, Range>;

/** Whether all axes keep a run. */
export function isWithin(axes: readonly Axis[], ranges: Ranges, run: number): boolean {
  return axes.every(axis => {
    const range = ranges.get(keyOf(axis));
    const value = axis.values[run]!;
    return !range || (value >= range[0] && value <= range[1]);
  });
}

const WIDE = 1000; // from the least to the greatest: three orders of magnitude

/** The scale of an axis: logarithmic where its values are of very different size. */
export function axisScale({ values, words }: Axis): Scale {
  const known = values.filter(Number.isFinite);
  const least = Math.min(...known);
  const isWide = words === null && least > 0 && Math.max(...known) / least >= WIDE;
  return scaleOf(values, isWide);
}

/** Whether nothing lies between whole numbers, which may stand for words. */
export function isWhole({ values }: Axis): boolean {
  return values.every(value => !Number.isFinite(value) || Number.isInteger(value));
}

/** What an axis is known by: a parameter may be called as a metric is. */
export function keyOf({ kind, name }: Pick<Axis, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}

function axis(kind: Axis['kind'], { name, values }: Row): Axis {
  const given = values.filter(value => value !== null);
  if (given.every(value => numeric(value) !== null)) {
    return { name, kind, values: values.map(value => numeric(value) ?? NaN), words: null };
  }
  const words = [...new Set(given.map(value => shown(value, 16)))];
  return {
    name,
    kind,
    values: values.map(value => (value === null ? NaN : words.indexOf(shown(value, 16)))),
    words
  };
}
