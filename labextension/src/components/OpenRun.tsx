/** The run that is open: what it measured so far, with which parameters. */

import type { Run } from '../records';
import { useTexts } from '../translated';
import { called, shortened, shown } from '../words';

const MOST = 12;

export interface OpenRunProps {
  run: Run;
  onRun: (id: string) => void;
}

export function OpenRun({ run, onRun }: OpenRunProps): JSX.Element {
  const texts = useTexts();
  return (
    <section className="jp-nbmlops-card">
      <div>
        {texts.__('run')}{' '}
        <button className="jp-nbmlops-link" onClick={() => onRun(run.id)}>
          {shortened(called(run), 40)}
        </button>
      </div>
      <Pairs pairs={Object.entries(run.metrics)} className="" />
      <Pairs pairs={Object.entries(run.params)} className="jp-nbmlops-muted" />
    </section>
  );
}

interface PairsProps {
  pairs: [string, unknown][];
  className: string;
}

function Pairs({ pairs, className }: PairsProps): JSX.Element {
  return (
    <div className="jp-nbmlops-pairs">
      {pairs.slice(0, MOST).map(([name, value]) => (
        <span key={name} className={className}>
          {shortened(name, 24)} <b>{shown(value, 24)}</b>
        </span>
      ))}
      {pairs.length > MOST && <span className="jp-nbmlops-muted">+ {pairs.length - MOST}</span>}
    </div>
  );
}
