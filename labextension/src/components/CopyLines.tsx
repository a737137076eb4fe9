/** What is on the screen, to be pasted into a terminal or a cell. */

import { useEffect, useState } from 'react';
import { copied } from '../copying';
import type { Lines } from '../models/lines';
import { useTexts } from '../translated';
import { visible } from '../words';
import { Menu } from './Menu';

const TOLD = 2000; // milliseconds for which it is said that it was copied
const MOST_SHOWN = 300; // characters

export function CopyLines({ lines }: { lines: Lines }): JSX.Element {
  const texts = useTexts();
  const [done, setDone] = useState<keyof Lines | null>(null);
  useEffect(() => {
    const end = setTimeout(() => setDone(null), TOLD);
    return () => clearTimeout(end);
  }, [done]);
  const words = { command: texts.__('Copy the command'), python: texts.__('Copy as Python') };
  return (
    <Menu title={texts.__('Copy')}>
      {(['command', 'python'] as const).map(form => (
        <button
          key={form}
          className="jp-nbmlops-choice"
          onClick={() => void copied(lines[form]).then(() => setDone(form))}
        >
          <span>{done === form ? texts.__('Copied') : words[form]}</span>
          <code>{visible(lines[form].slice(0, MOST_SHOWN))}</code>
        </button>
      ))}
    </Menu>
  );
}
