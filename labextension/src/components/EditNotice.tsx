/** What became of an edit: what is in the trash and can be taken out again, or what went wrong. */

import type { Edits } from '../models/edits';
import { useObserved } from '../models/hooks';
import { useTexts } from '../translated';
import { leadBack } from './leading_back';

/** What to do with the button that was pressed: it goes, and the focus must not go with it. */
function gone(act: () => unknown) {
  return ({ currentTarget }: { currentTarget: Element }) => {
    leadBack(currentTarget);
    void act();
  };
}

export function EditNotice({ edits }: { edits: Edits }): JSX.Element | null {
  const texts = useTexts();
  const { trashed, problem } = useObserved(edits.state);
  if (problem !== null) {
    return (
      <div role="alert" className="jp-nbmlops-problem">
        {problem}{' '}
        <button className="jp-nbmlops-link jp-mod-words" onClick={gone(edits.dismiss)}>
          {texts.__('Close')}
        </button>
      </div>
    );
  }
  if (!trashed.length) {
    return null;
  }
  return (
    <div role="status" className="jp-nbmlops-notice">
      {texts._n('%1 run is in the trash', '%1 runs are in the trash', trashed.length)}
      <button className="jp-nbmlops-button" onClick={gone(() => edits.restore(trashed))}>
        {texts.__('Undo')}
      </button>
      <button
        className="jp-nbmlops-button"
        aria-label={texts.__('Close')}
        onClick={gone(edits.dismiss)}
      >
        ×
      </button>
    </div>
  );
}
