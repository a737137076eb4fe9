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
        <span className="jp-nbmlops-badge">
          <Pin />
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

/** The sign of a pinned run: drawn, as not every machine has a font with a pin. */
export function Pin(): JSX.Element {
  const texts = useTexts();
  return (
    <span title={texts.__('pinned: cannot be deleted')}>
      <svg aria-hidden="true" width="11" height="11" viewBox="0 0 16 16" fill="currentColor">
        <path d="M10 1l5 5-4 1-2 6-3-3-4 4 4-4-3-3 6-2z" />
      </svg>
      <span className="jp-nbmlops-unseen">{texts.__('pinned')}</span>
    </span>
  );
}
