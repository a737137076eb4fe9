/** The data sets that runs used, the latest first. */

import { useEffect, useState } from 'react';
import type { DataList, DataSet } from '../records';
import { useTexts } from '../translated';
import { DataLine } from './DataLine';

export interface DataViewProps {
  load: (offset: number, packages: boolean) => Promise<DataList>;
  /** Changes when it is to be loaded again. */
  moment: number;
}

export function DataView({ load, moment }: DataViewProps): JSX.Element {
  const texts = useTexts();
  const [sets, setSets] = useState<readonly DataSet[] | null>(null);
  const [next, setNext] = useState<number | null>(null);
  const [packages, setPackages] = useState(false);
  useEffect(() => {
    let isWanted = true;
    load(0, packages).then(
      page => {
        if (isWanted) {
          setSets(page.data);
          setNext(page.next);
        }
      },
      () => isWanted && setSets(old => old ?? [])
    );
    return () => {
      isWanted = false;
    };
  }, [load, packages, moment]);
  const more = () =>
    next !== null &&
    load(next, packages).then(page => {
      setSets(old => [...(old ?? []), ...page.data]);
      setNext(page.next);
    });
  return (
    <div className="jp-nbmlops-scroll">
      <label className="jp-nbmlops-bar">
        <input type="checkbox" checked={packages} onChange={() => setPackages(!packages)} />
        {texts.__('with files of installed packages')}
      </label>
      {sets?.length === 0 ? (
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
          {(sets ?? []).map(data => (
            <DataLine key={data.digest} data={data} />
          ))}
        </ul>
      )}
      {next !== null && (
        <div className="jp-nbmlops-bar">
          <button className="jp-nbmlops-button" onClick={more}>
            {texts.__('More')}
          </button>
        </div>
      )}
    </div>
  );
}
