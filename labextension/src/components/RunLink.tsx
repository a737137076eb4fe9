/** A run by its name, which opens it. */

import type { Run } from '../records';
import { shortened, short } from '../words';

export interface RunLinkProps {
  run: Pick<Run, 'id' | 'name'>;
  onOpen: (id: string) => void;
}

export function RunLink({ run, onOpen }: RunLinkProps): JSX.Element {
  return (
    <button
      className="jp-nbmlops-link"
      tabIndex={-1} // the grid around it has the focus; Enter opens there
      title={run.id}
      onClick={() => onOpen(run.id)}
    >
      {shortened(run.name ?? short(run.id), 60)}
    </button>
  );
}
