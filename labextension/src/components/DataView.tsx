/** The data sets that runs used, the latest first. */

import { useEffect, useRef, useState } from 'react';
import { InOrder } from '../models/in_order';
import type { DataList } from '../records';
import { SourceProblem } from '../records';
import { useTexts } from '../translated';
import { DataLine } from './DataLine';

export interface DataViewProps {
  load: (offset: number, packages: boolean) => Promise<DataList>;
  /** Changes when it is to be loaded again. */
  moment: number;
}

export function DataView({ load, moment }: DataViewProps): JSX.Element {
  const texts = useTexts();
  const [list, setList] = useState<DataList | null>(null);
  const [problem, setProblem] = useState('');
  const [packages, setPackages] = useState(false);
  const [order] = useState(() => new InOrder());
  const count = useRef(0); // of those that are shown, which stay as more is recorded
  useEffect(() => {
    const isNews = order.ask();
    atLeast(count.current, offset => load(offset, packages)).then(
      found => {
        if (isNews()) {
          setList(found);
          setProblem('');
        }
      },
      fault => isNews() && setProblem(toTell(fault))
    );
  }, [load, packages, moment, order]);
  useEffect(() => {
    count.current = list?.data.length ?? 0;
  }, [list]);
  const more = (next: number) =>
    load(next, packages).then(
      page =>
        // Not behind what came meanwhile, which may be another list.
        setList(old =>
          old && old === list ? { ...page, data: [...old.data, ...page.data] } : old
        ),
      fault => setProblem(toTell(fault))
    );
  return (
    <div className="jp-nbmlops-scroll">
      <label className="jp-nbmlops-bar">
        <input type="checkbox" checked={packages} onChange={() => setPackages(!packages)} />
        {texts.__('with files of installed packages')}
      </label>
      {problem && (
        <div role="alert" className="jp-nbmlops-problem">
          {problem}
        </div>
      )}
      {list?.data.length === 0 ? (
        <div className="jp-nbmlops-empty">
          <h3>{texts.__('No data yet')}</h3>
          <p>
            {texts.__(
              'Tables, arrays and files that recorded cells use appear here, by what they hold.'
            )}
          </p>
        </div>
      ) : (
        <ul className="jp-nbmlops-executions">
          {(list?.data ?? []).map(data => (
            <DataLine key={data.digest} data={data} />
          ))}
        </ul>
      )}
      {typeof list?.next === 'number' && (
        <div className="jp-nbmlops-bar">
          <button className="jp-nbmlops-button" onClick={() => void more(list.next!)}>
            {texts.__('More')}
          </button>
        </div>
      )}
    </div>
  );
}

/** The first pages, so many that they hold a count, as far as there is that much. */
async function atLeast(
  count: number,
  load: (offset: number) => Promise<DataList>
): Promise<DataList> {
  let page = await load(0);
  const data = [...page.data];
  while (data.length < count && page.next !== null) {
    page = await load(page.next);
    data.push(...page.data);
  }
  return { ...page, data };
}

/** What a fault says here; that the server is away stands above all tabs. */
function toTell(fault: unknown): string {
  const isTold = fault instanceof SourceProblem && fault.code === 'Away';
  return isTold ? '' : fault instanceof Error ? fault.message : String(fault);
}
