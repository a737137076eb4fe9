/** What would change in a notebook if cells of a run were put back: a diff, and only then done. */

import { useObserved } from '../models/hooks';
import type { PuttingBackModel } from '../models/putting_back';
import { useTexts } from '../translated';
import { shortened } from '../words';
import { Diff } from './Diff';

const MOST = 200;

export function PuttingBackView({ model }: { model: PuttingBackModel }): JSX.Element {
  const texts = useTexts();
  const { found, left, done, problem } = useObserved(model.state);
  const changes = found?.changes ?? [];
  const name = shortened(model.notebook.name, 60);
  return (
    <article className="jp-nbmlops-page">
      <p className="jp-nbmlops-sentence">{texts.__('Cells of the run in %1', name)}</p>
      {problem && (
        <div role="alert" className="jp-nbmlops-problem">
          {problem}
        </div>
      )}
      {done !== null && (
        <p role="status" className="jp-nbmlops-good">
          {texts._n('%1 cell was put back.', '%1 cells were put back.', done)}
        </p>
      )}
      {found && (
        <p className="jp-nbmlops-muted">
          {texts._n('%1 cell is as the run had it', '%1 cells are as the run had them', found.same)}
          {changes.length === 0 && ` · ${texts.__('nothing to put back')}`}
        </p>
      )}
      {changes.slice(0, MOST).map((change, place) => (
        <section key={place} className="jp-nbmlops-change">
          <label>
            <input
              type="checkbox"
              checked={!left.has(place)}
              onChange={() => model.toggle(place)}
            />{' '}
            {change.change === 'edited'
              ? texts.__('edited since [%1]', change.execution_count ?? '?')
              : texts.__('no longer there, was [%1]', change.execution_count ?? '?')}
          </label>
          <Diff text={change.diff} />
        </section>
      ))}
      {changes.length > 0 && (
        <button
          className="jp-nbmlops-button jp-mod-main"
          disabled={model.chosen.length === 0}
          onClick={() => void model.put()}
        >
          {texts._n('Put %1 cell back', 'Put %1 cells back', model.chosen.length)}
        </button>
      )}
    </article>
  );
}
