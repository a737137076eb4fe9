/** Which executions made a result, in order: lanes from who writes to who reads, and the code. */

import { useState } from 'react';
import type { Lines } from '../models/lines';
import type { Slice } from '../records';
import { useTexts } from '../translated';
import { shortened, visible } from '../words';
import { CopyLines } from './CopyLines';
import { firstLine } from './first_line';
import { LANE_ROW, Lanes } from './Lanes';
import { RunData } from './RunData';
import { Values } from './Values';

const MOST = 400; // steps drawn
const MOST_SOURCE = 20_000; // characters

type Step = Slice['steps'][number];

export interface LineageProps {
  slice: Slice;
  /** What gives the same in a terminal and in Python. */
  lines?: Lines;
}

export function Lineage({ slice, lines }: LineageProps): JSX.Element {
  const texts = useTexts();
  const [open, setOpen] = useState<number | null>(null);
  const steps = slice.steps.slice(0, MOST);
  const chosen = steps.find(step => step.sequence === open);
  return (
    <article className="jp-nbmlops-page">
      <div className="jp-nbmlops-sentence jp-nbmlops-bar">
        {texts._n(
          '%1 execution made %2',
          '%1 executions made %2',
          slice.steps.length,
          shortened(slice.target, 80)
        )}
        {slice.left_out > 0 && (
          <span className="jp-nbmlops-muted">
            {' '}
            · {texts.__('%1 others were not needed', slice.left_out)}
          </span>
        )}
        {lines && <CopyLines lines={lines} />}
      </div>
      <div className="jp-nbmlops-lineage">
        <Lanes steps={steps} />
        <ol>
          {steps.map(step => (
            <li key={step.sequence} style={{ height: LANE_ROW }}>
              <button
                className="jp-nbmlops-step"
                aria-expanded={open === step.sequence}
                onClick={() => setOpen(open === step.sequence ? null : step.sequence)}
              >
                <span className={step.is_target ? 'jp-nbmlops-brand' : 'jp-nbmlops-muted'}>
                  [{step.execution_count ?? step.sequence}]
                </span>{' '}
                <code>{shortened(firstLine(step.source), 70)}</code>
                <small>
                  {reasons(step) || (step.is_target ? texts.__('gives the result') : '')}
                </small>
              </button>
            </li>
          ))}
        </ol>
      </div>
      {chosen && (
        <pre className="jp-nbmlops-source">{visible(chosen.source.slice(0, MOST_SOURCE))}</pre>
      )}
      <div className="jp-nbmlops-beside">
        <Values title={texts.__('Parameters')} values={slice.params} />
        <RunData data={slice.data.filter(data => data.role === 'input')} />
      </div>
      {slice.notes.map(note => (
        <p key={note} className="jp-nbmlops-warn">
          {shortened(note, 300)}
        </p>
      ))}
    </article>
  );
}

function reasons(step: Step): string {
  const names = step.reasons.filter(reason => reason.kind !== 'hidden').map(reason => reason.name);
  const shownNames = names
    .slice(0, 5)
    .map(name => shortened(name, 24))
    .join(', ');
  return names.length > 5 ? `${shownNames} + ${names.length - 5}` : shownNames;
}
