import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { RunPage, Slice } from '../src/records';
import { RunWidget } from '../src/widgets/RunWidget';
import { run, source } from './made';

afterEach(cleanup);

const PAGE = { ...run('aaaa', { name: 'first' }), metric_ranges: {} } as unknown as RunPage;
const SLICE = { target: 'auc', steps: [], params: {}, data: [], files: [], left_out: 0, missing: [], hidden: [], notes: [] } as unknown as Slice; // prettier-ignore

function widget(slice: () => Promise<Slice>): JSX.Element {
  const refuse = () => Promise.reject(new Error('not asked for in this test'));
  const answers = { ...source({ slice }), run: refuse, data: refuse };
  return (
    <RunWidget
      first={{ kind: 'run', document: PAGE }}
      source={answers}
      onChange={() => () => undefined}
      onSelect={vi.fn()}
    />
  );
}

test('a run in a notebook says why, and comes back', async () => {
  render(widget(async () => SLICE));
  fireEvent.click(screen.getByRole('button', { name: 'Why these numbers?' }));
  fireEvent.click(await screen.findByRole('button', { name: /The run/ }));
  expect(screen.getByText('first')).toBeTruthy();
});

test('a run in a notebook says what went wrong, and stays', async () => {
  render(widget(() => Promise.reject(new Error('No metric was measured.'))));
  fireEvent.click(screen.getByRole('button', { name: 'Why these numbers?' }));
  expect((await screen.findByRole('alert')).textContent).toBe('No metric was measured.');
  expect(screen.getByText('first')).toBeTruthy();
});
