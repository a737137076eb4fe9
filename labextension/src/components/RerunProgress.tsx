/** How far an execution has come, and where its results are. */

import type { Rerun } from '../records';
import { useTexts } from '../translated';
import { short, visible } from '../words';

export interface RerunProgressProps {
  rerun: Rerun;
  onStop: () => void;
  onOpenRun: (id: string) => void;
  onOpenNotebook: (path: string) => void;
  onCompare: (ids: string[]) => void;
}

export function RerunProgress(props: RerunProgressProps): JSX.Element {
  const { rerun } = props;
  const { run } = rerun;
  const texts = useTexts();
  const words = {
    running: texts.__('running'),
    finished: texts.__('finished'),
    failed: texts.__('failed')
  };
  const cells = texts.__('%1 of %2 cells', rerun.done, rerun.cells);
  return (
    <section aria-label={texts.__('Progress')}>
      <p role="status">
        <progress max={Math.max(1, rerun.cells)} value={rerun.done} aria-label={cells} /> {cells} ·{' '}
        {words[rerun.state]}
      </p>
      {rerun.problem && <pre className="jp-nbmlops-problem">{visible(rerun.problem)}</pre>}
      <div className="jp-nbmlops-bar" style={{ padding: 0 }}>
        {rerun.state === 'running' && (
          <button className="jp-nbmlops-button" onClick={props.onStop}>
            {texts.__('Stop')}
          </button>
        )}
        {run && (
          <>
            <button className="jp-nbmlops-button" onClick={() => props.onOpenRun(run)}>
              {texts.__('Open run %1', short(run))}
            </button>
            <button
              className="jp-nbmlops-button"
              disabled={rerun.state === 'running'}
              onClick={() => props.onCompare([rerun.of, run])}
            >
              {texts.__('Compare')}
            </button>
          </>
        )}
        <button className="jp-nbmlops-button" onClick={() => props.onOpenNotebook(rerun.output)}>
          {texts.__('Open the notebook')}
        </button>
      </div>
    </section>
  );
}
