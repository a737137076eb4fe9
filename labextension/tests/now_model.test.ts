import { describe, expect, test } from 'vitest';
import { EXECUTIONS_AT_ONCE, isRecording, marksOf, NowModel } from '../src/models/now';
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

test('a cell is marked by its last execution, and stale before all else', () => {
  const executions = [
    execution(1, 'a', true),
    execution(2, 'a'),
    execution(3, 'b', true),
    execution(4, null)
  ];
  const marks = marksOf(session([...executions, execution(5, 'c', true)], ['c']));
  expect([...marks].map(([cell, mark]) => [cell, mark.kind])).toEqual([
    ['a', 'recorded'], ['b', 'result'], ['c', 'stale']
  ]); // prettier-ignore
  expect(marks.get('c')?.reasons).toEqual(['used x']);
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
      model.paused(isPaused);
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
