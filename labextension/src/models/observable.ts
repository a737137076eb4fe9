/** A value that views watch. `useObserved` in `models/hooks` subscribes a component to it. */

export class Observable<T> {
  private readonly watchers = new Set<() => void>();

  constructor(private current: T) {}

  get value(): T {
    return this.current;
  }

  /** Set parts of the value, and tell who watches. */
  update(part: Partial<T>): void {
    this.current = { ...this.current, ...part };
    for (const watcher of [...this.watchers]) {
      watcher();
    }
  }

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };
}
