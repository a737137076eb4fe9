/** The columns a table of runs may have, and which of them tell the runs apart. */

import type { Run } from '../records';
import { called, duration, shortened, shown, when } from '../words';
import { naturally } from './order';

export interface Column {
  /** As a filter names it; also what the table is ordered by. */
  field: string;
  title: string;
  kind: 'fixed' | 'metric' | 'param';
  isNumber: boolean;
}

const MOST_METRICS = 5;
const MOST_PARAMS = 4;

export const FIXED: readonly Column[] = [
  { field: 'name', title: 'run', kind: 'fixed', isNumber: false },
  { field: 'experiment', title: 'experiment', kind: 'fixed', isNumber: false },
  { field: 'opened', title: 'when', kind: 'fixed', isNumber: false },
  { field: 'duration', title: 'took', kind: 'fixed', isNumber: true }
];

/** A field as the query language writes it: odd names stand in backticks. */
export function field(kind: 'metrics' | 'params', name: string): string {
  const plain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
  return `${kind}.${plain ? name : `\`${name.replace(/`/g, '``')}\``}`;
}

function named(kind: 'metric' | 'param', name: string): Column {
  return { field: field(`${kind}s`, name), title: name, kind, isNumber: true };
}

/** The metrics that a filter or an order speaks of, in that order; some may be no metrics. */
export function metricsIn(text: string): string[] {
  const found = [...text.matchAll(SPOKEN_OF)].map(
    ([, inTicks, named, alone]) => inTicks?.replace(/``/g, '`') ?? named ?? alone ?? ''
  );
  return [...new Set(found)];
}

const SPOKEN_OF =
  /\bmetrics\.(?:`((?:[^`]|``)+)`|([A-Za-z_]\w*))|(?<![.\w'"`])([A-Za-z_]\w*)(?=\s*(?:[<>=!]|between\b))/g;

/** The names of metrics and parameters that runs have. */
export interface Names {
  metrics: readonly string[];
  params: readonly string[];
}

/** Every column there could be: those of these runs, most common first, then all others. */
export function possibleColumns(runs: readonly Run[], { metrics, params }: Names): Column[] {
  const all = (kind: 'metric' | 'param', seen: string[], known: readonly string[]) =>
    [...new Set([...byCount(seen), ...[...known].sort(naturally)])].map(name => named(kind, name));
  return [
    ...FIXED,
    ...all(
      'metric',
      runs.flatMap(run => Object.keys(run.metrics)),
      metrics
    ),
    ...all(
      'param',
      runs.flatMap(run => Object.keys(run.params)),
      params
    )
  ];
}

/** The columns shown by default: what most runs measured, and the parameters that differ. */
export function usualColumns(runs: readonly Run[]): Column[] {
  const metrics = byCount(runs.flatMap(run => Object.keys(run.metrics))).slice(0, MOST_METRICS);
  const several = new Set(runs.map(run => run.experiment)).size > 1;
  const [name, experiment, opened, took] = FIXED as [Column, Column, Column, Column];
  return [
    name,
    ...(several ? [experiment] : []),
    ...metrics.map(metric => named('metric', metric)),
    ...differing(runs)
      .slice(0, MOST_PARAMS)
      .map(param => named('param', param)),
    opened,
    took
  ];
}

function differing(runs: readonly Run[]): string[] {
  const values = new Map<string, Map<string, Set<string>>>();
  for (const run of runs) {
    for (const [name, value] of Object.entries(run.params)) {
      const found = values.get(name) ?? new Map<string, Set<string>>();
      const inExperiment = found.get(run.experiment) ?? new Set();
      values.set(name, found.set(run.experiment, inExperiment.add(JSON.stringify(value))));
    }
  }
  const differ = [...values].filter(([, found]) =>
    [...found.values()].some(texts => texts.size > 1)
  );
  const names = differ.map(([name]) => name);
  const byHand = names.filter(name => !name.includes('.')); // an estimator's mostly repeat these
  return byHand.length ? byHand : names;
}

/** Most common first; those that are as common by their names. */
function byCount(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts.keys()].sort(
    (one, other) => counts.get(other)! - counts.get(one)! || naturally(one, other)
  );
}

export function cellText(run: Run, column: Column, now: number): string {
  if (column.kind === 'metric') {
    return shown(run.metrics[column.title]);
  }
  if (column.kind === 'param') {
    return shown(run.params[column.title], 24);
  }
  switch (column.field) {
    case 'name':
      return shortened(called(run), 40);
    case 'experiment':
      return shortened(run.experiment, 40);
    case 'opened':
      return when(run.opened, now);
    default:
      return duration(run.duration_seconds);
  }
}
