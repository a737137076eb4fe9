import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Sparklines } from '../src/models/sparklines';
import type { Series } from '../src/records';
import { run, source } from './made';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function asking(fails = false) {
  const asked: unknown[] = [];
  const sparklines = new Sparklines(
    source({
      series: async (ids, metrics) => {
        asked.push([ids, metrics]);
        if (fails) {
          throw new Error('away');
        }
        return ids.map(one => ({ run: one, metric: 'loss', values: [1, 2] }) as unknown as Series);
      }
    })
  );
  return { asked, sparklines };
}

const runs = ['a', 'b', 'c'].map(id => run(id, { metrics: { loss: 1 } }));

test('only what is in view when scrolling stops is asked for, and once', async () => {
  const { asked, sparklines } = asking();
  sparklines.see(runs.slice(0, 1), ['loss']);
  sparklines.see(runs.slice(1), ['loss']);
  await vi.advanceTimersByTimeAsync(500);
  sparklines.see(runs, ['loss', 'auc']);
  await vi.advanceTimersByTimeAsync(500);
  sparklines.see(runs, ['loss', 'auc']);
  await vi.advanceTimersByTimeAsync(500);
  expect(asked).toEqual([
    [['b', 'c'], ['loss']],
    [['a'], ['loss', 'auc']]
  ]);
  expect(sparklines.of('b', 'loss')).toEqual([1, 2]);
});

test('runs that go on are asked for again when it is time to look', async () => {
  const { asked, sparklines } = asking();
  const going = [run('a', { status: 'running', metrics: { loss: 1 } }), runs[1]!];
  sparklines.see(going, ['loss']);
  await vi.advanceTimersByTimeAsync(500);
  sparklines.renew(going);
  sparklines.see(going, ['loss']);
  await vi.advanceTimersByTimeAsync(500);
  expect(asked[1]).toEqual([['a'], ['loss']]);
});

test('what could not be had is asked for again', async () => {
  const { asked, sparklines } = asking(true);
  for (let time = 0; time < 2; time++) {
    sparklines.see(runs, ['loss']);
    await vi.advanceTimersByTimeAsync(500);
  }
  expect(asked).toHaveLength(2);
});
