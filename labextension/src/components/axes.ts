/** The quantities that runs can be drawn by: parameters and metrics, texts as places in a list. */

import type { Comparison } from '../records';
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
  const params = comparison.params
    .filter(row => row.differs)
    .map(row => axis(row.name, 'param', row.values));
  const metrics = comparison.metrics
    .filter(row => row.differs)
    .map(row => axis(row.name, 'metric', row.values));
  return [...params, ...metrics];
}

function axis(name: string, kind: Axis['kind'], values: readonly unknown[]): Axis {
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
