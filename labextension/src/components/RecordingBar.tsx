/** Whether the active notebook is recorded, and the button that changes it. */

import type { NowState } from '../models/now';
import { isRecording, isTurning } from '../models/now';
import { useTexts } from '../translated';
import { shortened } from '../words';

export interface RecordingBarProps {
  state: NowState;
  onRecord: () => void;
  onStop: () => void;
}

export function RecordingBar(props: RecordingBarProps): JSX.Element {
  const { kernel, notebook, session, code } = props.state;
  const isKnown = props.state.isKnown && code !== 'Away'; // then nothing is, whatever it was
  const texts = useTexts();
  const recording = isKnown && isRecording(props.state);
  const isGone = kernel === null || kernel.isDead;
  const isChanging = isTurning(props.state);
  const isBusy = isChanging || !isKnown;
  const words = (): string => {
    if (!isKnown) {
      return texts.__('○ looking…');
    }
    if (isGone) {
      return texts.__('○ the kernel is gone');
    }
    if (isChanging) {
      return recording
        ? texts.__('● pausing, once the kernel is free…')
        : texts.__('○ starting, once the kernel is free…');
    }
    if (recording) {
      return texts.__('● recording');
    }
    return session?.recording ? texts.__('○ paused') : texts.__('○ not recording');
  };
  return (
    <div className="jp-nbmlops-bar" aria-busy={isChanging}>
      <span className={recording ? 'jp-nbmlops-recording' : 'jp-nbmlops-muted'} role="status">
        {words()}
      </span>
      {!isGone && (
        <button
          className={`jp-nbmlops-button${recording ? '' : ' jp-mod-main'}`}
          aria-disabled={isBusy} // not disabled, which would take the focus away
          onClick={isBusy ? undefined : recording ? props.onStop : props.onRecord}
        >
          {recording ? texts.__('Pause') : texts.__('Record')}
        </button>
      )}
      <span className="jp-nbmlops-item-experiment jp-nbmlops-muted">
        {shortened(notebook ?? '', 60)}
      </span>
    </div>
  );
}
