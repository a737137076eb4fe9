/** Why a run ended as it did, in few words. */

import type { Texts } from '../translated';
import { shortened } from '../words';

/** Who interrupts a cell meant to: what Python calls that is no fault. */
export function reasonOf(reason: string, texts: Texts, longest = 60): string {
  return /^KeyboardInterrupt\b/.test(reason) ? texts.__('stopped') : shortened(reason, longest);
}
