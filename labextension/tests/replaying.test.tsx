import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ReplayReport } from '../src/components/ReplayReport';
import { ReplayView } from '../src/components/ReplayView';
import type { ReplaySource } from '../src/models/replaying';
import { ReplayingModel } from '../src/models/replaying';
import type { Replay, ReplayCompared, Replaying, RunPage, Verdict } from '../src/records';
import { SourceProblem } from '../src/records';
import { HOSTILE } from './made';

afterEach(cleanup);

function compared(name: string, more: Partial<ReplayCompared> = {}): ReplayCompared {
  return {
    name, verdict: 'identical', before: '0.9', after: '0.9', words: '', is_needed: true, ...more
  }; // prettier-ignore
}

function cell(sequence: number, source: string, results: ReplayCompared[] = []) {
  return {
    sequence, execution_count: sequence, cell_id: `c${sequence}`, source, compared: results,
    verdict: results[0]?.verdict ?? null, duration_seconds: 0.2, recorded_seconds: 0.1
  }; // prettier-ignore
}

function replay(more: Partial<Replay> = {}): Replay {
  return {
    run: 'r', target: 'run r', verdict: 'identical', results: [compared('auc')],
    first_difference: null, executions: [cell(1, 'import os'), cell(2, 'auc = 1', [compared('auc')])],
    inputs: [], environment: [], problem: null, notes: [], folder: '/a', output: null, rtol: 0,
    seconds: 1.5, ...more
  }; // prettier-ignore
}

const DIFFERENT = replay({
  verdict: 'different',
  results: [compared('auc', { verdict: 'different', after: '0.8' })],
  first_difference: {
    sequence: 2, execution_count: 2, cell_id: 'c2', name: 'df', before: '10 rows', after: '9 rows',
    words: '1 fewer row', cause: { kind: 'data changed', why: 'a.csv is another file' },
    others: [{ kind: 'time', why: 'it reads the clock' }]
  },
  executions: [
    cell(1, 'import os'),
    cell(2, '# read\ndf = read("a.csv")', [compared('df', { verdict: 'different', words: '1 fewer row' })])
  ],
  inputs: [{ path: 'a.csv', state: 'changed', read_by: 2, words: 'is another file' }]
}); // prettier-ignore

describe('what came out of a replay', () => {
  test('is the verdict, and what each cell made', () => {
    render(<ReplayReport replay={replay()} />);
    expect(screen.getByRole('status').textContent).toBe('✓ identical run r · 2 cells, 1.5 s');
    expect(screen.getByText('nothing to compare')).toBeTruthy();
    expect(screen.queryByText('First difference')).toBeNull();
  });

  test('is the first difference with its cause, where it came out differently', () => {
    render(<ReplayReport replay={DIFFERENT} />);
    const first = screen.getByLabelText('First difference').textContent;
    expect(first).toContain('[2] df = read("a.csv")');
    expect(first).toContain('df 10 rows → 9 rows 1 fewer row');
    expect(first).toContain('data changed a.csv is another file');
    expect(first).toContain('or time it reads the clock');
    expect(screen.getByText(/a.csv is another file$/, { selector: 'li' })).toBeTruthy();
  });

  test.each<[Verdict, string]>([
    ['equal', '✓'], ['within tolerance', '✓'], ['not comparable', '?'], ['not run', '✗']
  ])('%s has the sign %s', (verdict, sign) => {
    render(<ReplayReport replay={replay({ verdict, results: [], executions: [], problem: 'why' })} />);
    expect(screen.getByRole('status').textContent).toContain(`${sign} ${verdict}`);
    expect(screen.getByText('why')).toBeTruthy();
  }); // prettier-ignore

  test.each(HOSTILE)('of hostile names does nothing: %s', (_, text) => {
    const hostile = compared(text, { before: text, after: text, words: text });
    const { container } = render(
      <ReplayReport
        replay={replay({
          target: text, problem: text, notes: [text], folder: text, results: [hostile],
          executions: [cell(1, text, [hostile])],
          inputs: [{ path: text, state: 'missing', read_by: 1, words: text }],
          environment: [{ aspect: 'package', name: text, before: text, after: text }]
        })}
      />
    ); // prettier-ignore
    expect(container.querySelector('img, script, a')).toBeNull();
    expect(container.textContent!.length).toBeLessThan(30_000);
  });
});

describe('a run replayed', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const going: Replaying = {
    id: 'j', of: 'r', replay: null, state: 'running', cells: 0, done: 0,
    started: '2026-11-20T10:00:00.000+00:00', problem: null
  }; // prettier-ignore

  async function shown(...looks: (Replaying | Error)[]) {
    const source = {
      run: async () => ({ metrics: { auc: 1, loss: 2 } }) as unknown as RunPage,
      replay: vi.fn(async () => going),
      replayNow: async () => {
        const look = looks.shift()!;
        if (look instanceof Error) {
          throw look;
        }
        return look;
      },
      stopReplay: vi.fn(async () => going)
    } satisfies ReplaySource;
    const model = new ReplayingModel(source, 'r');
    await model.load();
    render(<ReplayView model={model} onOpenRun={() => undefined} />);
    return { source, model };
  }

  test('is looked at until it has ended, also where the server was away meanwhile', async () => {
    const { source } = await shown(
      { ...going, cells: 3, done: 1 },
      new SourceProblem('Away', 'no answer'),
      { ...going, cells: 3, done: 3, state: 'finished', replay: DIFFERENT }
    );
    fireEvent.change(screen.getByLabelText('results'), { target: { value: '2' } });
    fireEvent.change(screen.getByLabelText('tolerance'), { target: { value: '1e-9' } });
    fireEvent.click(screen.getByRole('button', { name: 'Replay' }));
    await vi.advanceTimersByTimeAsync(100);
    expect(screen.getByRole('status').textContent).toContain('starting the kernel');
    await vi.advanceTimersByTimeAsync(700);
    expect(screen.getByRole('status').textContent).toContain('1 of 3 cells · running');
    await vi.advanceTimersByTimeAsync(700);
    expect(screen.getByRole('alert').textContent).toBe('no answer');
    await vi.advanceTimersByTimeAsync(700);
    expect(screen.getByRole('status').textContent).toContain('✗ different');
    expect(screen.queryByRole('alert')).toBeNull();
    expect(source.replay.mock.calls).toEqual([['r', { metric: 'loss', rtol: 1e-9 }]]);
  });

  test('is looked at no more where the server knows nothing of it, or is told to stop', async () => {
    const { source } = await shown(new SourceProblem('NothingThere', 'no such replay'));
    fireEvent.click(screen.getByRole('button', { name: 'Replay' }));
    await vi.advanceTimersByTimeAsync(100);
    fireEvent.click(screen.getByRole('button', { name: 'Stop' }));
    await vi.advanceTimersByTimeAsync(5000);
    expect(source.stopReplay).toHaveBeenCalledOnce();
    expect(screen.getByRole('alert').textContent).toBe('no such replay');
  });

  test.each(['x', '-1', '2'])('is not begun with the tolerance %s', async text => {
    await shown();
    fireEvent.change(screen.getByLabelText('tolerance'), { target: { value: text } });
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Replay' }).disabled).toBe(true);
    const why = screen.getByLabelText('tolerance').getAttribute('aria-describedby');
    expect(document.getElementById(why!)?.textContent).toContain('from 0 to 1');
  });
});
