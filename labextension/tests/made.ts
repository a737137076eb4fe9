/** Records made for tests, and names that somebody hostile would choose. */

import { ComparingModel } from '../src/models/comparing';
import { Edits } from '../src/models/edits';
import type { Comparison, Run, RunList, Series, Source } from '../src/records';

export const HOSTILE: [string, string][] = [
  ['an image that runs a script', '<img src=x onerror="window.hit=1">'],
  ['a script', '<script>window.hit=1</script>'],
  ['an address that is a script', 'javascript:window.hit=1'],
  ['a hundred thousand characters', 'x'.repeat(100_000)],
  ['marks that turn the line around', '\u202egnp.exe\u2066\u200f'],
  ['control characters', 'a\u0000b\u001b[31mc\r\nd'],
  ['half a character', 'a\ud800b'],
  ['nothing', ''],
  ['what every object has', '__proto__'],
  ['a constructor', 'constructor']
];

export function run(id: string, more: Partial<Run> = {}): Run {
  return {
    id, name: null, experiment: 'churn', status: 'finished', reason: null,
    opened: '2026-11-20T10:00:00.000+00:00', closed: null, duration_seconds: 1.5, notebook: null,
    user: 'ann', parent_id: null, session_id: 's', automatic: true, hypothesis: null,
    verdict: null, note: null, pinned: null, trashed: null,
    params: {}, metrics: {}, tags: {}, models: {}, artifacts: [], ...more
  }; // prettier-ignore
}

export function comparison(more: Partial<Comparison> = {}): Comparison {
  return {
    runs: ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'], sentence: 'C 0.1 → 1: auc 0.8 → 0.9',
    params: [], metrics: [], data: [], code: [], packages: [], sources: [], ...more
  }; // prettier-ignore
}

export function page(runs: Run[], more: Partial<RunList> = {}): RunList {
  return { total: runs.length, runs, next: null, notes: [], ...more };
}

/** A source that answers what it is given, and nothing else. */
export function source(answers: Partial<Source>): Source {
  const refuse = () => Promise.reject(new Error('not asked for in this test'));
  return {
    runs: refuse, names: async () => [], complete: refuse, compare: refuse, series: async (): Promise<Series[]> => [],
    slice: refuse, change: refuse, trash: refuse, ...answers
  }; // prettier-ignore
}

/** A model that shows a comparison which is here already. */
export function comparing(found: Comparison): ComparingModel {
  return new ComparingModel(source({}), found.runs, found);
}

export function edits(): Edits {
  return new Edits(source({}), () => undefined);
}
