/** Follows the active notebook and its kernel. */

import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import type { NowModel } from '../models/now';
import { executionCount } from './cells';
import { asked } from './kernel_words';

const GONE: readonly Kernel.Status[] = ['dead', 'terminating', 'restarting', 'autorestarting'];

export function followed(notebooks: INotebookTracker, now: NowModel, look: () => void): void {
  const seen = new WeakSet<NotebookPanel>();
  const again = async () => {
    const panel = notebooks.currentWidget;
    const kernel = panel?.sessionContext.session?.kernel;
    if (!panel || !kernel) {
      await now.follow(panel?.title.label ?? null, null, panel?.sessionContext.isReady);
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
  /** Learn whether cells are recorded, which the kernel alone knows, after one was executed. */
  const listen = async (executed?: [cell: string, prompt: number | null]) => {
    const kernel = notebooks.currentWidget?.sessionContext.session?.kernel;
    if (kernel && now.state.value.session && now.state.value.kernel?.language === 'python') {
      now.paused(kernel.id, await asked(kernel), executed);
    }
  };
  // Not whenever a kernel is idle: to be asked makes it busy, and idle again.
  NotebookActions.executed.connect((_, { notebook, cell }) => {
    if (notebooks.currentWidget?.content === notebook) {
      void listen([cell.model.id, executionCount(cell.model.sharedModel)]);
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
      void panel.sessionContext.ready.then(again);
      panel.context.pathChanged.connect(() => void again());
    }
    void again();
    look(); // it may be of another project
  });
  void again();
}
