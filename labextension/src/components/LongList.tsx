/** The first of many names, more of them on demand, and a field that finds those with a word. */

import type { ReactElement } from 'react';
import { useDeferredValue, useState } from 'react';
import { useTexts } from '../translated';

const AT_ONCE = 200; // drawn; 5,000 at once would stop the page
const FEW = 30; // are found by looking

export interface LongListProps<T> {
  items: readonly T[];
  nameOf: (item: T) => string;
  children: (shown: readonly T[]) => ReactElement;
}

export function LongList<T>({ items, nameOf, children }: LongListProps<T>): JSX.Element {
  const texts = useTexts();
  const [most, setMost] = useState(AT_ONCE);
  const [word, setWord] = useState('');
  const wanted = useDeferredValue(word).trim().toLowerCase();
  const found = wanted ? items.filter(item => nameOf(item).toLowerCase().includes(wanted)) : items;
  const left = found.length - most;
  return (
    <>
      {items.length > FEW && (
        <input
          type="search"
          className="jp-nbmlops-find"
          spellCheck={false}
          placeholder={texts.__('Find one of %1', items.length.toLocaleString('en-US'))}
          aria-label={texts.__('Find a name')}
          value={word}
          onChange={event => setWord(event.target.value)}
        />
      )}
      {found.length > 0 ? (
        children(found.slice(0, most))
      ) : (
        <p className="jp-nbmlops-muted">{texts.__('no such name')}</p>
      )}
      {left > 0 && (
        <p>
          <button className="jp-nbmlops-link jp-mod-words" onClick={() => setMost(most + AT_ONCE)}>
            {texts.__('%1 of %2 more', Math.min(AT_ONCE, left), left.toLocaleString('en-US'))}
          </button>
        </p>
      )}
    </>
  );
}
