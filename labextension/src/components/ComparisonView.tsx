/** Two to fifty runs side by side: first what changed in a sentence, then everything behind it. */

import { useMemo } from 'react';
import type { ComparingModel } from '../models/comparing';
import type { Edits } from '../models/edits';
import { useObserved } from '../models/hooks';
import type { Series } from '../records';
import { useTexts } from '../translated';
import { short, shortened } from '../words';
import { axesOf } from './axes';
import { CodeChanges } from './CodeChanges';
import { ComparisonHead } from './ComparisonHead';
import { Curves } from './Curves';
import { DataChanges } from './DataChanges';
import { Parallel } from './Parallel';
import { Scatter } from './Scatter';
import { Section } from './Section';
import { ValueTable } from './ValueTable';

export interface ComparisonViewProps {
  model: ComparingModel;
  edits: Edits;
  /** What runs were called when the comparison was made, by id. */
  names?: Readonly<Record<string, string>>;
  series: (runs: readonly string[], metrics: readonly string[]) => Promise<readonly Series[]>;
  onOpen?: ((id: string) => void) | undefined;
}

export function ComparisonView(props: ComparisonViewProps): JSX.Element | null {
  const { model, names = {}, onOpen } = props;
  const texts = useTexts();
  const { comparison, runs: written, problem } = useObserved(model.state);
  const axes = useMemo(() => (comparison ? axesOf(comparison) : []), [comparison]);
  if (!comparison) {
    return problem ? (
      <div role="alert" className="jp-nbmlops-problem">
        {problem}
      </div>
    ) : (
      <p className="jp-nbmlops-empty" role="status">
        {texts.__('Looking…')}
      </p>
    );
  }
  const { runs } = comparison;
  const nameOf = (run: string) => shortened(written.get(run)?.name ?? names[run] ?? short(run), 30);
  const heads = runs.map(nameOf);
  const metrics = comparison.metrics.map(row => row.name);
  const around = [...comparison.packages, ...comparison.sources];
  return (
    <article className="jp-nbmlops-page">
      <ComparisonHead {...props} comparison={comparison} nameOf={nameOf} />
      {problem && <div className="jp-nbmlops-problem">{problem}</div>}
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
        <CodeChanges changes={comparison.code} nameOf={nameOf} />
      </Section>
      <Section title={texts.__('Environment')} isOpen={around.length > 0}>
        {around.length === 0 && <p className="jp-nbmlops-muted">{texts.__('the same')}</p>}
        <ValueTable rows={around} names={heads} />
      </Section>
    </article>
  );
}
