/** How function components subscribe to models, and to the time. */

import { useSyncExternalStore } from 'react';
import type { Observable } from './observable';

export function useObserved<T>(observable: Observable<T>): T {
  return useSyncExternalStore(observable.watch, () => observable.value);
}

/** A part of what is observed: the component is drawn again only when that part is another. */
export function useObservedPart<T, P>(observable: Observable<T>, part: (value: T) => P): P {
  return useSyncExternalStore(observable.watch, () => part(observable.value));
}

const MOMENT = 10_000; // milliseconds

/**
 * The time in milliseconds, up to ten seconds ago: the same wherever it is asked for.
 *
 * All that says how long ago something was then says the same, and is drawn again together.
 */
export function useMoment(): number {
  return useSyncExternalStore(eachMoment, () => Math.floor(Date.now() / MOMENT) * MOMENT);
}

function eachMoment(tell: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const wait = () => {
    timer = setTimeout(
      () => {
        tell();
        wait();
      },
      MOMENT - (Date.now() % MOMENT)
    );
  };
  wait();
  return () => clearTimeout(timer);
}
