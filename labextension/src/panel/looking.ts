/** When to look again: something was recorded, the tab became visible, or a while has passed. */

import type { Event } from '@jupyterlab/services';
import { Observable } from '../models/observable';

const CHANGED = 'https://nbmlops.dev/events/changed/v1';
const PAUSE = 150; // milliseconds: events in quick succession are one look
const AT_LEAST_EVERY = 30_000; // milliseconds: the server tells of changes only to who asks

export function looksFrom(events: Event.IManager): Observable<{ moment: number }> {
  const looks = new Observable({ moment: 0 });
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    waiting ??= setTimeout(() => {
      waiting = undefined;
      looks.update({ moment: looks.value.moment + 1 });
    }, PAUSE);
  };
  events.stream.connect((_, emission) => {
    if (emission.schema_id === CHANGED) {
      look();
    }
  });
  document.addEventListener('visibilitychange', () => document.hidden || look());
  setInterval(() => document.hidden || look(), AT_LEAST_EVERY);
  return looks;
}
