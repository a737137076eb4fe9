/** Whether what came out is what it was, as a word with a sign and a colour. */

import type { Verdict } from '../records';
import { useTexts } from '../translated';

const TONES = {
  identical: 'good', equal: 'good', 'within tolerance': 'good', 'not comparable': 'warn',
  different: 'bad', 'not run': 'bad'
} as const; // prettier-ignore
const SIGNS = { good: '✓', warn: '?', bad: '✗' } as const;

export function VerdictBadge({ verdict }: { verdict: Verdict }): JSX.Element {
  const texts = useTexts();
  const words = {
    identical: texts.__('identical'),
    equal: texts.__('equal'),
    'within tolerance': texts.__('within tolerance'),
    'not comparable': texts.__('not comparable'),
    different: texts.__('different'),
    'not run': texts.__('not run')
  };
  const tone = TONES[verdict];
  return (
    <span className={`jp-nbmlops-badge jp-nbmlops-${tone}`}>
      {SIGNS[tone]} {words[verdict]}
    </span>
  );
}
