import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Curves } from '../src/components/Curves';
import { LineChart } from '../src/components/LineChart';
import { Parallel } from '../src/components/Parallel';
import { axesOf } from '../src/drawing/axes';
import { allShown } from '../src/drawing/colours';
import { partsOf } from '../src/drawing/curves';
import { useObservedPart } from '../src/models/hooks';
import type { Source } from '../src/records';
import { comparing, comparison } from './made';

// jsdom draws nothing, and complains at length.
beforeEach(() => void vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null));
afterEach(cleanup);

const COMPARED = comparison({
  runs: ['one', 'two', 'three'],
  params: [{ name: 'lr', values: [0, 5, 10], differs: true }],
  metrics: [{ name: 'auc', values: [0.7, 0.8, 0.9], differs: true, better: 'higher' }]
});

test.each([
  { keys: ['ArrowDown'], shift: false, kept: '2 of 3 runs kept', says: 'from 0 to 9' },
  { keys: ['ArrowUp'], shift: true, kept: '2 of 3 runs kept', says: 'from 1 to 10' },
  { keys: ['ArrowDown', 'Escape'], shift: false, kept: 'Drag along an axis', says: 'from 0 to 10' },
  { keys: ['ArrowDown', 'ArrowUp'], shift: false, kept: 'Drag along', says: 'from 0 to 10' }
])('an axis keeps runs by keys: $keys', ({ keys, shift, kept, says }) => {
  const model = comparing(COMPARED);
  const Kept = () => {
    const chosen = useObservedPart(model.state, state => state.chosen);
    const shown = allShown(COMPARED.runs).map(run => ({
      ...run,
      isChosen: chosen?.includes(run.name) ?? true
    }));
    return <Parallel model={model} axes={axesOf(COMPARED)} shown={shown} />;
  };
  render(<Kept />);
  const axis = screen.getByRole('slider', { name: 'keep by lr' });
  for (const key of keys) {
    fireEvent.keyDown(axis, { key, shiftKey: shift });
  }
  expect(screen.getByRole('status').textContent).toContain(kept);
  expect(axis.getAttribute('aria-valuetext')).toBe(says);
});

test('a chart is read and zoomed into by keys', () => {
  const curve = { run: 'one', x: Float64Array.of(0, 5, 10), y: Float64Array.of(3, 2, 1) };
  render(
    <LineChart
      curves={[curve]}
      shown={allShown(['one'])}
      isLog={false}
      xTitle="step"
      yTitle="loss"
      label="loss"
    />
  );
  const chart = screen.getByRole('group', { name: /^loss/ });
  fireEvent.keyDown(chart, { key: 'ArrowRight' });
  expect(screen.getByRole('status').textContent).toBe('step 5one 2');
  fireEvent.keyDown(chart, { key: '+' });
  expect(screen.getByRole('button', { name: 'Show all' })).toBeTruthy();
  fireEvent.keyDown(chart, { key: 'Escape' });
  expect(screen.queryByRole('button', { name: 'Show all' })).toBeNull();
  fireEvent.keyDown(chart, { key: 'Escape' });
  expect(screen.queryByRole('status')).toBeNull();
});

test('curves that cannot be asked for say why, until they can', async () => {
  const curve = { run: 'a', metric: 'loss', steps: [0, 1], values: [2, 1], times: [0, 1] };
  const series = (_: unknown, [metric]: readonly string[]) =>
    metric === 'auc' ? Promise.reject(new Error('The server is gone.')) : Promise.resolve([curve]);
  const runs = ['a'];
  const shown = allShown(runs);
  render(
    <Curves
      runs={runs}
      shown={shown}
      metrics={['loss', 'auc']}
      series={series as unknown as Source['series']}
    />
  );
  expect(await screen.findByRole('img', { name: 'curves of loss' })).toBeTruthy();
  const choice = screen.getByRole('combobox');
  fireEvent.change(choice, { target: { value: '1' } });
  expect((await screen.findByRole('alert')).textContent).toBe('The server is gone.');
  expect(screen.queryByText(/there is no curve/)).toBeNull();
  expect(screen.queryByRole('img')).toBeNull();
  fireEvent.change(choice, { target: { value: '0' } });
  expect(await screen.findByRole('img', { name: 'curves of loss' })).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
});

test.each([
  [1, 500],
  [16, 500],
  [50, 160],
  [500, 120]
])('curves of %i runs are asked for in %i parts', (runs, parts) => {
  expect(partsOf(runs)).toBe(parts);
});

test('an axis of one value shows it once, and one of many magnitudes is logarithmic', () => {
  const axes = [
    { name: 'depth', kind: 'param', values: [3, NaN, 3], words: null },
    { name: 'lr', kind: 'param', values: [0.0001, 0.01, 0.1], words: null }
  ] as const;
  const { container } = render(
    <Parallel model={comparing(COMPARED)} axes={axes} shown={allShown(COMPARED.runs)} />
  );
  const texts = [...container.querySelectorAll('text')].map(text => text.textContent);
  expect(texts).toEqual(['depth', '3', 'lr log', '0.0001', '0.1']);
});
