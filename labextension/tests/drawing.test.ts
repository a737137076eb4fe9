import { expect, test } from 'vitest';
import { curveOf, nearest, smoothed } from '../src/drawing/curves';
import { placed, scaleOf, ticks, valueAt } from '../src/drawing/scales';

test.each([
  ['a range', [3, 1, 2], false], ['one value', [5, 5], false], ['nothing', [], false],
  ['gaps', [NaN, 1, Infinity, 2], false], ['powers', [0.001, 1000], true],
  ['no positive value on a log scale', [-1, 0], true]
])('a scale of %s undoes itself', (_, values, isLog) => {
  const scale = scaleOf(values, isLog);
  for (const place of [0, 0.25, 1]) {
    expect(placed(scale, valueAt(scale, place))).toBeCloseTo(place);
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
