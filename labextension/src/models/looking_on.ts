/** Looking on at what a server executes, until it ends or nobody looks any more. */

import type { GoingState } from '../records';
import { SourceProblem } from '../records';

const PAUSE = 700; // milliseconds between two looks
const STAGES = { running: 0, stopping: 1, finished: 2, stopped: 2, failed: 2 } as const;

export interface Going {
  id: string;
  state: GoingState;
}

export interface Onlooker<T> {
  take: (now: T) => void;
  tell: (problem: string) => void;
  isThere: () => boolean;
}

/** Begin with something, and look at it again and again; a server that is away may come back. */
export async function lookedOn<T extends Going>(
  begin: () => Promise<T>,
  look: (id: string) => Promise<T>,
  { take, tell, isThere }: Onlooker<T>
): Promise<void> {
  let now: T | null = null;
  do {
    try {
      now = await (now ? look(now.id) : begin());
      take(now);
    } catch (problem) {
      tell(said(problem));
      if (now === null || !(problem instanceof SourceProblem) || problem.code !== 'Away') {
        return;
      }
    }
    if (isGoing(now)) {
      await new Promise(resolve => setTimeout(resolve, PAUSE));
    }
  } while (isThere() && isGoing(now));
}

/**
 * What is known when an answer is in: of two about one thing the further.
 *
 * Who stops something asks beside who looks on, and either answer may be the last to come.
 */
export function further<T extends Going>(known: T | null, now: T): T {
  if (known?.id !== now.id || STAGES[known.state] <= STAGES[now.state]) {
    return now;
  }
  return isGoing(known) ? { ...now, state: known.state } : known;
}

export function isGoing(what: Going | null): boolean {
  return what?.state === 'running' || what?.state === 'stopping';
}

export function said(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}
