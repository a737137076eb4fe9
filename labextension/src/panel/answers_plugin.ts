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

// After a reload outputs may be drawn before the manager of the notebook's widgets is there, and then
// their widgets would wait for it in vain: it looks for them in outputs, not in what is in these.
const PAUSE = 300; // milliseconds between two looks
const LOOKS = 100;

/** Makes the renderer of another MIME type. */
interface Renderers {
  createRenderer: (mime: string) => IRenderMime.IRenderer;
  getFactory: (mime: string) => IRenderMime.IRendererFactory | undefined;
}

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

export class Answer extends Panel implements IRenderMime.IRenderer {
  constructor(private readonly renderers: Renderers) {
    super();
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const page = this.renderers.createRenderer(STATIC);
    this.addWidget(page);
    await page.renderModel(model);
    void this.enliven(model, page);
  }

  /** Draw the widget by whatever draws the notebook's widgets, also where that comes later. */
  private async enliven(model: IRenderMime.IMimeModel, page: Widget): Promise<void> {
    let [tried, live]: [unknown, Widget | null] = [undefined, null];
    for (let look = 0; look < LOOKS && !this.isDisposed && !page.isHidden; look++) {
      const factory = this.renderers.getFactory(WIDGET);
      if (factory && factory !== tried) {
        live?.dispose();
        [tried, live] = [factory, this.live(model, page)];
      }
      await new Promise(resolve => setTimeout(resolve, PAUSE));
    }
  }

  /** Add the widget, unseen until there is one; then the page is. */
  private live(model: IRenderMime.IMimeModel, page: Widget): Widget {
    const live = this.renderers.createRenderer(WIDGET);
    live.hide();
    this.addWidget(live);
    const observer = new MutationObserver(() => {
      if (live.node.querySelector('.jp-nbmlops-widget > *')) {
        observer.disconnect();
        live.show();
        page.hide();
      }
    });
    observer.observe(live.node, { childList: true, subtree: true });
    live.disposed.connect(() => observer.disconnect());
    void live.renderModel(model).catch(() => undefined); // then the page stays
    return live;
  }
}
