/** What can be done with a run's code: opened, put back, replayed, executed again. */

import { useTexts } from '../translated';

export interface RunToolsProps {
  onNotebook: () => void;
  /** Undefined where no notebook is open into which cells could be put. */
  onPutBack: (() => void) | undefined;
  onReplay: () => void;
  onRerun: () => void;
}

export function RunTools({ onNotebook, onPutBack, onReplay, onRerun }: RunToolsProps): JSX.Element {
  const texts = useTexts();
  return (
    <>
      <button className="jp-nbmlops-button" onClick={onNotebook}>
        {texts.__('Open as notebook…')}
      </button>
      <button
        className="jp-nbmlops-button"
        disabled={!onPutBack}
        title={onPutBack ? '' : texts.__('No notebook is open.')}
        onClick={onPutBack}
      >
        {texts.__('Put cells back…')}
      </button>
      <button className="jp-nbmlops-button" onClick={onReplay}>
        {texts.__('Replay…')}
      </button>
      <button className="jp-nbmlops-button" onClick={onRerun}>
        {texts.__('Execute again…')}
      </button>
    </>
  );
}
