/** Open notebooks, and those that are written: all by JupyterLab's own ways, with its rights. */

import type { JupyterFrontEnd } from '@jupyterlab/application';
import { InputDialog } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { OpenNotebook } from '../models/putting_back';
import type { CellBack, Notebook } from '../records';
import type { Texts } from '../translated';
import { freePath } from './paths';

/** Write a notebook where somebody wants it, and open it; nothing that is there is written over. */
export async function openedAs(
  app: JupyterFrontEnd,
  texts: Texts,
  usual: string,
  document: Promise<Notebook>
): Promise<void> {
  const { contents } = app.serviceManager;
  const free = await freePath(usual, path => isThere(app, path));
  const answer = await InputDialog.getText({
    title: texts.__('Write the notebook to'),
    text: free,
    okLabel: texts.__('Open')
  });
  const path = answer.value?.trim();
  if (!answer.button.accept || !path) {
    return;
  }
  if (await isThere(app, path)) {
    throw new Error(texts.__('%1 is there already: choose another name.', path));
  }
  await contents.save(path, { type: 'notebook', format: 'json', content: await document });
  await app.commands.execute('docmanager:open', { path });
}

async function isThere(app: JupyterFrontEnd, path: string): Promise<boolean> {
  return app.serviceManager.contents.get(path, { content: false }).then(
    () => true,
    () => false
  );
}

/** A notebook that is open, to put cells back into. */
export function openNotebook(panel: NotebookPanel): OpenNotebook {
  const shared = panel.content.model!.sharedModel;
  const placeOf = (id: string) => shared.cells.findIndex(cell => cell.getId() === id);
  return {
    name: panel.title.label,
    cells: () =>
      shared.cells
        .filter(cell => cell.cell_type === 'code')
        .map(cell => ({ id: cell.getId(), source: cell.getSource() })),
    put: changes =>
      shared.transact(() => {
        let last: string | null = null; // new cells follow one another
        for (const { cell, behind, source } of changes as CellBack[]) {
          if (cell !== null) {
            shared.cells[placeOf(cell)]?.setSource(source);
            last = null;
          } else {
            const anchor: string | null = last ?? behind;
            const place: number = anchor === null ? 0 : placeOf(anchor) + 1;
            last = shared.insertCell(place, { cell_type: 'code', source }).getId();
          }
        }
      })
  };
}
