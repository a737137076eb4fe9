/** `nbmlops.runs` in a notebook. */

import { useEffect, useMemo, useState } from 'react';
import { RunsView } from '../components/RunsView';
import { ComparisonView } from '../components/ComparisonView';
import { RunsModel } from '../models/runs';
import type { Comparison } from '../records';
import { useTexts } from '../translated';
import type { First, WidgetProps } from './widget_props';

type Props = WidgetProps<Extract<First, { kind: 'runs' }>>;

export function RunsWidget({ first, source, onSelect }: Props): JSX.Element {
  const texts = useTexts();
  const [comparison, setComparison] = useState<Comparison | null>(null);
  const model = useMemo(() => {
    const { runs, total, next } = first.document;
    return new RunsModel(source, {
      runs,
      total,
      next,
      filter: first.filter,
      orderBy: first.order_by
    });
  }, [first, source]);
  useEffect(
    () => model.state.watch(() => onSelect([...model.state.value.selected])),
    [model, onSelect]
  );

  if (comparison) {
    return (
      <>
        <button className="jp-nbmlops-button" onClick={() => setComparison(null)}>
          ← {texts.__('Runs')}
        </button>
        <ComparisonView
          comparison={comparison}
          series={metric => source.series(comparison.runs, metric)}
        />
      </>
    );
  }
  return (
    <RunsView
      model={model}
      source={source}
      isNarrow={false}
      onOpen={id => onSelect([id])}
      onCompare={ids => void source.compare(ids).then(setComparison, () => undefined)}
    />
  );
}
