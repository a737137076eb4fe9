/** What changed in a sentence, and the runs: opened, written on, left out, made the baseline. */

import { useState } from 'react';
import type { Shown } from '../drawing/colours';
import type { ComparingModel } from '../models/comparing';
import type { Edits } from '../models/edits';
import { useObserved } from '../models/hooks';
import { linesOfComparison } from '../models/lines';
import { useTexts } from '../translated';
import { visible } from '../words';
import { ChosenRuns } from './ChosenRuns';
import { CopyLines } from './CopyLines';
import { EditNotice } from './EditNotice';
import { Swatch } from './Swatch';

export interface ComparisonHeadProps {
  model: ComparingModel;
  edits: Edits;
  runs: readonly string[];
  /** How each of the runs is drawn. */
  shown: readonly Shown[];
  /** The place of the baseline. */
  baseline: number;
  onOpen: (id: string) => void;
}

export function ComparisonHead(props: ComparisonHeadProps): JSX.Element {
  const { model, edits, runs, shown, baseline, onOpen } = props;
  const texts = useTexts();
  const { comparison, runs: written, hidden, chosen } = useObserved(model.state);
  const [edited, setEdited] = useState<string | null>(null);
  const run = edited === null ? undefined : written.get(edited);
  const nameOf = (place: number) => shown[place]?.name ?? '';
  const end = () => setEdited(null);
  return (
    <>
      <p className="jp-nbmlops-sentence">{visible(comparison?.sentence ?? '').slice(0, 2000)}</p>
      <div className="jp-nbmlops-bar jp-mod-flush">
        {runs.map((id, place) => (
          <span
            key={id}
            className={`jp-nbmlops-compared ${shown[place]?.isChosen ? '' : 'jp-mod-faint'}`}
          >
            <Swatch mark={shown[place]?.mark ?? place} />
            <button className="jp-nbmlops-link" onClick={() => onOpen(id)} title={id}>
              {nameOf(place)}
            </button>
            {written.has(id) && (
              <button
                className="jp-nbmlops-more"
                aria-label={texts.__('What is written on %1', nameOf(place))}
                aria-expanded={edited === id}
                onClick={() => setEdited(edited === id ? null : id)}
              >
                ⋯
              </button>
            )}
          </span>
        ))}
        {hidden.length > 0 && (
          <button className="jp-nbmlops-button" onClick={() => void model.showHidden()}>
            {texts.__('Show %1 hidden', hidden.length)}
          </button>
        )}
        {chosen && (
          <button className="jp-nbmlops-button" onClick={() => model.chooseAll()}>
            {texts._n('%1 chosen: show all', '%1 chosen: show all', chosen.length)}
          </button>
        )}
        <label>
          {texts.__('baseline')}{' '}
          <select value={runs[baseline]} onChange={event => void model.rebase(event.target.value)}>
            {runs.map((id, place) => (
              <option key={id} value={id}>
                {nameOf(place)}
              </option>
            ))}
          </select>
        </label>
        <CopyLines lines={linesOfComparison(comparison?.runs ?? runs)} />
      </div>
      {run && (
        <ChosenRuns
          edits={edits}
          runs={[run]}
          isEditing
          onEdit={end}
          onHide={
            model.canHide
              ? () => {
                  end();
                  void model.hide(run.id);
                }
              : undefined
          }
          onRemove={end}
        />
      )}
      <EditNotice edits={edits} />
    </>
  );
}
