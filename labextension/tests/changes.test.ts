import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Changes } from '../src/widgets/changes';

let seen: (isIntersecting: boolean) => void;
let heard: (message: object) => void;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(told: (entries: object[]) => void) {
        seen = isIntersecting => told([{ isIntersecting }]);
      }
      observe(): void {}
      disconnect(): void {}
    }
  );
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function changes(): Changes {
  const model = { on: (_: string, listener: typeof heard) => (heard = listener), off: vi.fn() };
  return new Changes(model as never, document.createElement('div'));
}

test('several cells that end are one change, told to who is seen', () => {
  const look = vi.fn();
  changes().watch(look);
  seen(true);
  heard({ changed: true });
  heard({ changed: true });
  heard({ number: 1 });
  expect(look).toHaveBeenCalledTimes(0);
  vi.advanceTimersByTime(300);
  expect(look).toHaveBeenCalledTimes(1);
});

test('what is not seen looks when it is, once', () => {
  const look = vi.fn();
  changes().watch(look);
  heard({ changed: true });
  vi.advanceTimersByTime(300);
  expect(look).toHaveBeenCalledTimes(0);
  seen(true);
  seen(true);
  expect(look).toHaveBeenCalledTimes(1);
});

test('who begins to listen hears of what had changed; who ended does not', () => {
  const look = vi.fn();
  const made = changes();
  seen(true);
  heard({ changed: true });
  vi.advanceTimersByTime(300);
  const end = made.watch(look);
  expect(look).toHaveBeenCalledTimes(1);
  end();
  heard({ changed: true });
  vi.advanceTimersByTime(300);
  expect(look).toHaveBeenCalledTimes(1);
});
