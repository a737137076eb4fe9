/** How function components subscribe to models. */

import { useSyncExternalStore } from 'react';
import type { Observable } from './observable';

export function useObserved<T>(observable: Observable<T>): T {
  return useSyncExternalStore(observable.watch, () => observable.value);
}

/** A part of what is observed: the component is drawn again only when that part is another. */
export function useObservedPart<T, P>(observable: Observable<T>, part: (value: T) => P): P {
  return useSyncExternalStore(observable.watch, () => part(observable.value));
}
