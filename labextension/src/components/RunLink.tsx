/** A run by its name, which opens it where it has a page. */

import type { Run } from '../records';
import { called, shortened } from '../words';

export interface RunLinkProps {
  run: Pick<Run, 'id' | 'name'>;
  onOpen?: ((id: string) => void) | undefined;
}

export function RunLink({ run, onOpen }: RunLinkProps): JSX.Element {
  const name = shortened(called(run), 60);
  if (!onOpen) {
    return (
      <span className="jp-nbmlops-link" title={run.id}>
        {name}
      </span>
    );
  }
  return (
    <button
      className="jp-nbmlops-link"
      tabIndex={-1} // the grid around it has the focus; Enter opens there
      title={run.id}
      onClick={() => onOpen(run.id)}
    >
      {name}
    </button>
  );
}
