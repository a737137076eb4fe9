import { expect, test } from 'vitest';
import { toldApart } from '../src/models/told_apart';

const LONG = 'x'.repeat(5000);

test.each<[string, unknown[], string[]]>([
  ['short ones', [1, 'a', null], ['1', 'a', '–']],
  ['the same', [LONG, LONG], [`${'x'.repeat(39)}…`, `${'x'.repeat(39)}…`]],
  ['numbers that are nearly the same', [0.1234567, 0.1234568], ['0.1234567', '0.1234568']],
  ['a number and its text', [3, '3'], ['3', '"3"']],
  ['blanks', ['', ' '], ['""', '" "']],
  [
    'long texts that differ late',
    [`${LONG}a`, `${LONG}b`, null],
    [`…${'x'.repeat(12)}a"`, `…${'x'.repeat(12)}b"`, '–']
  ],
  ['hostile ones', ['\u202ea', '\u202eb'], ['\ufffda', '\ufffdb']]
])('of %s different ones look different', (_, values, texts) => {
  expect(toldApart(values)).toEqual(texts);
});
