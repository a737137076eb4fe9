import { expect, test, vi } from 'vitest';
import { Edits } from '../src/models/edits';
import { SourceProblem } from '../src/records';
import { source } from './made';

test('several runs are changed one after the other, and then all is looked at again', async () => {
  const changed: unknown[] = [];
  const done = vi.fn();
  const change = async (id: string, what: object) => void changed.push([id, what]);
  await new Edits(source({ change }), done).change(['a', 'b'], { pinned: true });
  expect(changed).toEqual([
    ['a', { pinned: true }],
    ['b', { pinned: true }]
  ]);
  expect(done).toHaveBeenCalledOnce();
});

test('what was deleted can be taken back, all of it at once', async () => {
  const trash = vi.fn(async () => undefined);
  const edits = new Edits(source({ trash }), () => undefined);
  await edits.remove(['a', 'b']);
  expect(edits.state.value.trashed).toEqual(['a', 'b']);
  await edits.restore(edits.state.value.trashed);
  expect(edits.state.value.trashed).toEqual([]);
  expect(trash.mock.calls).toEqual([
    [['a', 'b'], true],
    [['a', 'b'], false]
  ]);
});

test('what goes wrong is told until the next edit goes well', async () => {
  const trash = vi
    .fn(async () => undefined)
    .mockRejectedValueOnce(new SourceProblem('RunPinned', 'Run a is pinned.'));
  const edits = new Edits(source({ trash }), () => undefined);
  await edits.remove(['a']);
  expect(edits.state.value).toEqual({ trashed: [], problem: 'Run a is pinned.' });
  await edits.remove(['a']);
  expect(edits.state.value).toEqual({ trashed: ['a'], problem: null });
});
