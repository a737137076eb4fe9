/** Runs in two lines each, for narrow places: what it is, and what it measured. */

import type { Run } from '../records';
import { useTexts } from '../translated';
import { shortened, shown, short, when } from '../words';
import { StateSign } from './StateSign';
import { VirtualRows } from './VirtualRows';

const ROW = 44;
const MOST = 3;

export interface RunListProps {
  runs: readonly Run[];
  selected: ReadonlySet<string>;
  now: number;
  onToggle: (id: string) => void;
  onOpen: (id: string) => void;
  onEnd?: (() => void) | undefined;
}

export function RunList({
  runs,
  selected,
  now,
  onToggle,
  onOpen,
  onEnd
}: RunListProps): JSX.Element {
  const texts = useTexts();
  const isMixed = new Set(runs.map(run => run.experiment)).size > 1;
  const row = (index: number, isActive: boolean): JSX.Element | null => {
    const run = runs[index];
    if (!run) {
      return null;
    }
    const isChosen = selected.has(run.id);
    const name = shortened(run.name ?? short(run.id), 60);
    const moment = when(run.opened, now);
    return (
      <div
        key={run.id}
        role="row"
        aria-rowindex={index + 1}
        aria-selected={isChosen}
        className={`jp-nbmlops-item${isActive ? ' jp-mod-active' : ''}${isChosen ? ' jp-mod-selected' : ''}`}
        style={{ height: ROW }}
        onDoubleClick={() => onOpen(run.id)}
      >
        <span role="gridcell" className="jp-nbmlops-choose">
          <input
            type="checkbox"
            tabIndex={-1}
            checked={isChosen}
            onChange={() => onToggle(run.id)}
            aria-label={texts.__('choose %1', name)}
          />
        </span>
        <span role="gridcell" className="jp-nbmlops-item-text">
          <span className="jp-nbmlops-item-line">
            <StateSign state={run.status} />
            <button
              className="jp-nbmlops-link"
              tabIndex={-1}
              title={run.id}
              onClick={() => onOpen(run.id)}
            >
              {name}
            </button>
            {run.pinned !== null && <span aria-hidden="true">📌</span>}
            <span className="jp-nbmlops-aside">{moment}</span>
          </span>
          <span className="jp-nbmlops-item-line jp-mod-small">
            {isMixed && (
              <span className="jp-nbmlops-item-experiment">{shortened(run.experiment, 40)}</span>
            )}
            {Object.entries(run.metrics)
              .slice(0, MOST)
              .map(([metric, value]) => (
                <span key={metric} className="jp-nbmlops-fact">
                  {shortened(metric, 20)} <b>{shown(value)}</b>
                </span>
              ))}
          </span>
        </span>
      </div>
    );
  };
  return (
    <VirtualRows
      count={runs.length}
      rowHeight={ROW}
      label={texts.__('Runs')}
      row={row}
      onEnd={onEnd}
      onOpen={index => runs[index] && onOpen(runs[index].id)}
      onToggle={index => runs[index] && onToggle(runs[index].id)}
    />
  );
}
