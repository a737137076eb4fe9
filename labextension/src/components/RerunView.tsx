/** Executing a run again: its parameters to be changed, and then how far it has come. */

import { useObserved } from '../models/hooks';
import { isGoing } from '../models/looking_on';
import type { RerunModel } from '../models/rerun';
import { typed } from '../models/rerun';
import { useTexts } from '../translated';
import { shortened } from '../words';
import { RerunProgress } from './RerunProgress';

const MOST = 200;

export interface RerunViewProps {
  model: RerunModel;
  onOpenRun: (id: string) => void;
  onOpenNotebook: (path: string) => void;
  onCompare: (ids: string[]) => void;
}

export function RerunView(props: RerunViewProps): JSX.Element {
  const { model } = props;
  const texts = useTexts();
  const { restored, changed, output, rerun, problem } = useObserved(model.state);
  const parameters = Object.entries(restored?.parameters ?? {}).slice(0, MOST);
  return (
    <article className="jp-nbmlops-page">
      <p className="jp-nbmlops-sentence">
        {texts.__('Execute %1 again', shortened(restored?.target ?? model.id, 80))}
      </p>
      {problem && (
        <div role="alert" className="jp-nbmlops-problem">
          {problem}
        </div>
      )}
      {restored?.notes.map(({ text, kind }) => (
        <p key={text} className={`jp-nbmlops-${kind === 'to_change' ? 'warn' : 'muted'}`}>
          {shortened(text, 300)}
        </p>
      ))}
      {restored && (
        <form
          className="jp-nbmlops-form"
          onSubmit={event => {
            event.preventDefault();
            void model.begin();
          }}
        >
          {parameters.length === 0 && (
            <p className="jp-nbmlops-muted">
              {texts.__('It has no parameters: no cell is tagged `parameters`.')}
            </p>
          )}
          {parameters.map(([name, value]) => (
            <label key={name} className="jp-nbmlops-form-line">
              <code title={name}>{shortened(name, 40)}</code>
              <input
                type="text"
                className="jp-nbmlops-field"
                spellCheck={false}
                value={changed[name] ?? typed(value)}
                onChange={event => model.set(name, event.target.value)}
              />
            </label>
          ))}
          <label className="jp-nbmlops-form-line">
            <span className="jp-nbmlops-muted">{texts.__('Notebook')}</span>
            <input
              type="text"
              className="jp-nbmlops-field"
              value={output}
              placeholder={texts.__('beside the notebook of the run')}
              onChange={event => model.state.update({ output: event.target.value })}
            />
          </label>
          <div>
            <button className="jp-nbmlops-button jp-mod-main" disabled={isGoing(rerun)}>
              {texts.__('Execute')}
            </button>
          </div>
        </form>
      )}
      {rerun && <RerunProgress {...props} rerun={rerun} onStop={() => void model.stop()} />}
    </article>
  );
}
