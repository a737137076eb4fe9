import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { NowView } from '../src/components/NowView';
import { NowModel } from '../src/models/now';
import type { SessionPage } from '../src/records';
import { SourceProblem } from '../src/records';

afterEach(cleanup);

const nothing = () => undefined;
const KERNEL = { id: 'k', language: 'python', isDead: false };

/** A model whose server answers when it is told to. */
function slow() {
  let answer: (found: { id: string } | null) => void = nothing;
  let page = { id: 's', recording: true, executions: [], run: null, next: 0, status: null };
  const model = new NowModel({
    sessionOf: () => new Promise(resolve => (answer = resolve)),
    session: async () => page as unknown as SessionPage
  });
  const view = render(
    <NowView model={model} onRecord={nothing} onStop={nothing} onCell={nothing} onRun={nothing} />
  );
  return {
    model,
    text: () => view.container.textContent,
    answers: (found: { id: string } | null, isRecording = true) => {
      page = { ...page, recording: isRecording };
      return act(async () => answer(found));
    }
  };
}

test('nothing is said of a notebook before it is known', async () => {
  const { model, text, answers } = slow();
  await act(() => model.follow('a.ipynb', null, false));
  expect(text()).toContain('looking…');
  act(() => void model.follow('a.ipynb', KERNEL));
  expect(text()).toContain('looking…');
  expect(text()).not.toContain('Press Record');
  await answers({ id: 's' });
  expect(text()).toContain('● recording');
});

test('one that is not recorded says how it would be, one without a kernel that it has none', async () => {
  const { model, text, answers } = slow();
  act(() => void model.follow('a.ipynb', KERNEL));
  await answers(null);
  expect(text()).toContain('Press Record');
  await act(() => model.follow('b.ipynb', null));
  expect(text()).toContain('no kernel');
});

test('a click on Record is answered at once, and keeps the focus', async () => {
  const { model, text, answers } = slow();
  act(() => void model.follow('a.ipynb', KERNEL));
  await answers(null);
  screen.getByRole('button').focus();
  let told: () => void = nothing;
  act(() => void model.turn('k', () => new Promise(resolve => (told = resolve))));
  expect(text()).toContain('○ starting, once the kernel is free…');
  expect(text()).not.toContain('Press Record');
  expect(screen.getByRole('button').getAttribute('aria-disabled')).toBe('true');
  expect(document.activeElement).toBe(screen.getByRole('button'));
  expect(document.querySelector('[aria-busy=true]')).toBeTruthy();
  await act(async () => told());
  await answers({ id: 's' });
  expect(text()).toContain('● recording');
  expect(document.querySelector('[aria-busy=true]')).toBeNull();
});

test('a kernel that is slow to record keeps no other notebook from it', async () => {
  const { model, text, answers } = slow();
  act(() => void model.follow('a.ipynb', KERNEL));
  await answers(null);
  let told: () => void = nothing;
  const tell = () => new Promise<void>(resolve => (told = resolve));
  act(() => void model.turn('k', () => tell().then(() => model.paused('k', true))));
  act(() => void model.follow('b.ipynb', { ...KERNEL, id: 'other' }));
  await answers({ id: 's' });
  expect(text()).toContain('● recording');
  expect(screen.getByRole('button').getAttribute('aria-disabled')).toBe('false');
  act(() => void model.follow('a.ipynb', KERNEL));
  await answers(null);
  expect(text()).toContain('○ starting');
  act(() => void model.follow('b.ipynb', { ...KERNEL, id: 'other' }));
  await answers({ id: 's' });
  await act(async () => told());
  await answers({ id: 's' });
  expect(text()).toContain('● recording'); // it is not this one that is paused
});

test('what ran before a restart is said to be past', async () => {
  const { model, text, answers } = slow();
  act(() => void model.follow('a.ipynb', KERNEL));
  await answers({ id: 's' }, false);
  expect(text()).toContain('○ not recording');
  expect(text()).toContain('what ran before');
});

test('a cell that was executed unrecorded since says so in the list', async () => {
  const executed = {
    id: 'e', sequence: 2, execution_count: 2, cell_id: 'c', source: 'a = 1', outcome: 'ok',
    duration_seconds: 1, gave_result: false
  }; // prettier-ignore
  const page = {
    id: 's', recording: true, executions: [executed, { ...executed, id: 'f', sequence: 3, execution_count: 3 }],
    run: null, next: 3, status: null
  }; // prettier-ignore
  const model = new NowModel({
    sessionOf: async () => ({ id: 's' }),
    session: async () => page as unknown as SessionPage
  });
  await act(() => model.follow('a.ipynb', KERNEL));
  act(() => model.paused('k', true, ['c', 4]));
  render(
    <NowView model={model} onRecord={nothing} onStop={nothing} onCell={nothing} onRun={nothing} />
  );
  const lines = screen.getAllByRole('listitem').map(line => line.textContent);
  expect(lines.map(line => line?.includes('→ [4]'))).toEqual([true, false]);
});

test('whether cells are recorded is not known while the server is away', async () => {
  let isAway = false;
  const model = new NowModel({
    sessionOf: async () => {
      if (isAway) {
        throw new SourceProblem('Away', 'no answer');
      }
      return { id: 's' };
    },
    session: async () => ({ recording: false, executions: [] }) as unknown as SessionPage
  });
  await act(() => model.follow('a.ipynb', KERNEL));
  const { container } = render(
    <NowView model={model} onRecord={nothing} onStop={nothing} onCell={nothing} onRun={nothing} />
  );
  expect(container.textContent).toContain('began anew');
  isAway = true;
  await act(() => model.refresh());
  expect(container.textContent).toContain('○ looking…');
  expect(container.textContent).not.toContain('began anew');
});
