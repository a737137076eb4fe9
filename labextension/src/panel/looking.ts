/** When to look again: something was recorded, the tab became visible, or a while has passed. */

import type { Event } from '@jupyterlab/services';
import { Observable } from '../models/observable';

const CHANGED = 'https://nbmlops.dev/events/changed/v1';
const PAUSE = 150; // milliseconds: what asks for looks in quick succession gets two of them
const AT_LEAST_EVERY = 30_000; // milliseconds: the server tells of changes only to who asks

/** When it is time to look again, and the way to say so. */
export class Looks extends Observable<{ moment: number }> {
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private isWanted = false;

  constructor() {
    super({ moment: 0 });
  }

  /** Look again: at once, and once more if that is said again within a moment. */
  readonly look = (): void => {
    if (this.waiting !== undefined) {
      this.isWanted = true;
      return;
    }
    this.waiting = setTimeout(() => {
      this.waiting = undefined;
      if (this.isWanted) {
        this.look();
      }
    }, PAUSE);
    this.isWanted = false;
    this.update({ moment: this.value.moment + 1 });
  };
}

export function looksFrom(events: Event.IManager): Looks {
  const looks = new Looks();
  const { look } = looks;
  events.stream.connect((_, emission) => {
    if (emission.schema_id === CHANGED) {
      look();
    }
  });
  document.addEventListener('visibilitychange', () => document.hidden || look());
  setInterval(() => document.hidden || look(), AT_LEAST_EVERY);
  return looks;
}
