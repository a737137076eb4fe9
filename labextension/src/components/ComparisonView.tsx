/** Two to fifty runs side by side: first what changed in a sentence, then everything behind it. */

import { useMemo } from 'react';
import type { Shown } from '../drawing/colours';
import { arranged } from '../models/arranged';
import type { ComparingModel } from '../models/comparing';
import type { Edits } from '../models/edits';
import { useObservedPart } from '../models/hooks';
import { useTexts } from '../translated';
import { short, shortened } from '../words';
import { axesOf } from '../drawing/axes';
import { CodeChanges } from './CodeChanges';
import { ComparisonHead } from './ComparisonHead';
import { Curves } from './Curves';
import { DataChanges } from './DataChanges';
import { Parallel } from './Parallel';
import { Scatter } from './Scatter';
import { Section } from './Section';
import { ValueTable } from './ValueTable';

const NO_NAMES: Readonly<Record<string, string>> = {};

export interface ComparisonViewProps {
  model: ComparingModel;
  edits: Edits;
  /** What runs were called when the comparison was made, by id. */
  names?: Readonly<Record<string, string>>;
  /** Opens a run; without it, its name chooses it here. */
  onOpen?: ((id: string) => void) | undefined;
}

export function ComparisonView(props: ComparisonViewProps): JSX.Element | null {
  const { model, names = NO_NAMES, onOpen } = props;
  const texts = useTexts();
  // Not all of it: an axis that is dragged draws itself, and the rest when other runs are kept.
  const found = useObservedPart(model.state, state => state.comparison);
  const written = useObservedPart(model.state, state => state.runs);
  const order = useObservedPart(model.state, state => state.order);
  const chosen = useObservedPart(model.state, state => state.chosen);
  const problem = useObservedPart(model.state, state => state.problem);
  const drawn = useMemo(() => found && arranged(found, order), [found, order]);
  const axes = useMemo(() => (drawn ? axesOf(drawn.comparison) : []), [drawn]);
  const shown = useMemo(() => {
    const nameOf = (run: string) =>
      shortened(written.get(run)?.name ?? names[run] ?? short(run), 30);
    return (drawn?.comparison.runs ?? []).map<Shown>((run, place) => ({
      name: nameOf(run),
      mark: drawn?.marks[place] ?? place,
      isChosen: chosen?.includes(run) ?? true
    }));
  }, [drawn, written, names, chosen]);
  if (!drawn) {
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
  const { comparison, baseline } = drawn;
  const { runs } = comparison;
  const nameOf = (run: string) => shown[runs.indexOf(run)]?.name ?? short(run);
  const open = onOpen ?? ((run: string) => model.toggle(run));
  const metrics = comparison.metrics.map(row => row.name);
  const around = [...comparison.packages, ...comparison.sources];
  return (
    <article className="jp-nbmlops-page">
      <ComparisonHead {...props} runs={runs} shown={shown} baseline={baseline} onOpen={open} />
      {problem && <div className="jp-nbmlops-problem">{problem}</div>}
      {metrics.length > 0 && (
        <Section title={texts.__('Metrics')}>
          <ValueTable
            rows={comparison.metrics}
            shown={shown}
            baseline={baseline}
            isWhole
            isMeasured
          />
        </Section>
      )}
      {comparison.params.length > 0 && (
        <Section title={texts.__('Parameters')}>
          <ValueTable rows={comparison.params} shown={shown} baseline={baseline} />
        </Section>
      )}
      {metrics.length > 0 && (
        <Section title={texts.__('Curves')}>
          <Curves runs={runs} shown={shown} metrics={metrics} series={model.series} />
        </Section>
      )}
      {axes.length > 1 && runs.length > 2 && (
        <Section title={texts.__('Parallel coordinates')}>
          <Parallel model={model} axes={axes} shown={shown} />
        </Section>
      )}
      {axes.length > 1 && runs.length > 2 && (
        <Section title={texts.__('Scatter')} isOpen={runs.length > 4}>
          <Scatter axes={axes} shown={shown} onOpen={place => runs[place] && open(runs[place])} />
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
        <ValueTable rows={around} shown={shown} baseline={baseline} />
      </Section>
    </article>
  );
}
