/** What kernels are told and asked, without a cell and without a trace in the history. */

import type { Kernel, KernelMessage } from '@jupyterlab/services';

// A program that opens a run records without the extension, whose magics then are not there.
const LOAD = "get_ipython().run_line_magic('load_ext', 'nbmlops')";
/** Loads the extension, or goes on where it was paused. */
export const RECORD = `${LOAD}\n%nbmlops on`;
export const PAUSE = `${LOAD}\n%nbmlops off`;

const RECORDER =
  "getattr(__import__('sys').modules.get('nbmlops.tracking.current'), 'recorder', lambda: None)()";
const IS_RECORDING = `getattr(${RECORDER}, 'is_recording', False)`;

export async function said(kernel: Kernel.IKernelConnection, line: string): Promise<void> {
  await kernel.requestExecute({ code: line, silent: true, store_history: false }).done;
}

/** Whether cells are kept out of the record for now; without an answer they are not. */
export async function asked(kernel: Kernel.IKernelConnection): Promise<boolean> {
  try {
    const reply = await kernel.requestExecute({
      code: '',
      silent: true,
      store_history: false,
      user_expressions: { recording: IS_RECORDING }
    }).done;
    return saidNo(reply?.content);
  } catch {
    return false; // the kernel was restarted, or is gone
  }
}

function saidNo(content: KernelMessage.IExecuteReplyMsg['content'] | undefined): boolean {
  const found = content?.status === 'ok' ? content.user_expressions['recording'] : undefined;
  const data = (found as { data?: Record<string, unknown> } | undefined)?.data;
  return data?.['text/plain'] === 'False';
}
