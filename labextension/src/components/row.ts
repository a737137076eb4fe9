/** What every row of a run is given, be it of the table or of the list. */

import type { Run } from '../records';

export interface RunRowProps {
  run: Run;
  index: number;
  /** Of the row that keys act on; undefined for all others. */
  activeId: string | undefined;
  isChosen: boolean;
  now: number;
  onToggle: (id: string) => void;
  /** Undefined where a run has no page: its name leads nowhere then. */
  onOpen?: ((id: string) => void) | undefined;
}

/** The classes of a row that is the active one, or chosen. */
export function rowClasses(kind: string, isActive: boolean, isChosen: boolean): string {
  return `${kind}${isActive ? ' jp-mod-active' : ''}${isChosen ? ' jp-mod-selected' : ''}`;
}
