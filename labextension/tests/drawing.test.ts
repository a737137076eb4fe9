import { expect, test } from 'vitest';
import { axesOf } from '../src/drawing/axes';
import { colour, dash, shape } from '../src/drawing/colours';
import { curveOf, inUnit, nearest, smoothed, timeUnit } from '../src/drawing/curves';
import { placed, rounded, scaleOf, ticks, valueAt } from '../src/drawing/scales';
import { comparison } from './made';

test.each([
  ['a range', [3, 1, 2], false], ['one value', [5, 5], false], ['nothing', [], false],
  ['gaps', [NaN, 1, Infinity, 2], false], ['all numbers', [-1e308, 1e308], false],
  ['the greatest number', [Number.MAX_VALUE], false], ['all magnitudes', [1e-300, 1e308], true], ['powers', [0.001, 1000], true],
  ['no positive value on a log scale', [-1, 0], true]
])('a scale of %s undoes itself', (_, values, isLog) => {
  const scale = scaleOf(values, isLog);
  for (const place of [0, 0.25, 1]) {
    expect(placed(scale, valueAt(scale, place))).toBeCloseTo(place);
    expect(Number.isFinite(rounded(scale, 5).most)).toBe(true);
  }
  expect(ticks(scale, 5).length).toBeGreaterThan(0);
  expect(ticks(scale, 5).length).toBeLessThan(12);
}); // prettier-ignore

test('what a log scale has no place for has none', () => {
  expect(placed(scaleOf([1, 10], true), 0)).toBeNaN();
});

test('smoothing keeps a constant, its length, and its gaps', () => {
  expect([...smoothed(Float64Array.from([2, 2, NaN, 2]), 0.9)]).toEqual([2, 2, NaN, 2]);
});

test('smoothing 1, 0 by one half gives 1, 1/3', () => {
  // weights 1/2 and 1/4 for the value before, divided by their sum, as TensorBoard does
  expect(smoothed(Float64Array.from([1, 0]), 0.5)[1]).toBeCloseTo(1 / 3);
});

test('a curve by time begins at zero, and its nearest measurement is found', () => {
  const series = {
    run: 'a', metric: 'loss', count: 3, is_whole: true,
    steps: [0, 1, 2], times: [100, 101, 105], values: [1, 'NaN' as const, 3]
  }; // prettier-ignore
  const curve = curveOf(series, { by: 'time', smoothing: 0 });
  expect([...curve.x]).toEqual([0, 1, 5]);
  expect(curve.y[1]).toBeNaN();
  expect([-1, 0.4, 2.9, 3.1, 99].map(x => nearest(curve, x))).toEqual([0, 0, 1, 2, 2]);
});

test.each([
  ['tenths, to the last', [0, 0.3], 3, false, [0, 0.1, 0.2, 0.3]],
  ['hardly anything, to the last', [0.00005, 0.0003], 5, false, [0.00005, 0.0001, 0.00015, 0.0002, 0.00025, 0.0003]],
  ['whole numbers, where nothing is between', [1, 3], 5, true, [1, 2, 3]]
])('ticks of %s', (_, values, wanted, isWhole, expected) => {
  expect(ticks(scaleOf(values), wanted, isWhole)).toEqual(expected);
}); // prettier-ignore

test.each([
  ['the next tick, which is near', [0, 9_999], 10_000],
  ['where it was, with the next one far', [0, 9_100], 9_100],
  ['a tick', [0, 0.3], 0.3]
])('a scale ends at %s', (_, values, most) => {
  expect(rounded(scaleOf(values), 5).most).toBeCloseTo(most);
});

test.each([
  [0.0003, 'ms', 0.3],
  [1.5, 'ms', 1500],
  [90, 's', 90],
  [600, 'min', 10],
  [86_400, 'h', 24],
  [864_000, 'd', 10]
])('%d seconds are told in %s', (seconds, name, most) => {
  const unit = timeUnit(seconds);
  const curve = { run: 'a', x: Float64Array.of(0, seconds), y: Float64Array.of(1, 2) };
  expect(unit.name).toBe(name);
  expect(inUnit(curve, unit).x[1]).toBeCloseTo(most);
});

test('each of fifty runs has a line and a point of its own', () => {
  const marks = Array.from({ length: 50 }, (_, mark) => mark);
  expect(new Set(marks.map(mark => colour(mark) + String(dash(mark)))).size).toBe(50);
  expect(new Set(marks.map(mark => colour(mark) + shape(mark))).size).toBe(50);
});

test('what no run has a number of is no axis', () => {
  const row = (name: string, values: unknown[]) =>
    ({ name, values, differs: true, better: 'unknown' as const });
  const found = axesOf(
    comparison({ params: [], metrics: [row('inf', [null, 'Infinity']), row('auc', [null, 1])] })
  );
  expect(found.map(({ name }) => name)).toEqual(['auc']);
}); // prettier-ignore
