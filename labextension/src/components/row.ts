/** What every row of a run is given, be it of the table or of the list. */

import type { Run } from '../records';

export interface RunRowProps {
  run: Run;
  index: number;
  isActive: boolean;
  isChosen: boolean;
  now: number;
  onToggle: (id: string) => void;
  onOpen: (id: string) => void;
}

/** The classes of a row that is the active one, or chosen. */
export function rowClasses(kind: string, isActive: boolean, isChosen: boolean): string {
  return `${kind}${isActive ? ' jp-mod-active' : ''}${isChosen ? ' jp-mod-selected' : ''}`;
}
