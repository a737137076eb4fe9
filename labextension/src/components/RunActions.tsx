/** What can be done with one run or several: edit, pin, hide, delete. */

import { useTexts } from '../translated';
import type { Written } from './RunForm';

export interface RunActionsProps {
  runs: readonly Written[];
  isEditing: boolean;
  onEdit: () => void;
  onPin: (isPinned: boolean) => void;
  /** Leave them out of what is shown; undefined where nothing would be left. */
  onHide?: (() => void) | undefined;
  onRemove: () => void;
}

export function RunActions(props: RunActionsProps): JSX.Element {
  const texts = useTexts();
  const isPinned = props.runs.every(run => run.pinned !== null);
  const isSomePinned = props.runs.some(run => run.pinned !== null);
  return (
    <>
      <button
        className="jp-nbmlops-button"
        aria-expanded={props.isEditing}
        onClick={props.onEdit}
        title={texts.__('Name, hypothesis, verdict, tags, note (F2)')}
      >
        {texts.__('Edit')}
      </button>
      <button
        className="jp-nbmlops-button"
        aria-pressed={isPinned}
        onClick={() => props.onPin(!isPinned)}
      >
        {isPinned ? texts.__('Pinned') : texts.__('Pin')}
      </button>
      {props.onHide && (
        <button className="jp-nbmlops-button" onClick={props.onHide}>
          {texts.__('Hide')}
        </button>
      )}
      <button
        className="jp-nbmlops-button"
        disabled={isSomePinned}
        title={isSomePinned ? texts.__('pinned: cannot be deleted') : ''}
        onClick={props.onRemove}
      >
        {texts.__('Delete')}
      </button>
    </>
  );
}
