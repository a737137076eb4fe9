/** What stands in the panel's way, learned from the server, and looked at until it is gone. */

import { InOrder } from '../models/in_order';
import type { ServerStatus } from '../records';
import type { Texts } from '../translated';
import { obstacleOf, obstacleOfProblem } from './obstacles';
import type { PanelState } from './PanelView';

type Obstacle = PanelState['obstacle'];

const AGAIN = 3_000; // milliseconds

export interface Surroundings {
  status: () => Promise<ServerStatus>;
  /** Whether somebody sees the panel. */
  isSeen: () => boolean;
  texts: Texts;
}

export class Standing {
  private readonly order = new InOrder();
  private version: string | undefined; // of the server that this page was loaded from
  private last: Obstacle = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly around: Surroundings,
    private readonly take: (obstacle: Obstacle) => void,
    /** Called when nothing stands in the way any more. */
    private readonly cleared: () => void
  ) {}

  readonly look = async (): Promise<void> => {
    if (!this.around.isSeen()) {
      return this.wait();
    }
    const isNews = this.order.ask();
    const found = await this.found();
    if (!isNews()) {
      return;
    }
    const before = this.last;
    this.last = found;
    this.take(found);
    if (found === null && before !== null) {
      this.cleared();
    }
    this.wait();
  };

  private async found(): Promise<Obstacle> {
    const { status, texts } = this.around;
    try {
      const found = await status();
      this.version ??= found.version;
      return obstacleOf(found, this.version, texts);
    } catch (problem) {
      return obstacleOfProblem(problem, texts);
    }
  }

  /** Look again by oneself as long as something stands in the way: it goes without an event. */
  private wait(): void {
    clearTimeout(this.timer);
    this.timer = this.last === null ? undefined : setTimeout(this.look, AGAIN);
  }
}
