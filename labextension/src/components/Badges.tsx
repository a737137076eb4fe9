/** What people said of a run: verdict, pin, tags. */

import type { Run } from '../records';
import { useTexts } from '../translated';
import { shortened } from '../words';

const SIGNS = { confirmed: '✓', refuted: '✗', inconclusive: '?' } as const;

export function Badges({ run }: { run: Run }): JSX.Element {
  const texts = useTexts();
  const words = {
    confirmed: texts.__('confirmed'),
    refuted: texts.__('refuted'),
    inconclusive: texts.__('inconclusive')
  };
  return (
    <span className="jp-nbmlops-badges">
      {run.verdict !== null && (
        <span
          className={`jp-nbmlops-badge jp-mod-${run.verdict}`}
          title={shortened(run.hypothesis ?? '', 200)}
        >
          {SIGNS[run.verdict]} {words[run.verdict]}
        </span>
      )}
      {run.pinned !== null && (
        <span className="jp-nbmlops-badge" title={texts.__('pinned: cannot be deleted')}>
          <span aria-hidden="true">📌</span>
          <span className="jp-nbmlops-unseen">{texts.__('pinned')}</span>
        </span>
      )}
      {Object.entries(run.tags)
        .slice(0, 3)
        .map(([name, value]) => (
          <span key={name} className="jp-nbmlops-badge jp-mod-tag">
            {shortened(value ? `${name}=${value}` : name, 24)}
          </span>
        ))}
    </span>
  );
}
