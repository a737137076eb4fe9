import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { cloneElement } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RunList } from '../src/components/RunList';
import { RunTable } from '../src/components/RunTable';
import { usualColumns } from '../src/models/columns';
import { Sparklines } from '../src/models/sparklines';
import type { Run } from '../src/records';
import { run, source } from './made';

beforeEach(() => {
  HTMLCanvasElement.prototype.getContext = () => null; // jsdom has none
});
afterEach(cleanup);

const done = vi.fn();
const shared = (runs: Run[]) => ({
  runs,
  selected: new Set<string>(),
  now: 0,
  onToggle: (id: string) => done('chosen', id),
  onOpen: (id: string) => done('opened', id),
  onRemove: (id: string) => done('deleted', id)
});
const list = (runs: Run[]) => <RunList {...shared(runs)} first={[]} />;
const table = (runs: Run[], groupBy: string | null = null) => (
  <RunTable
    {...shared(runs)}
    isWhole
    columns={usualColumns(runs)}
    sparklines={new Sparklines(source({}))}
    orderBy="opened DESC"
    groupBy={groupBy}
    onOrder={() => undefined}
  />
);

function enter(): void {
  act(() => screen.getByRole('grid').focus());
}

function press(...keys: string[]): void {
  for (const key of keys) {
    fireEvent.keyDown(screen.getByRole('grid'), { key });
  }
}

/** What keys did to which runs, and what they did before is forgotten. */
function deeds(): unknown[][] {
  return done.mock.calls.splice(0);
}

const [first, second, third] = [run('1'), run('2'), run('3')];
const ALL = [' ', 'Enter', 'Delete'];
const to = (id: string) => [['chosen', id], ['opened', id], ['deleted', id]]; // prettier-ignore

test.each([
  ['with one more before it', [run('0'), first, second, third], ALL, to('2')],
  ['with one less before it', [second, third], ALL, to('2')],
  ['in another order', [third, second, first], ALL, to('2')],
  ['without it: keys do nothing', [first, third], ALL, []],
  ['without it: down is what came to its place', [first, third], ['ArrowDown', ...ALL], to('3')],
  ['without it: up is what was before it', [first, third], ['ArrowUp', ...ALL], to('1')],
  ['empty', [], ['ArrowDown', ...ALL], []]
])('keys hit the run they were moved to, in a list %s', (_, changed, keys, expected) => {
  for (const kind of [list, table]) {
    const { rerender, unmount } = render(kind([first, second, third]));
    enter();
    press('ArrowDown');
    rerender(kind(changed));
    press(...keys);
    expect(deeds()).toEqual(expected);
    unmount();
  }
});

test('keys begin with the first run, and do nothing before they are in the list', () => {
  render(list([first, second]));
  press(...ALL);
  expect(deeds()).toEqual([]);
  enter();
  press(...ALL);
  expect(deeds()).toEqual(to('1'));
});

test('keys go on from the run that was clicked', () => {
  render(list([first, second, third]));
  fireEvent.mouseDown(screen.getByText('3'));
  enter();
  press('Delete');
  expect(deeds()).toEqual([['deleted', '3']]);
});

test('keys that come to the head of a group do nothing to runs', () => {
  render(table([first, second], 'experiment'));
  enter();
  press(...ALL, 'ArrowDown', 'Enter');
  expect(deeds()).toEqual([['opened', '1']]);
});

test.each([
  ['list', list],
  ['table', table]
])('names in a %s that lead nowhere are no links, and Enter chooses', (_, kind) => {
  const { container } = render(cloneElement(kind([first, second]), { onOpen: undefined }));
  expect(container.querySelector('button.jp-nbmlops-link')).toBeNull();
  enter();
  press('Enter');
  fireEvent.doubleClick(screen.getByText('2'));
  expect(deeds()).toEqual([['chosen', '1']]);
});

test.each([
  ['of a run', (runs: Run[]) => list(runs), ['Home', 'ArrowDown'], '2'],
  ['of a group', (runs: Run[]) => table(runs, 'experiment'), ['Home'], 'churn · 2']
])('a screen reader is told the active row: %s', (_, kind, keys, text) => {
  const { rerender } = render(kind([first, second]));
  const told = () => screen.getByRole('grid').getAttribute('aria-activedescendant');
  expect(told()).toBeNull();
  enter();
  press(...keys);
  expect(document.getElementById(told()!)?.textContent).toContain(text);
  rerender(kind([]));
  expect(told()).toBeNull();
});
