import { expect, test } from 'vitest';
import { PAUSE, RECORD } from '../src/panel/kernel_words';

test.each([
  ['record', RECORD, '%nbmlops on'],
  ['pause', PAUSE, '%nbmlops off']
])('to %s needs no magic that start_run alone did not bring', (_, said, magic) => {
  const lines = said.split('\n');
  expect(lines[0]).toContain("('load_ext', 'nbmlops')");
  expect(lines[1]).toBe(magic);
});
