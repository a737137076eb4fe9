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
  const look = () => looks.update({ moment: looks.value.moment + 1 });
  const again = async () => {
    const panel = notebooks.currentWidget;
    const kernel = panel?.sessionContext.session?.kernel;
    if (!panel || !kernel) {
      await now.follow(panel?.title.label ?? null, null);
      return;
    }
    const written = panel.context.model.defaultKernelLanguage.toLowerCase() || 'python';
    await now.follow(panel.title.label, { id: kernel.id, language: written });
    // What the file says may be of another kernel; one that ends before it says anything is as told.
    const spoken = await kernel.info.then(
      info => info.language_info.name.toLowerCase(),
      () => written
    );
    if (spoken !== written && now.state.value.kernel?.id === kernel.id) {
      await now.follow(panel.title.label, { id: kernel.id, language: spoken });
    }
  };
  notebooks.currentChanged.connect((_, panel) => {
    if (panel && !seen.has(panel)) {
      seen.add(panel);
      panel.sessionContext.kernelChanged.connect(() => void again());
      panel.sessionContext.statusChanged.connect((_, status) => {
        if (status === 'idle' || status === 'dead') {
          look();
        }
      });
      panel.context.pathChanged.connect(() => void again());
    }
    void again();
    look(); // it may be of another project
  });
  void again();
}
