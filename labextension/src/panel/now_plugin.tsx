/** The tab *Now*, the commands that record, and the marks in the notebook's own cells. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { NowView } from '../components/NowView';
import type { NowModel } from '../models/now';
import type { Texts } from '../translated';
import { goTo, marked } from './cells';
import { asked, PAUSE, RECORD, said } from './kernel_words';
import type { Panel } from './tokens';
import { Commands, IPanel } from './tokens';

export const nowPlugin: JupyterFrontEndPlugin<void> = {
  id: 'nbmlops:now',
  description: 'What is being recorded in the active notebook.',
  autoStart: true,
  requires: [IPanel],
  optional: [INotebookTracker, ICommandPalette, ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    panel: Panel,
    notebooks: INotebookTracker | null,
    palette: ICommandPalette | null,
    settings: ISettingRegistry | null
  ): void => {
    const { commands } = app;
    const { texts, now } = panel;
    const say = async (line: string) => {
      const kernel = notebooks?.currentWidget?.sessionContext.session?.kernel;
      if (kernel) {
        await now.turn(kernel.id, async () => {
          await said(kernel, line);
          now.paused(kernel.id, await asked(kernel));
        });
      }
    };
    const hasKernel = () => now.state.value.kernel?.language === 'python';
    commands.addCommand(Commands.record, {
      label: texts.__('Record This Notebook'),
      isEnabled: hasKernel,
      execute: () => say(RECORD)
    });
    commands.addCommand(Commands.pause, {
      label: texts.__('Pause Recording'),
      isEnabled: hasKernel,
      execute: () => say(PAUSE)
    });
    for (const command of [Commands.record, Commands.pause]) {
      palette?.addItem({ command, category: 'nbmlops' });
    }
    panel.addTab({
      id: 'now',
      title: texts.__('Now'),
      rank: 10,
      render: isHindered => (
        <NowView
          isHindered={isHindered}
          model={now}
          onRecord={() => void commands.execute(Commands.record)}
          onStop={() => void commands.execute(Commands.pause)}
          onCell={cell => notebooks?.currentWidget && void goTo(notebooks.currentWidget, cell)}
          onRun={id => void commands.execute(Commands.openRun, { id })}
        />
      )
    });
    keepMarked(now, notebooks, settings, texts);
  }
};

/** Mark the cells of the active notebook as long as the settings want it. */
function keepMarked(
  now: NowModel,
  notebooks: INotebookTracker | null,
  settings: ISettingRegistry | null,
  texts: Texts
): void {
  let isWanted = true;
  const mark = () => {
    const notebook = notebooks?.currentWidget;
    if (notebook) {
      marked(notebook, isWanted ? now.state.value : null, texts);
    }
  };
  now.state.watch(mark);
  settings?.load('nbmlops:panel').then(
    found => {
      const read = () => {
        isWanted = found.get('marks').composite !== false;
        mark();
      };
      found.changed.connect(read);
      read();
    },
    () => undefined // without its schema the marks are there
  );
}
