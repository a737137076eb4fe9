import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RunPageView } from '../src/components/RunPageView';
import { RunsView } from '../src/components/RunsView';
import { FOR_A_LIST } from '../src/models/needs';
import { RunsModel } from '../src/models/runs';
import type { RunList, RunPage, RunQuery } from '../src/records';
import { SourceProblem } from '../src/records';
import { edits, page, run, source } from './made';

const nothing = () => undefined;
const NOW = Date.parse('2026-11-20T10:00:42.000+00:00');

beforeEach(() => vi.useFakeTimers({ now: NOW }));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function view(runs: (query: RunQuery) => Promise<RunList>) {
  const from = source({ runs });
  const model = new RunsModel(from, {}, FOR_A_LIST);
  const { container } = render(
    <RunsView
      model={model}
      edits={edits()}
      source={from}
      isNarrow
      onOpen={nothing}
      onCompare={nothing}
    />
  );
  return { model, container };
}

test('a wrong filter leaves what was found before, dimmed, and says so', async () => {
  const problem = { text: 'm', start: 0, reason: 'no such field', possible: [] };
  const { model, container } = view(async ({ filter }) => {
    if (filter === 'metrics.') {
      throw new SourceProblem('QueryError', 'no such field', null, problem);
    }
    return page([run('1'), run('2')]);
  });
  const isDimmed = () => container.querySelector('.jp-mod-earlier') !== null;
  await act(() => model.search('m'));
  expect([isDimmed(), screen.queryByText('2 runs') !== null]).toEqual([false, true]);
  await act(() => model.search('metrics.'));
  expect(isDimmed()).toBe(true);
  expect(screen.getAllByRole('row')).toHaveLength(2);
  expect(screen.getByRole('alert').textContent).toContain('no such field');
  expect(screen.getByText('found before')).toBeTruthy();
  await act(() => model.search(''));
  expect([isDimmed(), screen.queryByText('2 runs') !== null]).toEqual([false, true]);
});

test('the list and the page of a run agree how long ago it was, as time goes by', async () => {
  const one = run('1', { opened: '2026-11-20T10:00:00.000+00:00' });
  const { model } = view(async () => page([one]));
  await act(() => model.refresh());
  const ago = () =>
    screen.getAllByText(/ago/).map(node => /\d+ s ago/.exec(node.textContent!)?.[0]);
  act(() => void vi.advanceTimersByTime(5_000));
  const whole = { ...one, metric_ranges: {} } as unknown as RunPage;
  render(<RunPageView run={whole} edits={edits()} series={async () => []} onWhy={nothing} />);
  expect(ago()).toEqual(['40 s ago', '40 s ago']);
  act(() => void vi.advanceTimersByTime(4_000));
  expect(ago()).toEqual(['50 s ago', '50 s ago']);
});

test('a pinned run is told to who sees the list and to who hears it', async () => {
  const { model } = view(async () => page([run('1', { pinned: '2026-11-20T10:00:00.000+00:00' })]));
  await act(() => model.refresh());
  expect(screen.getByTitle('pinned: cannot be deleted').textContent).toBe('pinned');
});

test('a parameter that the run did not use is marked', () => {
  const params = { lr: 0.1, depth: 4 };
  const whole = { ...run('r1', { params }), metric_ranges: {}, unused_params: ['depth'] };
  const found = whole as unknown as RunPage;
  render(<RunPageView run={found} edits={edits()} series={async () => []} onWhy={nothing} />);
  const rows = screen.getAllByRole('row').map(row => row.textContent);
  expect(rows).toEqual(['depth4not used', 'lr0.1']);
});

test('a run that was stopped says so, and its code comes when its cell ends', async () => {
  const stopped = run('r1', { status: 'interrupted', reason: 'KeyboardInterrupt', metrics: {} });
  const { model } = view(async () => page([stopped]));
  await act(() => model.refresh());
  expect(screen.getByText('stopped')).toBeTruthy();
  const going = { ...run('r2', { status: 'running' }), metric_ranges: {} } as unknown as RunPage;
  render(<RunPageView run={going} edits={edits()} series={async () => []} onWhy={nothing} />);
  expect(screen.getByText(/its code comes with its end/)).toBeTruthy();
});
