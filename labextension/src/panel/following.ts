/** Follows the active notebook and its kernel. */

import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { NowModel } from '../models/now';
import type { Observable } from '../models/observable';

export function followed(
  notebooks: INotebookTracker,
  now: NowModel,
  looks: Observable<{ moment: number }>
): void {
  const seen = new WeakSet<NotebookPanel>();
  const again = () => {
    const panel = notebooks.currentWidget;
    const kernel = panel?.sessionContext.session?.kernel;
    const language = panel?.context.model.defaultKernelLanguage.toLowerCase() || 'python';
    void now.follow(panel ? panel.title.label : null, kernel ? { id: kernel.id, language } : null);
  };
  notebooks.currentChanged.connect((_, panel) => {
    if (panel && !seen.has(panel)) {
      seen.add(panel);
      panel.sessionContext.kernelChanged.connect(again);
      panel.sessionContext.statusChanged.connect((_, status) => {
        if (status === 'idle' || status === 'dead') {
          looks.update({ moment: looks.value.moment + 1 });
        }
      });
      panel.context.pathChanged.connect(again);
    }
    again();
  });
  again();
}
