/** A unified diff, its lines coloured and marked by their first sign. */

import { visible } from '../words';

const MOST = 100_000; // characters
const CLASSES: Record<string, string> = {
  '+': 'jp-mod-plus',
  '-': 'jp-mod-minus',
  '@': 'jp-nbmlops-muted'
};

export function Diff({ text }: { text: string }): JSX.Element {
  const lines = visible(text.slice(0, MOST))
    .split('\n')
    .filter(line => !/^(\+\+\+|---)/.test(line));
  return (
    <pre className="jp-nbmlops-diff" tabIndex={0}>
      {lines.map((line, place) => (
        <span key={place} className={CLASSES[line[0] ?? '']}>
          {line || ' '}
        </span>
      ))}
      {text.length > MOST && <span className="jp-nbmlops-muted">…</span>}
    </pre>
  );
}
