/** `nbmlops.compare` in a notebook. */

import { useEffect, useMemo } from 'react';
import { ComparisonView } from '../components/ComparisonView';
import { ComparingModel } from '../models/comparing';
import { Edits } from '../models/edits';
import type { First, WidgetProps } from './widget_props';

type Props = WidgetProps<Extract<First, { kind: 'comparison' }>>;

export function ComparisonWidget({ first, source, onSelect }: Props): JSX.Element {
  const [model, edits] = useMemo(() => {
    const made = new ComparingModel(source, first.document.runs, first.document);
    return [made, new Edits(source, () => void made.refresh())] as const;
  }, [first, source]);
  useEffect(() => void model.look(), [model]);
  return (
    <ComparisonView
      model={model}
      edits={edits}
      names={first.names}
      series={source.series}
      onOpen={id => onSelect([id])}
    />
  );
}
