/** How far something has come that a server executes, and the button that ends it. */

import { useTexts } from '../translated';
import { visible } from '../words';

export interface GoingProps {
  state: 'running' | 'finished' | 'failed';
  done: number;
  /** How many cells there are; 0 as long as that is not known. */
  cells: number;
  problem: string | null;
  onStop: () => void;
}

export function Going({ state, done, cells, problem, onStop }: GoingProps): JSX.Element {
  const texts = useTexts();
  const counted = cells ? texts.__('%1 of %2 cells', done, cells) : texts.__('starting');
  const words = {
    running: `${counted} · ${texts.__('running')}`,
    finished: `${counted} · ${texts.__('finished')}`,
    failed: done
      ? texts.__('failed after %1 of %2 cells', done, cells)
      : texts.__('failed before the first cell was executed')
  };
  return (
    <>
      <div className="jp-nbmlops-bar jp-mod-flush">
        <span role="status">
          <progress {...(cells ? { max: cells, value: done } : {})} aria-label={counted} />{' '}
          {words[state]}
        </span>
        {state === 'running' && (
          <button className="jp-nbmlops-button" onClick={onStop}>
            {texts.__('Stop')}
          </button>
        )}
      </div>
      {problem && <pre className="jp-nbmlops-problem">{visible(problem)}</pre>}
    </>
  );
}
