/** What the plugins of the panel share. */

import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { Token } from '@lumino/coreutils';
import type { ReactElement } from 'react';
import type { Api } from '../api';
import type { Edits } from '../models/edits';
import type { NowModel } from '../models/now';
import type { Observable } from '../models/observable';
import type { Texts } from '../translated';
import { short } from '../words';
import type { MainArea } from './main_area';

/** One tab of the panel. */
export interface Tab {
  id: string;
  title: string;
  rank: number;
  /** `isHindered` where it is said above that the server or the store is not as needed. */
  render: (isHindered: boolean) => ReactElement;
}

/** The panel in the left area; plugins add tabs to it. */
export interface Panel {
  readonly api: Api;
  readonly texts: Texts;
  /** Whatever is written on runs in any view. */
  readonly edits: Edits;
  readonly now: NowModel;
  /** Where views are shown that need room. */
  readonly main: MainArea;
  /** Changes whenever it is time to look again; `moment` tells one look from another. */
  readonly looks: Observable<{ moment: number }>;
  /** Look again now, since something was changed from here. */
  look(): void;
  addTab(tab: Tab): void;
  /** Show the panel with this tab on top, and lead the focus to it, or to a part of it. */
  reveal(tab: string, part?: string): void;
}

export const IPanel = new Token<Panel>(
  'nbmlops:IPanel',
  'The panel of nbmlops, to which plugins add tabs.'
);

/** The run that a command is given, and what to call it. */
export function runOf(args: ReadonlyPartialJSONObject): { id: string; name: string } {
  const id = String(args['id']);
  return { id, name: String(args['name'] ?? short(id)) };
}

export const Commands = {
  show: 'nbmlops:show-panel',
  record: 'nbmlops:record',
  pause: 'nbmlops:pause',
  search: 'nbmlops:search-runs',
  table: 'nbmlops:open-runs',
  compare: 'nbmlops:compare-runs',
  openRun: 'nbmlops:open-run',
  why: 'nbmlops:why',
  notebook: 'nbmlops:open-as-notebook',
  putBack: 'nbmlops:put-cells-back',
  rerun: 'nbmlops:execute-again',
  replay: 'nbmlops:replay'
} as const;
