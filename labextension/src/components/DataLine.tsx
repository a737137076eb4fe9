/** One data set in two lines: what it is called, and what it is. */

import { useMoment } from '../models/hooks';
import type { DataSet } from '../records';
import { useTexts } from '../translated';
import { shortened, size, when } from '../words';

export function DataLine({ data }: { data: DataSet }): JSX.Element {
  const texts = useTexts();
  const now = useMoment();
  return (
    <li className="jp-nbmlops-data-set" title={data.files.join('\n')}>
      <div className="jp-nbmlops-item-line">
        <b title={shortened(data.names[0] ?? '', 500)}>{title(data)}</b>
        <span className="jp-nbmlops-aside">{when(data.last_seen, now)}</span>
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
        <span className="jp-nbmlops-aside jp-mod-digest">
          <code>{data.digest.slice(0, 8)}</code>
        </span>
      </div>
    </li>
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
