/** The model of writing on runs: what was changed, what went wrong, and what can be taken back. */

import type { RunChange, Source } from '../records';
import { Observable } from './observable';

export interface EditState {
  /** The runs that were put into the trash last, as long as that can be taken back here. */
  trashed: readonly string[];
  problem: string | null;
}

export class Edits {
  readonly state = new Observable<EditState>({ trashed: [], problem: null });

  constructor(
    private readonly source: Pick<Source, 'change' | 'trash'>,
    /** Called when something was changed: who shows runs looks again. */
    private readonly done: () => void
  ) {}

  readonly change = (ids: readonly string[], change: RunChange): Promise<void> =>
    this.tried(async () => {
      for (const id of ids) {
        await this.source.change(id, change);
      }
      return {};
    });

  readonly remove = (ids: readonly string[]): Promise<void> =>
    this.tried(async () => {
      await this.source.trash(ids, true);
      return { trashed: ids };
    });

  readonly restore = (ids: readonly string[]): Promise<void> =>
    this.tried(async () => {
      await this.source.trash(ids, false);
      return { trashed: [] };
    });

  readonly dismiss = (): void => this.state.update({ trashed: [], problem: null });

  /** Looks again also when it failed: of several runs some may have been changed. */
  private async tried(act: () => Promise<Partial<EditState>>): Promise<void> {
    try {
      this.state.update({ ...(await act()), problem: null });
    } catch (problem) {
      this.state.update({ problem: problem instanceof Error ? problem.message : String(problem) });
    }
    this.done();
  }
}
