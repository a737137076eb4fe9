/** The notebook's own cells: marks beside them, and the way to them. */

import type { NotebookPanel } from '@jupyterlab/notebook';
import type { CellMark } from '../models/marks';
import { marksOf } from '../models/marks';
import type { NowState, Prompts } from '../models/now';
import type { Texts } from '../translated';
import { shortened } from '../words';

const MOST_REASONS = 5;

/** Mark each cell: recorded, gave a result, or stale, which is explained on hover; null for none. */
export function marked(panel: NotebookPanel, state: NowState | null, texts: Texts): void {
  const marks: ReadonlyMap<string, CellMark> = state ? marksOf(state, promptsOf(panel)) : new Map();
  for (const cell of panel.content.widgets) {
    const mark = marks.get(cell.model.id);
    const prompt = cell.node.querySelector<HTMLElement>('.jp-InputPrompt');
    if (mark) {
      cell.node.dataset['nbmlops'] = mark.kind;
    } else {
      delete cell.node.dataset['nbmlops'];
    }
    if (prompt) {
      prompt.title = mark ? words(mark, texts) : '';
    }
  }
}

function promptsOf(panel: NotebookPanel): Prompts {
  return new Map(
    panel.content.widgets.map(({ model }) => [model.id, executionCount(model.sharedModel)])
  );
}

/** The number that a cell was executed with; null while it runs, and for cells of text. */
export function executionCount(cell: object): number | null {
  return 'execution_count' in cell && typeof cell.execution_count === 'number'
    ? cell.execution_count
    : null;
}

function words({ kind, reasons }: CellMark, texts: Texts): string {
  const heads = {
    recorded: texts.__('recorded'),
    result: texts.__('recorded, gave a result'),
    stale: texts.__('stale: run it again'),
    unrecorded: texts.__('not recorded when it was executed last')
  };
  const lines = reasons.slice(0, MOST_REASONS).map(reason => shortened(reason, 200));
  return [heads[kind], ...lines].join('\n');
}

/** Make a cell the active one, and bring it into view. */
export async function goTo(panel: NotebookPanel, cellId: string): Promise<void> {
  const place = panel.content.widgets.findIndex(cell => cell.model.id === cellId);
  if (place >= 0) {
    panel.content.activeCellIndex = place;
    await panel.content.scrollToItem(place, 'smart');
    panel.content.activate();
  }
}
