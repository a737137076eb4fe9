/** The panel itself, without tabs: the left area, what is followed, and when to look again. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { ReactWidget } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Api } from '../api';
import { Edits } from '../models/edits';
import { NowModel } from '../models/now';
import { Observable } from '../models/observable';
import { TextsContext } from '../translated';
import { followed } from './following';
import { nbmlopsIcon } from './icon';
import { looksFrom } from './looking';
import { MainArea } from './main_area';
import type { PanelState } from './PanelView';
import { PanelView } from './PanelView';
import { Standing } from './standing';
import type { Panel } from './tokens';
import { IPanel } from './tokens';

const ID = 'nbmlops-panel';

export const panelPlugin: JupyterFrontEndPlugin<Panel> = {
  id: 'nbmlops:panel',
  description: 'The side panel of nbmlops.',
  autoStart: true,
  provides: IPanel,
  optional: [INotebookTracker, ITranslator, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    notebooks: INotebookTracker | null,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null
  ): Panel => {
    const texts = (translator ?? nullTranslator).load('nbmlops');
    const api = new Api(() => notebooks?.currentWidget?.context.localPath ?? '');
    const now = new NowModel(api);
    const looks = looksFrom(app.serviceManager.events);
    const { look } = looks;
    const state = new Observable<PanelState>({ tabs: [], chosen: 'now', obstacle: null });
    const widget = ReactWidget.create(
      <TextsContext.Provider value={texts}>
        <PanelView state={state} />
      </TextsContext.Provider>
    );
    widget.id = ID;
    widget.title.icon = nbmlopsIcon;
    widget.title.caption = texts.__('Recorded runs (nbmlops)');
    widget.addClass('jp-nbmlops-panel');
    app.shell.add(widget, 'left', { rank: 450 });
    restorer?.add(widget, ID);
    const standing = new Standing(
      { status: api.status, isSeen: () => widget.isVisible && !document.hidden, texts },
      obstacle => state.update({ obstacle }),
      look
    );
    looks.watch(() => {
      void standing.look();
      void now.refresh();
    });
    // The first look opens the store in the server, so that the panel has something at once.
    void app.restored.then(look);
    if (notebooks) {
      followed(notebooks, now, look);
    }
    return {
      api,
      texts,
      edits: new Edits(api, look),
      now,
      main: new MainArea(app, texts),
      looks,
      look,
      addTab: tab =>
        state.update({ tabs: [...state.value.tabs, tab].sort((one, two) => one.rank - two.rank) }),
      reveal: (tab, part = `#nbmlops-tab-${tab}`) => {
        state.update({ chosen: tab });
        app.shell.activateById(ID);
        afterPaint(() => {
          widget.node.querySelector<HTMLElement>(part)?.focus();
          look(); // what is known is there at once
        });
      }
    };
  }
};

/** Call when the next frame is drawn. */
function afterPaint(act: () => void): void {
  requestAnimationFrame(() => setTimeout(act));
}
