/** How far something has come that a server executes, and the button that ends it. */

import { isGoing } from '../models/looking_on';
import type { GoingState } from '../records';
import { useTexts } from '../translated';
import { visible } from '../words';

export interface GoingProps {
  id: string;
  state: GoingState;
  done: number;
  /** How many cells there are; 0 as long as that is not known. */
  cells: number;
  problem: string | null;
  onStop: () => void;
}

export function Going({ id, state, done, cells, problem, onStop }: GoingProps): JSX.Element {
  const texts = useTexts();
  const before = texts.__('before the first cell was executed');
  const after = done ? texts.__('after %1 of %2 cells', done, cells) : before;
  const counted = cells ? texts.__('%1 of %2 cells', done, cells) : texts.__('starting the kernel');
  const words: Record<GoingState, string> = {
    running: cells ? `${counted} · ${texts.__('running')}` : counted,
    stopping: `${counted} · ${texts.__('stopping…')}`,
    finished: `${counted} · ${texts.__('finished')}`,
    stopped: `${texts.__('stopped')} ${after}`,
    failed: `${texts.__('failed')} ${after}`
  };
  return (
    <>
      <div className="jp-nbmlops-bar jp-mod-flush">
        <span role="status">
          <progress {...(cells ? { max: cells, value: done } : {})} aria-label={counted} />{' '}
          {words[state]}
        </span>
        {isGoing({ id, state }) && (
          <button className="jp-nbmlops-button" disabled={state === 'stopping'} onClick={onStop}>
            {state === 'stopping' ? texts.__('Stopping…') : texts.__('Stop')}
          </button>
        )}
      </div>
      {problem && <pre className="jp-nbmlops-problem">{visible(problem)}</pre>}
    </>
  );
}
