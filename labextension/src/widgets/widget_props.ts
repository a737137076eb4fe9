/** What every kind of widget is given. */

import type { Comparison, DataList, Replay, RunList, RunPage, Slice, Source } from '../records';

/** The document that the cell's answer was made of. */
export type First =
  | { kind: 'runs'; document: RunList; filter: string; order_by: string }
  | { kind: 'comparison'; document: Comparison; names: Record<string, string> }
  | { kind: 'slice'; document: Slice }
  | { kind: 'replay'; document: Replay }
  | { kind: 'run'; document: RunPage }
  | { kind: 'data'; document: null };

/** What widgets can ask beyond what all views do. */
export interface WidgetSource extends Source {
  run(id: string): Promise<RunPage>;
  data(offset: number, packages: boolean): Promise<DataList>;
}

export interface WidgetProps<T extends First = First> {
  first: T;
  source: WidgetSource;
  /** Calls a listener when what is shown may have changed; returns what ends that. */
  onChange: (listener: () => void) => () => void;
  /** Makes the chosen runs `widget.selected` in Python. */
  onSelect: (ids: readonly string[]) => void;
}
