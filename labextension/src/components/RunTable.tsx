/** Runs as rows and columns: sorted by a click, chosen by a box, grouped, opened by Enter. */

import { useCallback, useMemo } from 'react';
import type { Run } from '../records';
import { useTexts } from '../translated';
import { shortened } from '../words';
import { Badges } from './Badges';
import type { Column } from './columns';
import { cellText } from './columns';
import { grouped } from './groups';
import { Sparkline } from './Sparkline';
import { StateSign } from './StateSign';
import type { Layout } from './TableHead';
import { TableHead } from './TableHead';
import { VirtualRows } from './VirtualRows';

const ROW = 28;

export interface RunTableProps {
  runs: readonly Run[];
  columns: readonly Column[];
  orderBy: string;
  /** The name of a parameter, or `experiment`; null for one list. */
  groupBy: string | null;
  selected: ReadonlySet<string>;
  now: number;
  onOrder: (orderBy: string) => void;
  onToggle: (id: string) => void;
  onOpen: (id: string) => void;
  onEnd?: (() => void) | undefined;
}

export function RunTable(props: RunTableProps): JSX.Element {
  const { runs, columns, groupBy, onToggle, onOpen, now } = props;
  const texts = useTexts();
  const lines = useMemo(() => grouped(runs, groupBy), [runs, groupBy]);
  const layout = useMemo(() => template(columns), [columns]);
  const at = useCallback(
    (index: number) => {
      const line = lines[index];
      return line && 'run' in line ? line.run : undefined;
    },
    [lines]
  );

  const row = (index: number, isActive: boolean): JSX.Element | null => {
    const line = lines[index];
    if (!line) {
      return null;
    }
    if ('group' in line) {
      return (
        <div
          key={`group ${line.group}`}
          role="row"
          aria-rowindex={index + 2}
          className="jp-nbmlops-row jp-mod-group"
          style={{ height: ROW }}
        >
          <span role="gridcell">
            {line.group} · {line.count}
          </span>
        </div>
      );
    }
    const { run } = line;
    const isChosen = props.selected.has(run.id);
    return (
      <div
        key={run.id}
        role="row"
        aria-rowindex={index + 2}
        aria-selected={isChosen}
        className={`jp-nbmlops-row${isActive ? ' jp-mod-active' : ''}${isChosen ? ' jp-mod-selected' : ''}`}
        style={{ height: ROW, ...layout }}
        onDoubleClick={() => onOpen(run.id)}
      >
        <span role="gridcell" className="jp-nbmlops-choose">
          <input
            type="checkbox"
            tabIndex={-1}
            checked={isChosen}
            onChange={() => onToggle(run.id)}
            aria-label={texts.__('choose %1', shortened(run.name ?? run.id))}
          />
        </span>
        {columns.map(column => (
          <Cell key={column.field} run={run} column={column} now={now} onOpen={onOpen} />
        ))}
      </div>
    );
  };
  return (
    <VirtualRows
      count={lines.length}
      rowHeight={ROW}
      label={texts.__('Runs')}
      head={
        <TableHead
          columns={columns}
          layout={layout}
          orderBy={props.orderBy}
          onOrder={props.onOrder}
        />
      }
      row={row}
      onEnd={props.onEnd}
      onOpen={index => at(index) && onOpen(at(index)!.id)}
      onToggle={index => at(index) && onToggle(at(index)!.id)}
    />
  );
}

interface CellProps {
  run: Run;
  column: Column;
  now: number;
  onOpen: (id: string) => void;
}

function Cell({ run, column, now, onOpen }: CellProps): JSX.Element {
  const text = cellText(run, column, now);
  if (column.field === 'name') {
    return (
      <span role="gridcell" className="jp-nbmlops-cell jp-mod-name">
        <StateSign state={run.status} />
        <button
          className="jp-nbmlops-link"
          tabIndex={-1}
          title={run.id}
          onClick={() => onOpen(run.id)}
        >
          {text}
        </button>
        <Badges run={run} />
      </span>
    );
  }
  const curve = column.kind === 'metric' ? run.sparklines?.[column.title] : undefined;
  return (
    <span role="gridcell" className={`jp-nbmlops-cell jp-mod-${column.kind}`} title={text}>
      {curve && <Sparkline values={curve} label={shortened(column.title)} />}
      {text}
    </span>
  );
}

/** Where columns begin. Every row is as wide as this, so that they stand below one another. */
function template(columns: readonly Column[]): Layout {
  const least = columns.map(({ field, kind }) =>
    field === 'name' ? 220 : kind === 'fixed' ? 110 : 96
  );
  const parts = least.map(width => `minmax(${width}px, ${width}fr)`);
  return {
    gridTemplateColumns: `28px ${parts.join(' ')}`,
    minWidth: least.reduce((sum, width) => sum + width, 28)
  };
}
