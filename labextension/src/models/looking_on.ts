/** Looking on at what a server executes, until it ends or nobody looks any more. */

import { SourceProblem } from '../records';

const PAUSE = 700; // milliseconds between two looks

export interface Going {
  id: string;
  state: 'running' | 'finished' | 'failed';
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
    if (now.state === 'running') {
      await new Promise(resolve => setTimeout(resolve, PAUSE));
    }
  } while (isThere() && now.state === 'running');
}

export function said(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}
