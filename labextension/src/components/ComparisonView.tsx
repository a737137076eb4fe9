/** Two to fifty runs side by side: first what changed in a sentence, then everything behind it. */

import { useMemo } from 'react';
import { colour } from '../drawing/colours';
import type { Comparison, Series } from '../records';
import { useTexts } from '../translated';
import { short, shortened, visible } from '../words';
import { axesOf } from './axes';
import { Curves } from './Curves';
import { DataChanges } from './DataChanges';
import { Diff } from './Diff';
import { Parallel } from './Parallel';
import { Scatter } from './Scatter';
import { Section } from './Section';
import { ValueTable } from './ValueTable';

const MOST_CELLS = 60;

export interface ComparisonViewProps {
  comparison: Comparison;
  /** What runs are called, by id; ids are cut short where there is no name. */
  names?: Readonly<Record<string, string>>;
  series: (metric: string) => Promise<Series[]>;
  onOpen?: ((id: string) => void) | undefined;
  onBaseline?: ((id: string) => void) | undefined;
}

export function ComparisonView(props: ComparisonViewProps): JSX.Element {
  const { comparison, names = {}, onOpen, onBaseline } = props;
  const texts = useTexts();
  const { runs } = comparison;
  const nameOf = (run: string) => shortened(names[run] ?? short(run), 30);
  const heads = runs.map(nameOf);
  const axes = useMemo(() => axesOf(comparison), [comparison]);
  const metrics = comparison.metrics.map(row => row.name);
  return (
    <article className="jp-nbmlops-page">
      <p className="jp-nbmlops-sentence">{visible(comparison.sentence).slice(0, 2000)}</p>
      <div className="jp-nbmlops-bar" style={{ padding: 0 }}>
        {runs.map((run, place) => (
          <span key={run}>
            <span className="jp-nbmlops-key" style={{ background: colour(place) }} />
            <button className="jp-nbmlops-link" onClick={() => onOpen?.(run)} title={run}>
              {nameOf(run)}
            </button>
          </span>
        ))}
        {onBaseline && (
          <label className="jp-nbmlops-aside">
            {texts.__('baseline')}{' '}
            <select value={runs[0]} onChange={event => onBaseline(event.target.value)}>
              {runs.map(run => (
                <option key={run} value={run}>
                  {nameOf(run)}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      {metrics.length > 0 && (
        <Section title={texts.__('Metrics')}>
          <ValueTable rows={comparison.metrics} names={heads} isWhole isMeasured />
        </Section>
      )}
      <Section title={texts.__('Parameters')}>
        <ValueTable rows={comparison.params} names={heads} />
      </Section>
      {metrics.length > 0 && (
        <Section title={texts.__('Curves')}>
          <Curves runs={runs} names={heads} metrics={metrics} series={props.series} />
        </Section>
      )}
      {axes.length > 1 && runs.length > 2 && (
        <Section title={texts.__('Parallel coordinates')}>
          <Parallel axes={axes} names={heads} />
        </Section>
      )}
      {axes.length > 1 && runs.length > 2 && (
        <Section title={texts.__('Scatter')} isOpen={runs.length > 4}>
          <Scatter
            axes={axes}
            names={heads}
            onOpen={place => runs[place] && onOpen?.(runs[place])}
          />
        </Section>
      )}
      <Section title={texts.__('Data')}>
        <DataChanges changes={comparison.data} nameOf={nameOf} isSingle={runs.length === 2} />
      </Section>
      <Section title={texts.__('Code')}>
        {comparison.code.length === 0 && <p className="jp-nbmlops-muted">{texts.__('the same')}</p>}
        {comparison.code.slice(0, MOST_CELLS).map((cell, place) => (
          <details key={place} open={comparison.code.length <= 3}>
            <summary>
              {nameOf(cell.run)}: {cell.change}
            </summary>
            <Diff text={cell.diff} />
          </details>
        ))}
      </Section>
      <Section
        title={texts.__('Environment')}
        isOpen={comparison.packages.length + comparison.sources.length > 0}
      >
        {comparison.packages.length + comparison.sources.length === 0 && (
          <p className="jp-nbmlops-muted">{texts.__('the same')}</p>
        )}
        <ValueTable rows={[...comparison.packages, ...comparison.sources]} names={heads} />
      </Section>
    </article>
  );
}
