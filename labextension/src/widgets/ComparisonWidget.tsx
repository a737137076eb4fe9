/** `nbmlops.compare` in a notebook. */

import { useCallback, useState } from 'react';
import { ComparisonView } from '../components/ComparisonView';
import type { First, WidgetProps } from './widget_props';

type Props = WidgetProps<Extract<First, { kind: 'comparison' }>>;

export function ComparisonWidget({ first, source, onSelect }: Props): JSX.Element {
  const [comparison, setComparison] = useState(first.document);
  const { runs } = comparison;
  const series = useCallback((metric: string) => source.series(runs, metric), [source, runs]);
  const rebased = (baseline: string) => {
    const others = runs.filter(run => run !== baseline);
    source.compare([baseline, ...others]).then(setComparison, () => undefined);
  };
  return (
    <ComparisonView
      comparison={comparison}
      names={first.names}
      series={series}
      onBaseline={rebased}
      onOpen={id => onSelect([id])}
    />
  );
}
