import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Standing } from '../src/panel/standing';
import type { ServerStatus } from '../src/records';
import { SourceProblem } from '../src/records';
import { ENGLISH } from '../src/translated';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function status(state: ServerStatus['state']): ServerStatus {
  return {
    version: '1.0', schema: '0009', state, problem: null, store: 'sqlite:///a', project: '/a',
    user: 'ann', change: 'x'
  }; // prettier-ignore
}

/** A server that answers when it is told to, in whichever order. */
function made() {
  const answers: { resolve: (now: ServerStatus) => void; reject: (why: Error) => void }[] = [];
  const told: (string | undefined)[] = [];
  const around = { isSeen: true };
  const cleared = vi.fn();
  const standing = new Standing(
    {
      status: () => new Promise((resolve, reject) => answers.push({ resolve, reject })),
      isSeen: () => around.isSeen,
      texts: ENGLISH
    },
    obstacle => told.push(obstacle?.title),
    cleared
  );
  const answer = async (place: number, state: ServerStatus['state']) => {
    answers[place]!.resolve(status(state));
    await vi.advanceTimersByTimeAsync(0);
  };
  return { answers, told, around, cleared, standing, answer };
}

test('an answer that comes behind a later one is not taken', async () => {
  const { standing, told, answer, answers } = made();
  void standing.look();
  void standing.look();
  await answer(1, 'ready');
  await answer(0, 'too_new');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).toEqual([undefined]);
  expect(answers.length).toBe(2);
});

test('what stands in the way is looked at until it is gone, then all looks again', async () => {
  const { standing, told, cleared, answer, answers } = made();
  void standing.look();
  await answer(0, 'too_new');
  await vi.advanceTimersByTimeAsync(3_000);
  await answer(1, 'upgrading');
  await vi.advanceTimersByTimeAsync(3_000);
  expect(cleared).not.toHaveBeenCalled();
  await answer(2, 'ready');
  expect(cleared).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(answers.length).toBe(3);
  expect(told.map(Boolean)).toEqual([true, true, false]);
});

test('nothing is asked while nobody sees the panel', async () => {
  const { standing, around, answer, answers } = made();
  void standing.look();
  await answer(0, 'upgrading');
  around.isSeen = false;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(answers.length).toBe(1);
  around.isSeen = true;
  await vi.advanceTimersByTimeAsync(3_000);
  expect(answers.length).toBe(2);
});

test('a server that does not answer is asked again', async () => {
  const { standing, told, answer, answers } = made();
  void standing.look();
  answers[0]!.reject(new SourceProblem('Away', 'gone'));
  await vi.advanceTimersByTimeAsync(3_000);
  await answer(1, 'ready');
  expect(told).toEqual(['The server does not answer', undefined]);
});
