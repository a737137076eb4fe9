/** How far an execution has come, and where its results are. */

import { isGoing } from '../models/looking_on';
import type { Rerun } from '../records';
import { useTexts } from '../translated';
import { short } from '../words';
import { Going } from './Going';

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
  return (
    <section aria-label={texts.__('Progress')}>
      <Going {...rerun} onStop={props.onStop} />
      <div className="jp-nbmlops-bar jp-mod-flush">
        {run && (
          <>
            <button className="jp-nbmlops-button" onClick={() => props.onOpenRun(run)}>
              {texts.__('Open run %1', short(run))}
            </button>
            <button
              className="jp-nbmlops-button"
              disabled={isGoing(rerun)}
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
