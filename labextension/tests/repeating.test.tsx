import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PuttingBackView } from '../src/components/PuttingBackView';
import { RerunView } from '../src/components/RerunView';
import type { OpenNotebook } from '../src/models/putting_back';
import { PuttingBackModel } from '../src/models/putting_back';
import type { RerunSource } from '../src/models/rerun';
import { RerunModel, typed } from '../src/models/rerun';
import { freePath, usualPath } from '../src/panel/paths';
import type { CellBack, Rerun, Restoration, Restored } from '../src/records';
import { run } from './made';

afterEach(cleanup);

describe('cells put back', () => {
  const edited: CellBack = {
    change: 'edited', cell: 'a', behind: null, execution_count: 3, source: 'C = 1', diff: '-C = 2\n+C = 1'
  }; // prettier-ignore
  const added: CellBack = { ...edited, change: 'added', cell: null, behind: 'a', diff: '+x = 1' };

  function opened(...answers: Restoration[]) {
    const put = vi.fn();
    const notebook: OpenNotebook = { name: 'train.ipynb', cells: () => [], put };
    const model = new PuttingBackModel(async () => answers.shift()!, notebook);
    return { put, model };
  }

  test('are seen as a diff, and only those chosen are put back', async () => {
    const { put, model } = opened(
      { changes: [edited, added], same: 4 },
      { changes: [added], same: 5 }
    );
    await model.load();
    render(<PuttingBackView model={model} />);
    expect(screen.getByText('+C = 1').className).toBe('jp-mod-plus');
    expect(put).not.toHaveBeenCalled();
    fireEvent.click(screen.getByLabelText('no longer there, was [3]'));
    fireEvent.click(screen.getByText('Put 1 cell back'));
    expect(await screen.findByText('1 cell was put back.')).toBeTruthy();
    expect(put.mock.calls).toEqual([[[edited]]]);
  });

  test('are none where the notebook is as the run had it', async () => {
    const { model } = opened({ changes: [], same: 4 });
    await model.load();
    render(<PuttingBackView model={model} />);
    expect(screen.getByText(/nothing to put back/)).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
  });
});

describe('a run executed again', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const restored = {
    target: 'all results', notes: [], parameters: { C: 1.5, kind: 'a', deep: [1, null] }
  } as unknown as Restored; // prettier-ignore
  const going: Rerun = {
    id: 'j', of: 'old', run: null, output: 'again.ipynb', state: 'running', cells: 4, done: 0,
    started: '2026-11-20T10:00:00.000+00:00', problem: null
  }; // prettier-ignore

  function source(...states: Rerun[]): RerunSource & { rerun: ReturnType<typeof vi.fn> } {
    return {
      restored: async () => restored,
      rerun: vi.fn(async () => going),
      rerunNow: async () => states.shift()!,
      stopRerun: async () => going
    };
  }
  const view = (model: RerunModel, onCompare = vi.fn()) => {
    const nothing = () => undefined;
    render(
      <RerunView model={model} onOpenRun={nothing} onOpenNotebook={nothing} onCompare={onCompare} />
    );
    return onCompare;
  };

  test.each([
    ['to_know', 'muted'],
    ['to_change', 'warn']
  ])('says what is %s of its notebook as it is written', async (kind, tone) => {
    const notes = [{ kind, text: 'It calls `f(**more)`, `g(**more)`.' }];
    const whole = { ...restored, notes } as Restored;
    const model = new RerunModel({ ...source(), restored: async () => whole }, 'old');
    await model.load();
    view(model);
    const line = screen.getByText('It calls `f(**more)`, `g(**more)`.');
    expect(line.className).toBe(`jp-nbmlops-${tone}`);
  });

  test('is given what was changed, and is looked at until it ends', async () => {
    const done = vi.fn();
    const from = source(
      { ...going, done: 2, run: 'new' },
      { ...going, done: 4, run: 'new', state: 'finished' }
    );
    const model = new RerunModel(from, 'old', done);
    await model.load();
    const onCompare = view(model);
    fireEvent.change(screen.getByLabelText('C'), { target: { value: '3' } });
    fireEvent.change(screen.getByLabelText('kind'), { target: { value: 'b' } });
    fireEvent.change(screen.getByLabelText('kind'), { target: { value: 'a' } });
    fireEvent.click(screen.getByText('Execute'));
    await vi.advanceTimersByTimeAsync(800);
    expect(screen.getByRole('status').textContent).toContain('2 of 4 cells · running');
    expect(done).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(800);
    fireEvent.click(screen.getByText('Compare'));
    expect(from.rerun.mock.calls).toEqual([['old', { C: '3' }, null]]);
    expect(done).toHaveBeenCalledOnce();
    expect(onCompare.mock.calls).toEqual([[['old', 'new']]]);
  });

  test('tells why it failed', async () => {
    const from = source({ ...going, state: 'failed', problem: 'ZeroDivisionError' });
    const model = new RerunModel(from, 'old');
    await model.load();
    view(model);
    fireEvent.click(screen.getByText('Execute'));
    await vi.advanceTimersByTimeAsync(800);
    expect(screen.getByText('ZeroDivisionError')).toBeTruthy();
  });

  test('is said to stop at once, and to have stopped without a fault', async () => {
    const from = source({ ...going, state: 'stopping' }, { ...going, state: 'stopped', done: 3 });
    const model = new RerunModel({ ...from, stopRerun: () => new Promise(() => undefined) }, 'old');
    await model.load();
    view(model);
    fireEvent.click(screen.getByText('Execute'));
    await vi.advanceTimersByTimeAsync(10);
    fireEvent.click(screen.getByText('Stop'));
    const button = await vi.waitFor(() => screen.getByText<HTMLButtonElement>('Stopping…'));
    expect(button.disabled).toBe(true);
    await vi.advanceTimersByTimeAsync(1600);
    expect(screen.getByRole('status').textContent).toContain('stopped after 3 of 4 cells');
    expect(screen.queryByText(/Stop/)).toBeNull();
  });

  test('is starting the kernel until its cells are known', async () => {
    const model = new RerunModel(source({ ...going, cells: 0 }), 'old');
    await model.load();
    view(model);
    fireEvent.click(screen.getByText('Execute'));
    await vi.advanceTimersByTimeAsync(800);
    expect(screen.getByRole('status').textContent).toBe(' starting the kernel');
  });

  test.each([
    [1.5, '1.5'],
    ['a b', 'a b'],
    [true, 'True'],
    [null, 'None'],
    [[1, 'x'], '[1,"x"]']
  ])('the value %j is typed as %j', (value, text) => expect(typed(value)).toBe(text));
});

describe('where a notebook of a run is written', () => {
  test.each([
    [
      'beside the open one',
      { notebook: '/home/ann/train.ipynb' },
      'a/b.ipynb',
      'a/train 3k9f.ipynb'
    ],
    ['at the top', { notebook: 'C:\\ann\\train.ipynb' }, 'b.ipynb', 'train 3k9f.ipynb'],
    ['of a script', {}, '', 'churn 3k9f.ipynb'],
    ['with a name that leads elsewhere', { name: '../../x' }, '', 'churn ..-..-x.ipynb'],
    ['with a hidden name', { experiment: '.ssh', name: 'x' }, '', 'ssh x.ipynb']
  ])('%s', (_, more, open, path) => expect(usualPath(run('3k9f', more), open)).toBe(path));

  test('with a number behind it where there is one already', async () => {
    const there = ['x.ipynb', 'x 2.ipynb'];
    expect(await freePath('x.ipynb', async path => there.includes(path))).toBe('x 3.ipynb');
  });
});
