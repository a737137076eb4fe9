/** Follows the active notebook and its kernel. */

import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import type { NowModel } from '../models/now';
import type { Observable } from '../models/observable';
import { asked } from './kernel_words';

const GONE: readonly Kernel.Status[] = ['dead', 'terminating', 'restarting', 'autorestarting'];

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
    const isDead = GONE.includes(kernel.status);
    const written = panel.context.model.defaultKernelLanguage.toLowerCase() || 'python';
    await now.follow(panel.title.label, { id: kernel.id, language: written, isDead });
    // What the file says may be of another kernel; one that ends before it says anything is as told.
    const spoken = await kernel.info.then(
      info => info.language_info.name.toLowerCase(),
      () => written
    );
    if (spoken !== written && now.state.value.kernel?.id === kernel.id) {
      await now.follow(panel.title.label, { id: kernel.id, language: spoken, isDead });
    }
    await listen();
  };
  /** Learn whether cells are recorded, which the kernel alone knows. */
  const listen = async () => {
    const kernel = notebooks.currentWidget?.sessionContext.session?.kernel;
    if (kernel && now.state.value.session && now.state.value.kernel?.language === 'python') {
      const isPaused = await asked(kernel);
      if (now.state.value.kernel?.id === kernel.id) {
        now.paused(isPaused);
      }
    }
  };
  // Not whenever a kernel is idle: to be asked makes it busy, and idle again.
  NotebookActions.executed.connect((_, { notebook }) => {
    if (notebooks.currentWidget?.content === notebook) {
      void listen();
    }
  });
  notebooks.currentChanged.connect((_, panel) => {
    if (panel && !seen.has(panel)) {
      seen.add(panel);
      panel.sessionContext.kernelChanged.connect(() => void again());
      panel.sessionContext.statusChanged.connect((_, status) => {
        const wasDead = now.state.value.kernel?.isDead === true;
        if (GONE.includes(status) !== wasDead && panel === notebooks.currentWidget) {
          void again();
        }
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
