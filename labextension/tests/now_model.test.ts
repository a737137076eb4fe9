import { describe, expect, test } from 'vitest';
import { marksOf } from '../src/models/marks';
import { EXECUTIONS_AT_ONCE, isRecording, NowModel } from '../src/models/now';
import type { NowState } from '../src/models/now';
import type { Execution, SessionPage } from '../src/records';

function execution(sequence: number, cell: string | null, gaveResult = false): Execution {
  return {
    id: String(sequence), sequence, execution_count: sequence, cell_id: cell, tags: [],
    source: 'x = 1', started: '2026-11-20T10:00:00Z', duration_seconds: 0.1, cpu_seconds: null,
    memory_growth_bytes: null, outcome: 'ok', error: null, defined: [], used: [],
    gave_result: gaveResult
  }; // prettier-ignore
}

function session(executions: Execution[], stale: string[] = []): SessionPage {
  const reason = {
    kind: 'edited',
    name: 'x',
    is_file: false,
    columns: [],
    made_by: 1,
    since: 2,
    text: 'used x'
  };
  return {
    id: 's', recording: true, executions, run: null, next: 0,
    status: { stale: stale.map(cell => ({ cell, reasons: [reason] })), run_again: [] }
  } as unknown as SessionPage; // prettier-ignore
}

const ALIVE = { id: 'k', language: 'python', isDead: false };

function state(more: Partial<NowState>): NowState {
  return {
    ...new NowModel({ sessionOf: never, session: never }).state.value,
    kernel: ALIVE,
    ...more
  };
}

const never = () => Promise.reject(new Error('not asked for in this test'));

test('a cell is marked by its last execution, and stale before all else', () => {
  const executions = [
    execution(1, 'a', true),
    execution(2, 'a'),
    execution(3, 'b', true),
    execution(4, null)
  ];
  const all = session([...executions, execution(5, 'c', true)], ['c']);
  const marks = marksOf(state({ session: all }));
  expect([...marks].map(([cell, mark]) => [cell, mark.kind])).toEqual([
    ['a', 'recorded'], ['b', 'result'], ['c', 'stale']
  ]); // prettier-ignore
  expect(marks.get('c')?.reasons).toEqual(['used x']);
});

const seen = (cell: string, prompt: number) => new Map([[cell, prompt]]);

test.each<[string, number | null, Partial<NowState>, string]>([
  ['as it was recorded', 3, {}, 'result'],
  ['that runs', null, { isPaused: true }, 'result'],
  ['that ran a moment ago, of which nothing is known yet', 6, {}, 'result'],
  ['that ran once more, before others that are known', 4, {}, 'unrecorded'],
  ['that ran once more while paused', 6, { isPaused: true }, 'unrecorded'],
  ['that ran while paused, and now goes on', 6, { unrecorded: seen('c', 6) }, 'unrecorded'],
  ['that ran before others, the last of which paused', 3, { unrecorded: seen('c', 3) }, 'result'],
  ['that ran while paused, and once more after that', 7, { unrecorded: seen('c', 6) }, 'result'],
  ['of another tab, which has not seen the last time', 2, { isPaused: true }, 'result']
])('a cell %s', (_, prompt, more, kind) => {
  const known = session([execution(3, 'c', true), execution(5, 'd')]);
  const marks = marksOf(state({ session: known, ...more }), new Map([['c', prompt]]));
  expect(marks.get('c')?.kind).toBe(kind);
});

test.each([
  ['is of before', 3, new Map<string, number>(), 'result'],
  ['was made anew unrecorded', 1, new Map<string, number>(), 'unrecorded'],
  ['was made anew unrecorded, under the number of before', 3, seen('c', 3), 'unrecorded']
])('after a restart what a cell shows %s', (_, prompt, unrecorded, kind) => {
  const ended = { ...session([execution(3, 'c', true)], ['c']), recording: false };
  const marks = marksOf(state({ session: ended, unrecorded }), new Map([['c', prompt]]));
  expect(marks.get('c')?.kind).toBe(kind);
});

test('a cell is known to be unrecorded until it is executed while recording', async () => {
  const model = new NowModel({ sessionOf: never, session: never });
  await model.follow('a.ipynb', ALIVE);
  model.paused('k', true, ['c', 6]);
  model.paused('k', false);
  expect([...model.state.value.unrecorded]).toEqual([['c', 6]]);
  model.paused('k', false, ['c', 7]);
  expect([...model.state.value.unrecorded]).toEqual([]);
});

test('what is said of a kernel that is no longer active is dropped', async () => {
  const late: Record<string, (found: { id: string } | null) => void> = {};
  const model = new NowModel({
    sessionOf: kernel => new Promise(resolve => (late[kernel] = resolve)),
    session: async id => ({ ...session([]), id })
  });
  const first = model.follow('a.ipynb', { id: 'old', language: 'python', isDead: false });
  const second = model.follow('b.ipynb', { id: 'new', language: 'python', isDead: false });
  late['new']!({ id: 'session of new' });
  late['old']!({ id: 'session of old' });
  await Promise.all([first, second]);
  expect(model.state.value.session?.id).toBe('session of new');
});

describe('of long sessions', () => {
  function recorded(count: number) {
    const all = Array.from({ length: count }, (_, place) => execution(place + 1, `c${place}`));
    const asked: [number, boolean][] = [];
    const model = new NowModel({
      sessionOf: async () => ({ id: 's' }),
      session: async (_, after, isStatus) => {
        asked.push([after, isStatus]);
        return session(all.filter(one => one.sequence > after).slice(0, EXECUTIONS_AT_ONCE));
      }
    });
    return { all, asked, model };
  }
  const kernel = { id: 'k', language: 'python', isDead: false };

  test('every execution is there, and stale cells are asked for once', async () => {
    const { asked, model } = recorded(1200);
    await model.follow('a.ipynb', kernel);
    expect(model.state.value.session?.executions.map(one => one.sequence)).toEqual(
      Array.from({ length: 1200 }, (_, place) => place + 1)
    );
    expect(asked).toEqual([
      [0, true],
      [500, false],
      [1000, false]
    ]);
  });

  test('later only what is new is asked for, and again what was running', async () => {
    const { all, asked, model } = recorded(3);
    all.push({ ...execution(4, 'd'), outcome: 'running' }, execution(5, 'e'));
    await model.follow('a.ipynb', kernel);
    all[3] = execution(4, 'd');
    await model.refresh();
    await model.refresh();
    expect(asked.map(([after]) => after)).toEqual([0, 3, 5]);
    const { executions } = model.state.value.session!;
    expect(executions.map(one => one.outcome)).toEqual(Array(5).fill('ok'));
  });
});

describe('whether it is recorded', () => {
  const source = { sessionOf: async () => ({ id: 's' }), session: async () => session([]) };

  test.each([
    ['while the kernel says nothing else', false, null, true],
    ['not while it is paused', false, true, false],
    ['again when it goes on', false, false, true],
    ['not when the kernel died', true, false, false]
  ])('%s', async (_, isDead, isPaused, expected) => {
    const model = new NowModel(source);
    await model.follow('a.ipynb', { id: 'k', language: 'python', isDead });
    if (isPaused !== null) {
      model.paused('k', isPaused);
    }
    expect(isRecording(model.state.value)).toBe(expected);
  });

  test('what a kernel did stays when it is gone, and goes with another notebook', async () => {
    const model = new NowModel(source);
    await model.follow('a.ipynb', { id: 'k', language: 'python', isDead: false });
    await model.follow('a.ipynb', null);
    expect(model.state.value.session?.id).toBe('s');
    await model.follow('b.ipynb', null);
    expect(model.state.value.session).toBeNull();
  });
});
