/** Runs under headings, by experiment or by the value of a parameter. */

import type { Run } from '../records';
import { shortened, shown } from '../words';

export type Line = { run: Run } | { group: string; count: number };

export const BY_EXPERIMENT = 'experiment';

export function grouped(runs: readonly Run[], by: string | null): Line[] {
  if (by === null) {
    return runs.map(run => ({ run }));
  }
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const key = by === BY_EXPERIMENT ? shortened(run.experiment) : `${by} ${shown(run.params[by])}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups].flatMap(([group, members]) => [
    { group, count: members.length },
    ...members.map(run => ({ run }))
  ]);
}
