/** What is asked of runs: how many at first, and which metrics and parameters of each. */

import type { Wanted } from '../records';
import type { Column } from './columns';
import { metricsIn, usualColumns } from './columns';
import { BY_EXPERIMENT } from './groups';
import type { RunsState } from './runs';

/** What is asked for at first, which is what is waited for. */
export interface Need {
  /** How many runs: those in view, and a few beyond; who scrolls gets more. */
  firstPage: number;
  /** What of each run, as long as nobody chose columns. */
  wanted: (filter: string, orderBy: string) => Wanted;
}

/** Of forty metrics and as many parameters the usual columns are chosen. */
export const FOR_A_TABLE: Need = { firstPage: 50, wanted: () => ({ most: 40 }) };

/** Two lines each: three metrics, first those that are spoken of, mostly the run's own first. */
export const FOR_A_LIST: Need = {
  firstPage: 30,
  wanted: (filter, orderBy) => {
    const metrics = metricsIn(`${filter} ${orderBy}`);
    return { ...(metrics.length ? { metrics } : {}), params: [], most: 6 };
  }
};

/** What must be asked for so that chosen columns and groups can be shown; null for none. */
export function chosenOf({ columns, groupBy, runs }: RunsState): Wanted | null {
  const by = groupBy === null || groupBy === BY_EXPERIMENT ? [] : [groupBy];
  if (columns === null && by.length === 0) {
    return null;
  }
  const shown = columns ?? usualColumns(runs);
  const titles = (kind: Column['kind']) =>
    shown.filter(column => column.kind === kind).map(column => column.title);
  return { metrics: titles('metric'), params: [...new Set([...titles('param'), ...by])] };
}
