/** Loads a record, shows it, and loads it again when it is time to look. */

import type { ReactElement } from 'react';
import { useEffect, useState } from 'react';
import { useObserved } from '../models/hooks';
import { InOrder } from '../models/in_order';
import type { Observable } from '../models/observable';
import { SourceProblem } from '../records';
import { useTexts } from '../translated';

export interface LoadedProps<T> {
  load: () => Promise<T>;
  looks: Observable<{ moment: number }>;
  /** Leads to what there is where this is gone. */
  onOthers?: () => void;
  children: (record: T) => ReactElement;
}

export function Loaded<T>({ load, looks, onOthers, children }: LoadedProps<T>): ReactElement {
  const texts = useTexts();
  const { moment } = useObserved(looks);
  const [again, setAgain] = useState(0);
  const [record, setRecord] = useState<T | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [order] = useState(() => new InOrder());
  useEffect(() => {
    const isNews = order.ask();
    load().then(
      found => {
        if (isNews()) {
          setRecord(found);
          setProblem(null);
        }
      },
      reason => isNews() && setProblem(reason)
    );
    // `load` is made anew with each drawing; what it loads never changes.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [moment, again]);
  return (
    <div className="jp-nbmlops-view">
      {problem !== null && (
        <div role="alert" className="jp-nbmlops-problem">
          <p>{problem instanceof Error ? problem.message : String(problem)}</p>
          {problem instanceof SourceProblem && problem.hint && <p>{problem.hint}</p>}
          {isGone(problem) && (
            <p>
              {texts.__('It was removed for good, or belongs to another project.')}{' '}
              {record !== null && texts.__('Below is what was known of it.')}
            </p>
          )}
          <button className="jp-nbmlops-button" onClick={() => setAgain(again + 1)}>
            {texts.__('Look again')}
          </button>{' '}
          {isGone(problem) && onOthers && (
            <button className="jp-nbmlops-button" onClick={onOthers}>
              {texts.__('All runs')}
            </button>
          )}
        </div>
      )}
      {record !== null && children(record)}
      {record === null && problem === null && (
        <p className="jp-nbmlops-empty" role="status">
          {texts.__('Looking…')}
        </p>
      )}
    </div>
  );
}

function isGone(problem: unknown): boolean {
  return problem instanceof SourceProblem && problem.code === 'RunNotFound';
}
