/** A comparison as it is drawn: its runs stay where they were, whichever is the baseline. */

import type { Comparison } from '../records';

export interface Arranged {
  comparison: Comparison;
  /** Where the baseline stands among the runs. */
  baseline: number;
  /** The mark of each run, by which it is known in every drawing. */
  marks: readonly number[];
}

/** Put the runs of a comparison, whose first is the baseline, into an order that has them all. */
export function arranged(comparison: Comparison, order: readonly string[]): Arranged {
  const marks = new Map(order.map((id, mark) => [id, mark]));
  const markOf = (place: number) => marks.get(comparison.runs[place]!) ?? order.length + place;
  const places = comparison.runs.map((_, place) => place);
  places.sort((one, other) => markOf(one) - markOf(other));
  const rows = <R extends { values: readonly unknown[] }>(all: readonly R[]): R[] =>
    all.map(row => ({ ...row, values: places.map(place => row.values[place]) }));
  return {
    comparison: {
      ...comparison,
      runs: places.map(place => comparison.runs[place]!),
      params: rows(comparison.params),
      metrics: rows(comparison.metrics),
      packages: rows(comparison.packages),
      sources: rows(comparison.sources)
    },
    baseline: places.indexOf(0),
    marks: places.map(markOf)
  };
}
