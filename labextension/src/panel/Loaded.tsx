/** Loads a record, shows it, and loads it again when it is time to look. */

import type { ReactElement } from 'react';
import { useEffect, useState } from 'react';
import { useObserved } from '../models/hooks';
import type { Observable } from '../models/observable';
import { useTexts } from '../translated';

export interface LoadedProps<T> {
  load: () => Promise<T>;
  looks: Observable<{ moment: number }>;
  children: (record: T) => ReactElement;
}

export function Loaded<T>({ load, looks, children }: LoadedProps<T>): ReactElement {
  const texts = useTexts();
  const { moment } = useObserved(looks);
  const [record, setRecord] = useState<T | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let isWanted = true;
    load().then(
      found => {
        if (isWanted) {
          setRecord(found);
          setProblem(null);
        }
      },
      reason => isWanted && setProblem(reason instanceof Error ? reason.message : String(reason))
    );
    return () => {
      isWanted = false;
    };
    // `load` is made anew with each drawing; what it loads never changes.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [moment]);
  return (
    <div className="jp-nbmlops-view">
      {problem && (
        <div role="alert" className="jp-nbmlops-problem">
          {problem}
        </div>
      )}
      {record !== null && children(record)}
      {record === null && !problem && (
        <p className="jp-nbmlops-empty" role="status">
          {texts.__('Looking…')}
        </p>
      )}
    </div>
  );
}
