/** Runs as rows and columns: sorted by a click, chosen by a box, grouped, opened by Enter. */

import { useCallback, useMemo } from 'react';
import type { Column } from '../models/columns';
import { grouped } from '../models/groups';
import type { Sparklines } from '../models/sparklines';
import type { Run } from '../records';
import { useTexts } from '../translated';
import { RunTableRow, TABLE_ROW } from './RunTableRow';
import type { Layout } from './TableHead';
import { TableHead } from './TableHead';
import { VirtualRows } from './VirtualRows';

export interface RunTableProps {
  runs: readonly Run[];
  columns: readonly Column[];
  sparklines: Sparklines;
  orderBy: string;
  /** The name of a parameter, or `experiment`; null for one list. */
  groupBy: string | null;
  selected: ReadonlySet<string>;
  now: number;
  onOrder: (orderBy: string) => void;
  onToggle: (id: string) => void;
  onOpen: (id: string) => void;
  onEdit?: ((id: string) => void) | undefined;
  onRemove?: ((id: string) => void) | undefined;
  onEnd?: (() => void) | undefined;
}

export function RunTable(props: RunTableProps): JSX.Element {
  const { runs, columns, groupBy, sparklines, onToggle, onOpen } = props;
  const texts = useTexts();
  const lines = useMemo(() => grouped(runs, groupBy), [runs, groupBy]);
  const layout = useMemo(() => template(columns), [columns]);
  const at = (act?: (id: string) => void) => (index: number) => {
    const line = lines[index];
    return line && 'run' in line && act?.(line.run.id);
  };
  const view = useCallback(
    (first: number, last: number) => {
      const seen = lines.slice(first, last).flatMap(line => ('run' in line ? [line.run] : []));
      const metrics = columns.filter(column => column.kind === 'metric');
      sparklines.see(
        seen,
        metrics.map(column => column.title)
      );
    },
    [lines, columns, sparklines]
  );
  const row = (index: number, isActive: boolean): JSX.Element | null => {
    const line = lines[index];
    if (!line) {
      return null;
    }
    return 'group' in line ? (
      <Group key={`group ${line.group}`} index={index} text={`${line.group} · ${line.count}`} />
    ) : (
      <RunTableRow
        key={line.run.id}
        run={line.run}
        index={index}
        isActive={isActive}
        isChosen={props.selected.has(line.run.id)}
        now={props.now}
        columns={columns}
        layout={layout}
        sparklines={sparklines}
        onToggle={onToggle}
        onOpen={onOpen}
      />
    );
  };
  const { orderBy, onOrder } = props;
  return (
    <VirtualRows
      count={lines.length}
      rowHeight={TABLE_ROW}
      label={texts.__('Runs')}
      head={<TableHead columns={columns} layout={layout} orderBy={orderBy} onOrder={onOrder} />}
      row={row}
      onView={view}
      onEnd={props.onEnd}
      onOpen={at(onOpen)}
      onToggle={at(onToggle)}
      onEdit={at(props.onEdit)}
      onRemove={at(props.onRemove)}
    />
  );
}

function Group({ index, text }: { index: number; text: string }): JSX.Element {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className="jp-nbmlops-row jp-mod-group"
      style={{ height: TABLE_ROW }}
    >
      <span role="gridcell">{text}</span>
    </div>
  );
}

/** In pixels; a metric may have a small curve beside it. */
const WIDTHS = { fixed: 110, metric: 136, param: 96 } as const;

/** Where columns begin. Every row is as wide as this, so that they stand below one another. */
function template(columns: readonly Column[]): Layout {
  const least = columns.map(({ field, kind }) => (field === 'name' ? 220 : WIDTHS[kind]));
  const parts = least.map(width => `minmax(${width}px, ${width}fr)`);
  return {
    gridTemplateColumns: `28px ${parts.join(' ')}`,
    minWidth: least.reduce((sum, width) => sum + width, 28)
  };
}
