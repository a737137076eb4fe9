/** What stands where no runs are: an invitation, or which names of the search nobody has. */

import { useTexts } from '../translated';
import { shortened } from '../words';

export interface NoRunsProps {
  isSearch: boolean;
  notes: readonly string[];
}

export function NoRuns({ isSearch, notes }: NoRunsProps): JSX.Element {
  const texts = useTexts();
  if (isSearch) {
    return (
      <div className="jp-nbmlops-empty">
        <h3>{texts.__('No run fits')}</h3>
        {notes.map(note => (
          <p key={note}>{shortened(note, 300)}</p>
        ))}
      </div>
    );
  }
  return (
    <div className="jp-nbmlops-empty">
      <h3>{texts.__('No runs yet')}</h3>
      <p>{texts.__('Type one line into a notebook, run it, and go on working:')}</p>
      <code>%load_ext nbmlops</code>
      <p>{texts.__('The next cell that measures something makes the first run.')}</p>
    </div>
  );
}
