/** A run's state: a sign, its colour, and the word for who sees neither. */

import type { RunState } from '../records';
import { useTexts } from '../translated';

const SIGNS: Record<RunState, string> = {
  running: '●',
  finished: '✓',
  failed: '✗',
  interrupted: '!'
};

export function StateSign({
  state,
  isLong = false
}: {
  state: RunState;
  isLong?: boolean;
}): JSX.Element {
  const texts = useTexts();
  const words: Record<RunState, string> = {
    running: texts.__('running'),
    finished: texts.__('finished'),
    failed: texts.__('failed'),
    interrupted: texts.__('interrupted')
  };
  return (
    <span className={`jp-nbmlops-state jp-mod-${state}`} title={words[state]}>
      <span aria-hidden="true">{SIGNS[state]}</span>
      <span className={isLong ? 'jp-nbmlops-state-word' : 'jp-nbmlops-unseen'}>{words[state]}</span>
    </span>
  );
}
