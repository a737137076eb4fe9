/** Answers in notebooks: the widget where its kernel lives, else the static page beside it. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { Widget } from '@lumino/widgets';
import { Panel } from '@lumino/widgets';

const MIME = 'application/vnd.nbmlops.answer+json';
const WIDGET = 'application/vnd.jupyter.widget-view+json';
const STATIC = 'text/html';
// Before the renderer of widgets (-10), which says only that there is no model.
const FIRST = -100;

/** Makes the renderer of another MIME type. */
type Renderers = { createRenderer: (mime: string) => IRenderMime.IRenderer };

export const answersPlugin: JupyterFrontEndPlugin<void> = {
  id: 'nbmlops:answers',
  description: 'Shows answers of nbmlops also after their kernel is gone.',
  autoStart: true,
  requires: [INotebookTracker],
  activate: (_: JupyterFrontEnd, notebooks: INotebookTracker): void => {
    notebooks.widgetAdded.connect((_, { content: { rendermime } }) =>
      rendermime.addFactory(
        { safe: true, mimeTypes: [MIME], createRenderer: () => new Answer(rendermime) },
        FIRST
      )
    );
  }
};

class Answer extends Panel implements IRenderMime.IRenderer {
  constructor(private readonly renderers: Renderers) {
    super();
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const page = this.renderers.createRenderer(STATIC);
    this.addWidget(page);
    await page.renderModel(model);
    const live = this.live();
    if (live) {
      const observer = new MutationObserver(() => {
        if (live.node.querySelector('.jp-nbmlops-widget > *')) {
          observer.disconnect();
          live.show();
          page.hide();
        }
      });
      observer.observe(live.node, { childList: true, subtree: true });
      this.disposed.connect(() => observer.disconnect());
      void live.renderModel(model).catch(() => undefined); // then the page stays
    }
  }

  /** The renderer of widgets, unseen until there is one; null where nothing draws widgets. */
  private live(): (IRenderMime.IRenderer & Widget) | null {
    try {
      const live = this.renderers.createRenderer(WIDGET);
      live.hide();
      this.addWidget(live);
      return live;
    } catch {
      return null;
    }
  }
}
