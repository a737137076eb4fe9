/** Which executions made a result, in order: lanes from who writes to who reads, and the code. */

import { useState } from 'react';
import type { Slice } from '../records';
import { useTexts } from '../translated';
import { shortened, shown, visible } from '../words';

const ROW = 44;
const LANE = 14;
const MOST = 400; // steps drawn
const MOST_SOURCE = 20_000; // characters

type Step = Slice['steps'][number];

export function Lineage({ slice }: { slice: Slice }): JSX.Element {
  const texts = useTexts();
  const [open, setOpen] = useState<number | null>(null);
  const steps = slice.steps.slice(0, MOST);
  const chosen = steps.find(step => step.sequence === open);
  return (
    <article className="jp-nbmlops-page">
      <p className="jp-nbmlops-sentence">
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
      </p>
      <div className="jp-nbmlops-lineage">
        <Lanes steps={steps} />
        <ol>
          {steps.map(step => (
            <li key={step.sequence} style={{ height: ROW }}>
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
      <p>
        {Object.entries(slice.params)
          .slice(0, 30)
          .map(([name, value]) => (
            <span key={name} className="jp-nbmlops-badge jp-mod-tag">
              {shortened(name, 30)} {shown(value, 30)}
            </span>
          ))}
      </p>
      <ul>
        {slice.data
          .filter(data => data.role === 'input')
          .map(data => (
            <li key={`${data.name} ${data.digest}`}>
              {texts.__('data')} <b>{shortened(data.name, 60)}</b> {data.shape?.join(' × ')}{' '}
              <span className="jp-nbmlops-muted">{data.digest.slice(0, 10)}</span>
            </li>
          ))}
        {slice.notes.map(note => (
          <li key={note}>{shortened(note, 300)}</li>
        ))}
      </ul>
    </article>
  );
}

/** An arc for each name from the execution that wrote it to the last that read it. */
function Lanes({ steps }: { steps: readonly Step[] }): JSX.Element {
  const rows = new Map(steps.map((step, row) => [step.sequence, row]));
  const arcs = steps.flatMap((step, from) => {
    const readers = [...new Set(step.reasons.flatMap(reason => reason.read_by))];
    return readers
      .map(reader => ({ from, to: rows.get(reader) ?? from }))
      .filter(arc => arc.to > arc.from);
  });
  const deepest = Math.min(6, Math.max(1, ...arcs.map(arc => arc.to - arc.from)));
  const width = deepest * LANE + 16;
  const middle = (row: number) => row * ROW + ROW / 2;
  return (
    <svg width={width} height={steps.length * ROW} aria-hidden="true">
      {arcs.map(({ from, to }) => {
        const x = width - 8 - Math.min(deepest, to - from) * LANE;
        return (
          <path
            key={`${from} ${to}`}
            d={`M${width - 8},${middle(from)} C${x},${middle(from)} ${x},${middle(to)} ${width - 8},${middle(to)}`}
          />
        );
      })}
      {steps.map((step, row) => (
        <circle
          key={step.sequence}
          cx={width - 8}
          cy={middle(row)}
          r={step.is_target ? 5 : 3.5}
          className={step.is_target ? 'jp-mod-target' : ''}
        />
      ))}
    </svg>
  );
}

function firstLine(source: string): string {
  const lines = source
    .slice(0, 2000)
    .split('\n')
    .filter(line => line.trim() && !line.trim().startsWith('#'));
  return lines[0] ?? '';
}

function reasons(step: Step): string {
  const names = step.reasons.filter(reason => reason.kind !== 'hidden').map(reason => reason.name);
  const shownNames = names
    .slice(0, 5)
    .map(name => shortened(name, 24))
    .join(', ');
  return names.length > 5 ? `${shownNames} + ${names.length - 5}` : shownNames;
}
