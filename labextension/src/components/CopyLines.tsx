/** What is on the screen, to be pasted into a terminal or a cell. */

import { useEffect, useState } from 'react';
import { copied } from '../copying';
import type { Lines } from '../models/lines';
import { useTexts } from '../translated';

const TOLD = 2000; // milliseconds for which it is said that it was copied

export function CopyLines({ lines }: { lines: Lines }): JSX.Element {
  const texts = useTexts();
  const [done, setDone] = useState<keyof Lines | null>(null);
  useEffect(() => {
    const end = setTimeout(() => setDone(null), TOLD);
    return () => clearTimeout(end);
  }, [done]);
  const words = { command: texts.__('Copy the command'), python: texts.__('Copy as Python') };
  return (
    <>
      {(['command', 'python'] as const).map(form => (
        <button
          key={form}
          className="jp-nbmlops-button"
          title={lines[form].slice(0, 500)}
          onClick={() => void copied(lines[form]).then(() => setDone(form))}
        >
          {done === form ? texts.__('Copied') : words[form]}
        </button>
      ))}
    </>
  );
}
