/** `nbmlops.runs` in a notebook. */

import { useEffect, useMemo, useState } from 'react';
import { ComparisonView } from '../components/ComparisonView';
import { RunsView } from '../components/RunsView';
import { ComparingModel } from '../models/comparing';
import { Edits } from '../models/edits';
import { RunsModel } from '../models/runs';
import type { Source } from '../records';
import { useTexts } from '../translated';
import type { First, WidgetProps } from './widget_props';

type Props = WidgetProps<Extract<First, { kind: 'runs' }>>;

export function RunsWidget({ first, source, onChange, onSelect }: Props): JSX.Element {
  const texts = useTexts();
  const [compared, setCompared] = useState<ComparingModel | null>(null);
  const [model, edits] = useMemo(() => made(first, source), [first, source]);
  const compareEdits = useMemo(
    () => compared && new Edits(source, () => void compared.refresh()),
    [compared, source]
  );
  useEffect(
    () => model.state.watch(() => onSelect([...model.state.value.selected])),
    [model, onSelect]
  );
  useEffect(() => onChange(() => void model.refresh()), [model, onChange]);
  if (compared && compareEdits) {
    return (
      <>
        <button
          className="jp-nbmlops-button"
          onClick={() => {
            setCompared(null);
            void model.refresh();
          }}
        >
          ← {texts.__('Runs')}
        </button>
        <ComparisonView model={compared} edits={compareEdits} />
      </>
    );
  }
  return (
    <RunsView
      model={model}
      edits={edits}
      source={source}
      isNarrow={false}
      onCompare={ids => {
        const comparing = new ComparingModel(source, ids);
        setCompared(comparing);
        void comparing.refresh();
      }}
    />
  );
}

function made(first: Props['first'], source: Source): [RunsModel, Edits] {
  const { runs, total, next } = first.document;
  const found = { runs, total, next, filter: first.filter, orderBy: first.order_by };
  const model = new RunsModel(source, found);
  return [model, new Edits(source, () => void model.refresh())];
}
