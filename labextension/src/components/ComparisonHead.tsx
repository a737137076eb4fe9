/** What changed in a sentence, and the runs: opened, written on, left out, made the baseline. */

import { useState } from 'react';
import { colour } from '../drawing/colours';
import type { ComparingModel } from '../models/comparing';
import type { Edits } from '../models/edits';
import { useObserved } from '../models/hooks';
import { linesOfComparison } from '../models/lines';
import type { Comparison } from '../records';
import { useTexts } from '../translated';
import { visible } from '../words';
import { ChosenRuns } from './ChosenRuns';
import { CopyLines } from './CopyLines';
import { EditNotice } from './EditNotice';

export interface ComparisonHeadProps {
  comparison: Comparison;
  model: ComparingModel;
  edits: Edits;
  nameOf: (run: string) => string;
  onOpen?: ((id: string) => void) | undefined;
}

export function ComparisonHead(props: ComparisonHeadProps): JSX.Element {
  const { comparison, model, edits, nameOf, onOpen } = props;
  const texts = useTexts();
  const { runs: written, hidden } = useObserved(model.state);
  const [edited, setEdited] = useState<string | null>(null);
  const run = edited === null ? undefined : written.get(edited);
  const end = () => setEdited(null);
  return (
    <>
      <p className="jp-nbmlops-sentence">{visible(comparison.sentence).slice(0, 2000)}</p>
      <div className="jp-nbmlops-bar" style={{ padding: 0 }}>
        {comparison.runs.map((id, place) => (
          <span key={id} className="jp-nbmlops-compared">
            <span className="jp-nbmlops-key" style={{ background: colour(place) }} />
            <button className="jp-nbmlops-link" onClick={() => onOpen?.(id)} title={id}>
              {nameOf(id)}
            </button>
            {written.has(id) && (
              <button
                className="jp-nbmlops-more"
                aria-label={texts.__('What is written on %1', nameOf(id))}
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
        <span className="jp-nbmlops-push" />
        <CopyLines lines={linesOfComparison(comparison.runs)} />
        <label>
          {texts.__('baseline')}{' '}
          <select
            value={comparison.runs[0]}
            onChange={event => void model.rebase(event.target.value)}
          >
            {comparison.runs.map(id => (
              <option key={id} value={id}>
                {nameOf(id)}
              </option>
            ))}
          </select>
        </label>
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
