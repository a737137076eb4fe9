/** The data sets that runs used, the latest first. */

import { useEffect, useState } from 'react';
import type { DataList, DataSet } from '../records';
import { useTexts } from '../translated';
import { shortened, size, when } from '../words';

export interface DataViewProps {
  load: (offset: number) => Promise<DataList>;
  /** Changes when it is to be loaded again. */
  moment: number;
}

export function DataView({ load, moment }: DataViewProps): JSX.Element {
  const texts = useTexts();
  const [sets, setSets] = useState<readonly DataSet[] | null>(null);
  const [next, setNext] = useState<number | null>(null);
  useEffect(() => {
    let isWanted = true;
    load(0).then(
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
  }, [load, moment]);
  const more = () =>
    next !== null &&
    load(next).then(page => {
      setSets(old => [...(old ?? []), ...page.data]);
      setNext(page.next);
    });
  if (sets?.length === 0) {
    return (
      <div className="jp-nbmlops-empty">
        <h3>{texts.__('No data yet')}</h3>
        <p>
          {texts.__(
            'Tables, arrays and files that recorded cells use appear here, by what they hold.'
          )}
        </p>
      </div>
    );
  }
  return (
    <div className="jp-nbmlops-scroll">
      <ul className="jp-nbmlops-executions">
        {(sets ?? []).map(data => (
          <li key={data.digest} className="jp-nbmlops-data-set" title={data.files.join('\n')}>
            <div className="jp-nbmlops-item-line">
              <b title={shortened(data.names[0] ?? '', 500)}>{title(data)}</b>
              <span className="jp-nbmlops-aside">{when(data.last_seen, Date.now())}</span>
            </div>
            <div className="jp-nbmlops-item-line jp-mod-small">
              <span>{data.kind}</span>
              {data.shape && (
                <span>
                  {data.shape.map(length => length?.toLocaleString('en-US') ?? '?').join(' × ')}
                </span>
              )}
              <span>{size(data.size_bytes)}</span>
              <span>{texts._n('%1 run', '%1 runs', data.runs)}</span>
              <span className="jp-nbmlops-aside">
                <code>{data.digest.slice(0, 8)}</code>
              </span>
            </div>
          </li>
        ))}
      </ul>
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

/** The name of a variable; of a file what it is called in its folder. */
function title({ kind, names, digest }: DataSet): string {
  const name = names[0] ?? digest;
  return shortened(
    kind === 'file' ? name.slice(-4000).split(/[/\\]/).slice(-2).join('/') : name,
    60
  );
}
