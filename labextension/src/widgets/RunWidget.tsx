/** `nbmlops.show` in a notebook: the page of a run, and why its numbers are what they are. */

import { useCallback, useEffect, useMemo, useState } from 'react';
import { Lineage } from '../components/Lineage';
import { RunPageView } from '../components/RunPageView';
import { Edits } from '../models/edits';
import { InOrder } from '../models/in_order';
import { linesOfSlice } from '../models/lines';
import type { Slice } from '../records';
import { useTexts } from '../translated';
import type { First, WidgetProps } from './widget_props';

type Props = WidgetProps<Extract<First, { kind: 'run' }>>;

export function RunWidget({ first, source, onChange }: Props): JSX.Element {
  const texts = useTexts();
  const [run, setRun] = useState(first.document);
  const [slice, setSlice] = useState<Slice | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [order] = useState(() => new InOrder());
  const { id } = first.document;
  const look = useCallback(() => {
    const isNews = order.ask();
    // Where that fails the page stays as it was.
    source.run(id).then(
      found => isNews() && setRun(found),
      () => undefined
    );
  }, [source, id, order]);
  const edits = useMemo(() => new Edits(source, look), [source, look]);
  useEffect(() => onChange(look), [onChange, look]);
  if (slice) {
    return (
      <>
        <button className="jp-nbmlops-button" onClick={() => setSlice(null)}>
          ← {texts.__('The run')}
        </button>
        <Lineage slice={slice} lines={linesOfSlice(id)} />
      </>
    );
  }
  return (
    <>
      {problem && (
        <div role="alert" className="jp-nbmlops-problem">
          {problem}
        </div>
      )}
      <RunPageView
        run={run}
        edits={edits}
        series={source.series}
        onWhy={() => {
          setProblem(null);
          source.slice(id).then(setSlice, (fault: Error) => setProblem(fault.message));
        }}
      />
    </>
  );
}
