/** How function components subscribe to models. */

import { useSyncExternalStore } from 'react';
import type { Observable } from './observable';

export function useObserved<T>(observable: Observable<T>): T {
  return useSyncExternalStore(observable.watch, () => observable.value);
}
