import { describe, expect, test } from 'vitest';
import {
  called,
  duration,
  number,
  numeric,
  short,
  shortened,
  shown,
  signed,
  size,
  when
} from '../src/words';

describe('number', () => {
  test.each([
    [0.912345, '0.9123'], [336776, '336,776'], [1234567.8, '1,234,568'], [1e-7, '1e-07'],
    [NaN, 'NaN'], [Infinity, '∞'], [-Infinity, '−∞'], [0, '0'], [-2, '−2'], [1234.56, '1234.6'],
    [-0.5, '−0.5'], [1e300, '1e+300'], [-2.5e-5, '−2.5e-05']
  ])('%d reads %s', (value, text) => expect(number(value)).toBe(text)); // prettier-ignore
});

test.each([[0.0134, '+0.0134'], [-2, '−2'], [0, '±0'], [NaN, '?']])(
  'a difference of %d reads %s', (value, text) => expect(signed(value)).toBe(text)
); // prettier-ignore

test.each([[0.0123, '12 ms'], [3.21, '3.2 s'], [125, '2 min 5 s'], [7300, '2 h 1 min'], [null, '']])(
  '%s seconds read %s', (value, text) => expect(duration(value)).toBe(text)
); // prettier-ignore

test.each([[512, '512 B'], [20_480, '20 kB'], [5_300_000, '5.3 MB'], [null, '']])(
  '%s bytes read %s', (value, text) => expect(size(value)).toBe(text)
); // prettier-ignore

test('moments are told from now', () => {
  const now = Date.parse('2026-11-20T10:00:30Z');
  expect(when('2026-11-20T10:00:00Z', now)).toBe('30 s ago');
  expect(when('2026-11-20T09:40:30Z', now)).toBe('20 min ago');
});

test.each([
  [true, 'True'], [null, '–'], ['NaN', 'NaN'], ['a\nb', 'a⏎b'], [[1, 2], '[1,2]'], [0.1, '0.1']
])('the value %j is shown as %s', (value, text) => expect(shown(value)).toBe(text)); // prettier-ignore

test('what turns lines around or hides becomes visible', () => {
  expect(shortened('\u202eabc\u0000')).toBe('�abc�');
  expect(shortened('x'.repeat(100_000), 10)).toHaveLength(10);
  expect(shortened('😀'.repeat(9), 10)).toBe(`${'😀'.repeat(4)}…`);
  expect(shortened('👩‍👩‍👧a👩‍👩‍👧', 10)).toBe('👩‍👩‍👧a…');
});

test('an id is cut to what people read', () => expect(short('0123456789')).toBe('01234567'));

test('only the contract’s own words are numbers', () => {
  expect(numeric('NaN')).toBeNaN();
  expect(numeric('-Infinity')).toBe(-Infinity);
  expect(numeric('1')).toBeNull();
});

test.each([
  [{ id: '3k9fabcdefgh', name: 'baseline' }, 'baseline'],
  [{ id: '3k9fabcdefgh', name: null }, '3k9fabcd'],
  [{ id: '3k9fabcdefgh', name: '' }, '3k9fabcd']
])('%j is called %s', (run, name) => expect(called(run)).toBe(name));
