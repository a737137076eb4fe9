/** Which runs of a comparison are chosen: those that all its axes keep, or one by its name. */

import type { Axis, Ranges } from '../drawing/axes';
import { axesOf, isWithin, keyOf } from '../drawing/axes';
import type { Comparison, Row } from '../records';
import { arranged } from './arranged';

export interface Choice {
  /** What axes keep; of none where no axis leaves a run out, or one was chosen by its name. */
  ranges: Ranges;
  /** The ids of the runs; null where all are chosen. */
  chosen: readonly string[] | null;
}

export const ALL: Choice = { ranges: new Map(), chosen: null };

/** A comparison, and the order in which its runs are drawn: places on axes of words depend on it. */
export interface Compared {
  comparison: Comparison | null;
  order: readonly string[];
}

/** The runs that axes keep. */
export function keptBy(ranges: Ranges, compared: Compared): Choice {
  const { runs, axes } = axesOfRanges(ranges, compared);
  const kept = runs.filter((_, run) => isWithin(axes, ranges, run));
  return { ranges, chosen: kept.length < runs.length ? kept : null };
}

/** What remains of a choice where other runs are compared: what axes keep is looked at anew. */
export function chosenAgain(choice: Choice, before: Compared, after: Compared): Choice {
  if (choice.ranges.size === 0) {
    const chosen = choice.chosen?.filter(id => after.comparison?.runs.includes(id));
    return { ...choice, chosen: chosen?.length ? chosen : null };
  }
  const meant = new Map(axesOfRanges(choice.ranges, before).axes.map(meaning));
  const still = axesOfRanges(choice.ranges, after)
    .axes.map(meaning)
    .filter(([key, words]) => meant.get(key) === words)
    .map(([key]) => [key, choice.ranges.get(key)!] as const);
  return keptBy(new Map(still), after);
}

/** What places on an axis stand for: a range keeps other words where these are others. */
function meaning(axis: Axis): [key: string, words: string] {
  return [keyOf(axis), JSON.stringify(axis.words)];
}

function axesOfRanges(ranges: Ranges, { comparison, order }: Compared) {
  if (comparison === null) {
    return { runs: [], axes: [] };
  }
  const ranged = (kind: Axis['kind']) => (row: Row) => ranges.has(keyOf({ ...row, kind }));
  const params = comparison.params.filter(ranged('param'));
  const metrics = comparison.metrics.filter(ranged('metric'));
  const drawn = arranged({ ...comparison, params, metrics }, order).comparison;
  return { runs: drawn.runs, axes: axesOf(drawn) };
}
