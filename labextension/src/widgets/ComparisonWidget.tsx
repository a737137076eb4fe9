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
  useEffect(() => {
    let before = model.state.value.chosen;
    return model.state.watch(() => {
      const { chosen } = model.state.value;
      if (chosen !== before) {
        onSelect(chosen ?? []);
        before = chosen;
      }
    });
  }, [model, onSelect]);
  return <ComparisonView model={model} edits={edits} names={first.names} />;
}
