/** The model of putting cells of a run back into an open notebook: which, seen as a diff first. */

import type { CellBack, Restoration } from '../records';
import { Observable } from './observable';

/** The notebook whose cells are changed, as far as it matters here. */
export interface OpenNotebook {
  readonly name: string;
  /** Its code cells, in order. */
  cells(): { id: string; source: string }[];
  /** Put sources in place, and new cells behind others, as one step that can be undone. */
  put(changes: readonly CellBack[]): void;
}

export interface PuttingBackState {
  found: Restoration | null;
  /** The changes that are left out, by their places. */
  left: ReadonlySet<number>;
  /** How many cells were put back; null before. */
  done: number | null;
  problem: string | null;
}

export class PuttingBackModel {
  readonly state = new Observable<PuttingBackState>({
    found: null, left: new Set(), done: null, problem: null
  }); // prettier-ignore

  constructor(
    private readonly compare: (cells: { id: string; source: string }[]) => Promise<Restoration>,
    readonly notebook: OpenNotebook
  ) {}

  async load(): Promise<void> {
    try {
      const found = await this.compare(this.notebook.cells());
      this.state.update({ found, left: new Set(), problem: null });
    } catch (problem) {
      this.state.update({ problem: problem instanceof Error ? problem.message : String(problem) });
    }
  }

  get chosen(): readonly CellBack[] {
    const { found, left } = this.state.value;
    return (found?.changes ?? []).filter((_, place) => !left.has(place));
  }

  toggle(place: number): void {
    const left = new Set(this.state.value.left);
    if (!left.delete(place)) {
      left.add(place);
    }
    this.state.update({ left });
  }

  /** Put the chosen cells back, and compare again: nothing is left of what was put back. */
  async put(): Promise<void> {
    const { chosen } = this;
    this.notebook.put(chosen);
    this.state.update({ done: chosen.length });
    await this.load();
  }
}
