/** The cells of each run that are not as in the baseline, as diffs. */

import type { Comparison } from '../records';
import { useTexts } from '../translated';
import { Diff } from './Diff';

const MOST = 60;
const FEW = 3; // so few are open from the start

export interface CodeChangesProps {
  changes: Comparison['code'];
  nameOf: (run: string) => string;
}

export function CodeChanges({ changes, nameOf }: CodeChangesProps): JSX.Element {
  const texts = useTexts();
  if (!changes.length) {
    return <p className="jp-nbmlops-muted">{texts.__('the same')}</p>;
  }
  return (
    <>
      {changes.slice(0, MOST).map((cell, place) => (
        <details key={place} open={changes.length <= FEW}>
          <summary>
            {nameOf(cell.run)}: {cell.change}
          </summary>
          <Diff text={cell.diff} />
        </details>
      ))}
      {changes.length > MOST && (
        <p className="jp-nbmlops-muted">{texts.__('and %1 more', changes.length - MOST)}</p>
      )}
    </>
  );
}
