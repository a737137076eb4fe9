import { expect, test } from 'vitest';
import { obstacleOf, obstacleOfProblem } from '../src/panel/obstacles';
import type { ServerStatus } from '../src/records';
import { SourceProblem } from '../src/records';
import { ENGLISH } from '../src/translated';

const status: ServerStatus = {
  version: '1.0', schema: '0009', state: 'ready', problem: null, store: 'sqlite:///a', project: '/a',
  user: 'ann', change: 'x'
}; // prettier-ignore

test.each<[string, Partial<ServerStatus>, string | undefined, string | null | undefined]>([
  ['nothing where all is well', {}, undefined, undefined],
  ['nothing where there is no store: the tabs invite', { state: 'missing' }, undefined, undefined],
  ['that the store is being upgraded', { state: 'upgrading' }, 'being upgraded', null],
  ['what to install', { state: 'too_new' }, 'later nbmlops', 'pip install --upgrade nbmlops'],
  ['that the store cannot be read', { state: 'unusable' }, 'cannot be read', null],
  ['that the page is of another version', { version: '1.1' }, 'another nbmlops', null]
])('says %s', (_, more, title, line) => {
  const found = obstacleOf({ ...status, ...more }, '1.0', ENGLISH);
  expect([found?.title.match(title ?? 'no')?.[0], found?.line]).toEqual([title, line]);
});

test('says how a server comes to know nbmlops', () => {
  const found = obstacleOfProblem(new SourceProblem('NoServer', '404'), ENGLISH);
  expect(found?.line).toContain('enable nbmlops');
});

test('says of a server that is away that the panel goes on looking', () => {
  const found = obstacleOfProblem(new SourceProblem('Away', 'gone'), ENGLISH);
  expect([found?.line, found?.text.includes('looks again by itself')]).toEqual([null, true]);
});
