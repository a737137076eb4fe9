/** Replaying a run: which results, how exactly; then how far it is, and what came out. */

import { useId } from 'react';
import { useObserved } from '../models/hooks';
import { isGoing } from '../models/looking_on';
import type { ReplayingModel } from '../models/replaying';
import { useTexts } from '../translated';
import { short } from '../words';
import { Choice } from './Choice';
import { Going } from './Going';
import { ReplayReport } from './ReplayReport';

export interface ReplayViewProps {
  model: ReplayingModel;
  onOpenRun: (id: string) => void;
}

export function ReplayView({ model, onOpenRun }: ReplayViewProps): JSX.Element {
  const texts = useTexts();
  const { metrics, metric, tolerance, replaying, problem } = useObserved(model.state);
  const wrong = useId();
  const names = [texts.__('all results'), ...(metrics ?? [])];
  return (
    <article className="jp-nbmlops-page">
      <p className="jp-nbmlops-sentence">
        {texts.__('Replay of')}{' '}
        <button className="jp-nbmlops-link" onClick={() => onOpenRun(model.id)}>
          {short(model.id)}
        </button>
      </p>
      <p className="jp-nbmlops-muted">
        {texts.__(
          'What its results depend on is executed again in a fresh kernel and compared, value by value. Nothing is recorded; files that cells write are put back.'
        )}
      </p>
      <form
        className="jp-nbmlops-bar jp-mod-flush"
        onSubmit={event => {
          event.preventDefault();
          void model.begin();
        }}
      >
        <Choice
          label={texts.__('results')}
          names={names}
          chosen={metric === null ? 0 : (metrics ?? []).indexOf(metric) + 1}
          onChoose={place => model.state.update({ metric: metrics?.[place - 1] ?? null })}
        />
        <label>
          {texts.__('tolerance')}{' '}
          <input
            type="text"
            className="jp-nbmlops-number"
            placeholder="0"
            title={texts.__('How far a metric may be from what it was, as a share of that: 1e-9')}
            aria-invalid={model.rtol === null}
            aria-describedby={model.rtol === null ? wrong : undefined}
            value={tolerance}
            onChange={event => model.state.update({ tolerance: event.target.value })}
          />
        </label>
        <button
          className="jp-nbmlops-button jp-mod-main"
          disabled={isGoing(replaying) || model.rtol === null || metrics === null}
        >
          {texts.__('Replay')}
        </button>
        {model.rtol === null && (
          <span id={wrong} role="alert" className="jp-nbmlops-bad">
            {texts.__('A tolerance is a share from 0 to 1, such as 0.01 or 1e-9.')}
          </span>
        )}
      </form>
      {problem && (
        <div role="alert" className="jp-nbmlops-problem">
          {problem}
        </div>
      )}
      {replaying && replaying.state !== 'finished' && (
        <Going {...replaying} onStop={() => void model.stop()} />
      )}
      {replaying?.replay && <ReplayReport replay={replaying.replay} />}
    </article>
  );
}
