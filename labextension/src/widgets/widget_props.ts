/** What every kind of widget is given. */

import type { Comparison, RunList, Slice, Source } from '../records';

/** The document that the cell's answer was made of. */
export type First =
  | { kind: 'runs'; document: RunList; filter: string; order_by: string }
  | { kind: 'comparison'; document: Comparison; names: Record<string, string> }
  | { kind: 'slice'; document: Slice };

export interface WidgetProps<T extends First = First> {
  first: T;
  source: Source;
  /** Makes the chosen runs `widget.selected` in Python. */
  onSelect: (ids: readonly string[]) => void;
}
