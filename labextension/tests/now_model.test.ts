import { expect, test } from 'vitest';
import { marksOf, NowModel } from '../src/models/now';
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
  const first = model.follow('a.ipynb', { id: 'old', language: 'python' });
  const second = model.follow('b.ipynb', { id: 'new', language: 'python' });
  late['new']!({ id: 'session of new' });
  late['old']!({ id: 'session of old' });
  await Promise.all([first, second]);
  expect(model.state.value.session?.id).toBe('session of new');
});
