/** The tab *Runs*, and the views in the main area: the table, comparisons, run pages, lineage. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { RunsView } from '../components/RunsView';
import { FOR_A_LIST } from '../models/needs';
import { RunsModel } from '../models/runs';
import { MainViews } from './main_views';
import type { Panel } from './tokens';
import { Commands, IPanel, runOf } from './tokens';

export const runsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'nbmlops:runs',
  description: 'Recorded runs: found, opened, compared.',
  autoStart: true,
  requires: [IPanel],
  optional: [ICommandPalette],
  activate: (app: JupyterFrontEnd, panel: Panel, palette: ICommandPalette | null): void => {
    const { commands } = app;
    const { api, edits, texts, looks } = panel;
    const views = new MainViews(commands, panel);
    const model = new RunsModel(api, {}, FOR_A_LIST);
    looks.watch(() => void model.refresh());
    const open = (id: string) => void commands.execute(Commands.openRun, { id });
    const compare = (ids: string[]) => void commands.execute(Commands.compare, { ids });
    panel.addTab({
      id: 'runs',
      title: texts.__('Runs'),
      rank: 20,
      render: isHindered => (
        <RunsView
          isHindered={isHindered}
          model={model}
          edits={edits}
          source={api}
          isNarrow
          onOpen={open}
          onCompare={compare}
        />
      )
    });
    commands.addCommand(Commands.show, {
      label: texts.__('Show What Is Recorded'),
      execute: () => panel.reveal('now')
    });
    commands.addCommand(Commands.search, {
      label: texts.__('Search Runs'),
      execute: () => panel.reveal('runs', '.jp-nbmlops-search input')
    });
    commands.addCommand(Commands.table, {
      label: texts.__('All Runs as a Table'),
      execute: () => views.table(open, compare)
    });
    commands.addCommand(Commands.openRun, {
      label: texts.__('Open a Run'),
      execute: args => views.run(String(args['id']))
    });
    commands.addCommand(Commands.compare, {
      label: texts.__('Compare the Chosen Runs'),
      isEnabled: args => Array.isArray(args['ids']) || model.state.value.selected.size > 1,
      execute: args =>
        views.comparison((args['ids'] as string[]) ?? [...model.state.value.selected], chosen =>
          model.select(chosen)
        )
    });
    commands.addCommand(Commands.why, {
      label: texts.__('Why Are the Numbers of a Run What They Are'),
      execute: args => {
        const { id, name } = runOf(args);
        views.lineage(id, name);
      }
    });
    for (const command of [Commands.show, Commands.search, Commands.table, Commands.compare]) {
      palette?.addItem({ command, category: 'nbmlops' });
    }
  }
};
