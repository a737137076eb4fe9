import { expect, test } from 'vitest';
import { InOrder } from '../src/models/in_order';
import type { Going } from '../src/models/looking_on';
import { further } from '../src/models/looking_on';

test.each<[string, number[], boolean[]]>([
  ['as they were asked for', [0, 1, 2], [true, true, true]],
  ['the first behind the second', [1, 0, 2], [true, false, true]],
  ['the last before all others', [2, 0, 1], [true, false, false]]
])('answers that come %s are news, or are not', (_, arriving, news) => {
  const order = new InOrder();
  const questions = arriving.map(() => order.ask());
  expect(arriving.map(place => questions[place]!())).toEqual(news);
});

test.each<[Going['state'] | null, Going['state'], Going['state']]>([
  [null, 'running', 'running'],
  ['running', 'finished', 'finished'],
  ['stopping', 'running', 'stopping'],
  ['stopped', 'stopping', 'stopped'],
  ['failed', 'running', 'failed']
])('of what was known to be %s and is now said to be %s it is told: %s', (known, now, told) => {
  const before = known && { id: 'a', state: known };
  expect(further<Going>(before, { id: 'a', state: now }).state).toBe(told);
});

test('of another thing what is said now is told', () => {
  const known: Going = { id: 'a', state: 'failed' };
  expect(further<Going>(known, { id: 'b', state: 'running' }).state).toBe('running');
});
