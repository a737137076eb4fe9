import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { RunForm } from '../src/components/RunForm';
import { RunsView } from '../src/components/RunsView';
import { Edits } from '../src/models/edits';
import { RunsModel } from '../src/models/runs';
import type { Run, RunChange } from '../src/records';
import { page, run, source } from './made';

afterEach(cleanup);

function form(runs: Run[]): RunChange[] {
  const changes: RunChange[] = [];
  render(<RunForm runs={runs} onChange={change => changes.push(change)} onEnd={() => undefined} />);
  return changes;
}

function type(label: string, value: string, key = 'Enter') {
  const field = screen.getByLabelText(label);
  fireEvent.change(field, { target: { value } });
  fireEvent.keyDown(field, { key });
  fireEvent.blur(field);
}

describe('what is written on a run', () => {
  test.each<[string, string, string, RunChange]>([
    ['a name', 'Name', 'better', { name: 'better' }],
    ['no name any more', 'Name', '', { name: null }],
    ['a hypothesis', 'Hypothesis', 'C matters', { hypothesis: 'C matters' }],
    ['a note', 'Note', 'a\nb', { note: 'a\nb' }],
    ['a word as a tag', 'Add a tag', 'good', { tags: { good: '' } }],
    ['a tag with a value', 'Add a tag', 'stage = a=b', { tags: { stage: 'a=b' } }]
  ])('%s', (_, label, value, change) => {
    const changes = form([run('a', { name: 'old' })]);
    type(label, value);
    expect(changes).toEqual([change]);
  });

  test('a verdict, and a tag taken off', () => {
    const changes = form([run('a', { tags: { stage: 'test' } })]);
    fireEvent.change(screen.getByLabelText('Verdict'), { target: { value: 'refuted' } });
    fireEvent.click(screen.getByLabelText('Take off stage'));
    expect(changes).toEqual([{ verdict: 'refuted' }, { tags: { stage: null } }]);
  });

  test('Escape, and leaving what was not changed, write nothing', () => {
    const changes = form([run('a', { name: 'old' })]);
    type('Name', 'new', 'Escape');
    fireEvent.blur(screen.getByLabelText('Hypothesis'));
    expect(changes).toEqual([]);
  });

  test('of several runs that differ nothing is written over unseen', () => {
    const changes = form([run('a', { note: 'one' }), run('b', { note: 'two' })]);
    expect(screen.queryByLabelText('Name')).toBeNull();
    const note = screen.getByLabelText('Note') as HTMLTextAreaElement;
    expect([note.value, note.placeholder]).toEqual(['', 'various']);
    fireEvent.blur(note);
    expect(changes).toEqual([]);
  });
});

describe('runs that are chosen', () => {
  function view(runs: Run[]) {
    const trash = vi.fn(async () => undefined);
    const change = vi.fn(async () => undefined);
    const from = source({ trash, change });
    const model = new RunsModel(from, { runs });
    const edits = new Edits(from, () => undefined);
    const nothing = () => undefined;
    render(
      <RunsView
        model={model}
        edits={edits}
        source={from}
        isNarrow
        onOpen={nothing}
        onCompare={nothing}
      />
    );
    return { trash, change, model };
  }
  const choose = (name: string) => fireEvent.click(screen.getByLabelText(`choose ${name}`));

  test('are deleted together, which can be undone', async () => {
    const { trash } = view([run('one'), run('two'), run('three')]);
    choose('one');
    choose('three');
    fireEvent.click(screen.getByText('Delete'));
    fireEvent.click(await screen.findByText('Undo'));
    expect(trash.mock.calls).toEqual([
      [['one', 'three'], true],
      [['one', 'three'], false]
    ]);
  });

  test('are not deleted where one is pinned', () => {
    view([run('one'), run('two', { pinned: '2026-11-20T10:00:00.000+00:00' })]);
    choose('one');
    choose('two');
    expect((screen.getByText('Delete') as HTMLButtonElement).disabled).toBe(true);
  });

  test('are hidden until they are wanted again', () => {
    view([run('one'), run('two')]);
    choose('one');
    fireEvent.click(screen.getByText('Hide'));
    expect(screen.queryByText('one')).toBeNull();
    fireEvent.click(screen.getByText('Show 1 hidden'));
    expect(screen.getByText('one')).toBeTruthy();
  });

  test('F2 edits the active row, the delete key deletes it', () => {
    const { trash, change } = view([run('one'), run('two')]);
    const grid = screen.getByRole('grid');
    act(() => grid.focus());
    fireEvent.keyDown(grid, { key: 'ArrowDown' });
    fireEvent.keyDown(grid, { key: 'F2' });
    expect(document.activeElement).toBe(screen.getByLabelText('Name'));
    type('Name', 'second');
    fireEvent.keyDown(grid, { key: 'Delete' });
    expect(change.mock.calls).toEqual([['two', { name: 'second' }]]);
    expect(trash.mock.calls).toEqual([[['two'], true]]);
  });

  test('Escape leads from the form back to the list', () => {
    const { change } = view([run('one'), run('two')]);
    const grid = screen.getByRole('grid');
    act(() => grid.focus());
    fireEvent.keyDown(grid, { key: 'F2' });
    fireEvent.change(screen.getByLabelText('Name'), { target: { value: 'no' } });
    fireEvent.keyDown(screen.getByLabelText('Name'), { key: 'Escape' });
    expect(screen.queryByLabelText('Name')).toBeNull();
    expect(document.activeElement).toBe(grid);
    expect(change).not.toHaveBeenCalled();
  });

  test('taking a deletion back leads back to the list', async () => {
    view([run('one'), run('two')]);
    const grid = screen.getByRole('grid');
    act(() => grid.focus());
    fireEvent.keyDown(grid, { key: 'Delete' });
    const undo = await screen.findByText('Undo');
    act(() => undo.focus());
    fireEvent.click(undo);
    await waitFor(() => expect(screen.queryByText('Undo')).toBeNull());
    expect(document.activeElement).toBe(grid);
  });

  test('F2 edits the chosen runs together where the active row is one of them', async () => {
    const { change } = view([run('one'), run('two')]);
    const grid = screen.getByRole('grid');
    act(() => grid.focus());
    fireEvent.keyDown(grid, { key: ' ' });
    fireEvent.keyDown(grid, { key: 'ArrowDown' });
    fireEvent.keyDown(grid, { key: ' ' });
    fireEvent.keyDown(grid, { key: 'F2' });
    type('Note', 'both');
    await waitFor(() => expect(change).toHaveBeenCalledTimes(2));
    expect(change).toHaveBeenCalledWith('two', { note: 'both' });
  });
});

test('the next page comes also where looking again took its place', async () => {
  const asked: (string | undefined)[] = [];
  const more: (() => void)[] = [];
  const all = Array.from({ length: 10 }, (_, place) => run(`r${place}`));
  const from = source({
    runs: async ({ after }) => {
      asked.push(after);
      if (after) {
        await new Promise<void>(resolve => more.push(resolve));
        return page([run('last')]);
      }
      return page([...all], { next: 'n', total: 11 });
    }
  });
  const model = new RunsModel(from);
  const edits = new Edits(from, () => undefined);
  const nothing = () => undefined;
  render(
    <RunsView
      model={model}
      edits={edits}
      source={from}
      isNarrow
      onOpen={nothing}
      onCompare={nothing}
    />
  );
  await act(() => model.refresh());
  await waitFor(() => expect(more).toHaveLength(1)); // all rows are in view
  const looked = model.refresh(); // waits for the page that is on its way, and comes behind it
  await act(async () => {
    more[0]!();
    await looked;
  });
  await waitFor(() => expect(more).toHaveLength(2));
  more[1]!();
  expect(await screen.findByText('last')).toBeTruthy();
});
