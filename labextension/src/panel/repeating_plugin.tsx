/** Taking a run up again: as a notebook, its cells put back, replayed, with other parameters. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { PuttingBackView } from '../components/PuttingBackView';
import { ReplayView } from '../components/ReplayView';
import { RerunView } from '../components/RerunView';
import { PuttingBackModel } from '../models/putting_back';
import { ReplayingModel } from '../models/replaying';
import { RerunModel } from '../models/rerun';
import { openedAs, openNotebook } from './notebooks';
import { usualPath } from './paths';
import type { Panel } from './tokens';
import { Commands, IPanel, runOf } from './tokens';

export const repeatingPlugin: JupyterFrontEndPlugin<void> = {
  id: 'nbmlops:repeating',
  description: 'Runs taken up again: as notebooks, replayed, with other parameters.',
  autoStart: true,
  requires: [IPanel],
  optional: [INotebookTracker],
  activate: (app: JupyterFrontEnd, panel: Panel, notebooks: INotebookTracker | null): void => {
    const { commands } = app;
    const { api, texts, main } = panel;
    const current = () => notebooks?.currentWidget ?? null;
    commands.addCommand(Commands.notebook, {
      label: texts.__('Open a Run as a Notebook'),
      execute: async args => {
        const id = String(args['id']);
        const run = await api.run(id);
        const usual = usualPath(run, current()?.context.path ?? '');
        await openedAs(app, texts, usual, api.notebook(id)).catch(told);
      }
    });
    commands.addCommand(Commands.putBack, {
      label: texts.__('Put Cells of a Run Back'),
      isEnabled: () => current() !== null,
      execute: args => {
        const { id, name } = runOf(args);
        const notebook = current();
        if (!notebook) {
          return;
        }
        const title = texts.__('%1 into %2', name, notebook.title.label);
        main.show(`put back ${id} ${notebook.id}`, title, () => {
          const compare = (cells: object[]) => api.restoration(id, cells);
          const model = new PuttingBackModel(compare, openNotebook(notebook));
          void model.load();
          return { body: <PuttingBackView model={model} /> };
        });
      }
    });
    commands.addCommand(Commands.rerun, {
      label: texts.__('Execute a Run Again'),
      execute: args => {
        const { id, name } = runOf(args);
        main.show(`rerun ${id}`, texts.__('%1 again', name), () => {
          const model = new RerunModel(api, id, panel.look);
          void model.load();
          const body = (
            <RerunView
              model={model}
              onOpenRun={run => void commands.execute(Commands.openRun, { id: run })}
              onOpenNotebook={path => void commands.execute('docmanager:open', { path })}
              onCompare={ids => void commands.execute(Commands.compare, { ids })}
            />
          );
          return { body, end: model.close };
        });
      }
    });
    commands.addCommand(Commands.replay, {
      label: texts.__('Replay a Run'),
      execute: args => {
        const { id, name } = runOf(args);
        main.show(`replay ${id}`, texts.__('Replay of %1', name), () => {
          const model = new ReplayingModel(api, id);
          void model.load();
          const open = (run: string) => void commands.execute(Commands.openRun, { id: run });
          return { body: <ReplayView model={model} onOpenRun={open} />, end: model.close };
        });
      }
    });
  }
};

function told(problem: unknown): void {
  Notification.error(problem instanceof Error ? problem.message : String(problem));
}
