import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Looks } from '../src/panel/looking';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what is said often is looked at at once, and once more behind the last', () => {
  const looks = new Looks();
  for (let time = 0; time < 10; time++) {
    looks.look();
  }
  expect(looks.value.moment).toBe(1);
  vi.advanceTimersByTime(1000);
  expect(looks.value.moment).toBe(2);
  vi.advanceTimersByTime(1000);
  expect(looks.value.moment).toBe(2);
  looks.look();
  expect(looks.value.moment).toBe(3);
});
