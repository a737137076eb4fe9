/** Tells a widget to look again: a cell has ended since, and somebody can see it. */

import type { WidgetModel } from './kernel_source';

const TOGETHER = 300; // milliseconds: cells that end one after the other are one change

export class Changes {
  private listener: (() => void) | null = null;
  private isDue = false;
  private isSeen = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly observer: IntersectionObserver;

  constructor(
    private readonly model: WidgetModel,
    el: HTMLElement
  ) {
    this.observer = new IntersectionObserver(entries => {
      this.isSeen = entries.at(-1)?.isIntersecting ?? false;
      this.tell();
    });
    this.observer.observe(el);
    model.on('msg:custom', this.heard);
  }

  /** Have a listener called; what has changed before is told at once. */
  readonly watch = (listener: () => void): (() => void) => {
    this.listener = listener;
    this.tell();
    return () => {
      this.listener = null;
    };
  };

  end(): void {
    clearTimeout(this.timer);
    this.observer.disconnect();
    this.model.off('msg:custom', this.heard);
  }

  private readonly heard = (message: { changed?: boolean }): void => {
    if (message.changed) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        this.isDue = true;
        this.tell();
      }, TOGETHER);
    }
  };

  private tell(): void {
    if (this.isDue && this.isSeen && this.listener) {
      this.isDue = false;
      this.listener();
    }
  }
}
