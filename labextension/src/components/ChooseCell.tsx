/** The first cell of a row: the box that chooses its run. */

import type { Run } from '../records';
import { useTexts } from '../translated';
import { shortened, short } from '../words';

export interface ChooseCellProps {
  run: Run;
  isChosen: boolean;
  onToggle: (id: string) => void;
}

export function ChooseCell({ run, isChosen, onToggle }: ChooseCellProps): JSX.Element {
  const texts = useTexts();
  return (
    <span role="gridcell" className="jp-nbmlops-choose">
      <input
        type="checkbox"
        tabIndex={-1}
        checked={isChosen}
        onChange={() => onToggle(run.id)}
        aria-label={texts.__('choose %1', shortened(run.name ?? short(run.id), 60))}
      />
    </span>
  );
}
