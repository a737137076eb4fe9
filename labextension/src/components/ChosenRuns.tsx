/** The runs that are chosen: what can be done with them, and what is written on them. */

import type { Edits } from '../models/edits';
import { RunActions } from './RunActions';
import type { Written } from './RunForm';
import { RunForm } from './RunForm';

export interface ChosenRunsProps {
  edits: Edits;
  runs: readonly Written[];
  isEditing: boolean;
  onEdit: () => void;
  onHide?: (() => void) | undefined;
  /** Called when they are no longer to be chosen. */
  onRemove: () => void;
}

export function ChosenRuns(props: ChosenRunsProps): JSX.Element | null {
  const { edits, runs } = props;
  if (!runs.length) {
    return null;
  }
  const ids = runs.map(run => run.id);
  return (
    <div className="jp-nbmlops-chosen">
      <div className="jp-nbmlops-bar">
        <RunActions
          runs={runs}
          isEditing={props.isEditing}
          onEdit={props.onEdit}
          onPin={pinned => void edits.change(ids, { pinned })}
          onHide={props.onHide}
          onRemove={() => {
            props.onRemove();
            void edits.remove(ids);
          }}
        />
      </div>
      {props.isEditing && (
        <RunForm
          key={ids.join()}
          runs={runs}
          onChange={change => void edits.change(ids, change)}
          onEnd={props.onEdit}
        />
      )}
    </div>
  );
}
