/** Whether the active notebook is recorded, and the button that changes it. */

import type { NowState } from '../models/now';
import { isRecording } from '../models/now';
import { useTexts } from '../translated';
import { shortened } from '../words';

export interface RecordingBarProps {
  state: NowState;
  onRecord: () => void;
  onStop: () => void;
}

export function RecordingBar(props: RecordingBarProps): JSX.Element {
  const { kernel, notebook, session } = props.state;
  const texts = useTexts();
  const recording = isRecording(props.state);
  const isGone = kernel === null || kernel.isDead;
  const words = isGone
    ? texts.__('○ the kernel is gone')
    : recording
      ? texts.__('● recording')
      : session?.recording
        ? texts.__('○ paused')
        : texts.__('○ not recording');
  return (
    <div className="jp-nbmlops-bar">
      <span className={recording ? 'jp-nbmlops-recording' : 'jp-nbmlops-muted'} role="status">
        {words}
      </span>
      {!isGone && (
        <button
          className={`jp-nbmlops-button${recording ? '' : ' jp-mod-main'}`}
          onClick={recording ? props.onStop : props.onRecord}
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
