import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LineChart } from '../src/components/LineChart';
import { Parallel } from '../src/components/Parallel';

// jsdom draws nothing, and complains at length.
beforeEach(() => void vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null));
afterEach(cleanup);

const AXES = [
  { name: 'lr', kind: 'param', values: [0, 5, 10], words: null },
  { name: 'auc', kind: 'metric', values: [0.7, 0.8, 0.9], words: null }
] as const;

test.each([
  { keys: ['ArrowDown'], shift: false, kept: '2 of 3 runs kept', says: 'from 0 to 9.5' },
  { keys: ['ArrowUp'], shift: true, kept: '2 of 3 runs kept', says: 'from 0.5 to 10' },
  { keys: ['ArrowDown', 'Escape'], shift: false, kept: 'Drag along an axis', says: 'from 0 to 10' },
  { keys: ['ArrowDown', 'ArrowUp'], shift: false, kept: 'Drag along', says: 'from 0 to 10' }
])('an axis keeps runs by keys: $keys', ({ keys, shift, kept, says }) => {
  render(<Parallel axes={AXES} names={['one', 'two', 'three']} />);
  const axis = screen.getByRole('slider', { name: 'keep by lr' });
  for (const key of keys) {
    fireEvent.keyDown(axis, { key, shiftKey: shift });
  }
  expect(screen.getByRole('status').textContent).toContain(kept);
  expect(axis.getAttribute('aria-valuetext')).toBe(says);
});

test('a chart is read and zoomed into by keys', () => {
  const curve = { run: 'one', x: Float64Array.of(0, 5, 10), y: Float64Array.of(3, 2, 1) };
  render(<LineChart curves={[curve]} names={['one']} isLog={false} xTitle="step" label="loss" />);
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
