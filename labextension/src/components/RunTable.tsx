/** Runs as rows and columns: sorted by a click, chosen by a box, grouped, opened by Enter. */

import { useCallback, useMemo } from 'react';
import type { Column } from '../models/columns';
import type { Line } from '../models/groups';
import { grouped } from '../models/groups';
import type { Sparklines } from '../models/sparklines';
import type { Run } from '../records';
import { useTexts } from '../translated';
import { rowClasses } from './row';
import { RunTableRow, TABLE_ROW } from './RunTableRow';
import type { Layout } from './TableHead';
import { TableHead } from './TableHead';
import { VirtualRows } from './VirtualRows';

export interface RunTableProps {
  runs: readonly Run[];
  /** Whether there are no more than these: until then groups are counted as far as they are here. */
  isWhole: boolean;
  columns: readonly Column[];
  sparklines: Sparklines;
  orderBy: string;
  /** The name of a parameter, or `experiment`; null for one list. */
  groupBy: string | null;
  selected: ReadonlySet<string>;
  now: number;
  onOrder: (orderBy: string) => void;
  onToggle: (id: string) => void;
  onOpen?: ((id: string) => void) | undefined;
  onEdit?: ((id: string) => void) | undefined;
  onRemove?: ((id: string) => void) | undefined;
  onEnd?: (() => void) | undefined;
}

export function RunTable(props: RunTableProps): JSX.Element {
  const { runs, columns, groupBy, sparklines, onToggle, onOpen } = props;
  const texts = useTexts();
  const lines = useMemo(() => grouped(runs, groupBy), [runs, groupBy]);
  const layout = useMemo(() => template(columns), [columns]);
  const keys = useMemo(() => lines.map(keyOf), [lines]);
  const ofRuns = (act?: (id: string) => void) => (key: string) =>
    key.startsWith(OF_A_GROUP) || act?.(key);
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
  const headOf = ({ group, count }: { group: string; count: number }) =>
    `${group} · ${props.isWhole ? count : texts.__('%1 loaded', count)}`;
  const row = (index: number, activeId: string | undefined): JSX.Element | null => {
    const line = lines[index];
    if (!line) {
      return null;
    }
    return 'group' in line ? (
      <Group key={keyOf(line)} id={activeId} index={index} text={headOf(line)} />
    ) : (
      <RunTableRow
        key={line.run.id}
        run={line.run}
        index={index}
        activeId={activeId}
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
      keys={keys}
      rowHeight={TABLE_ROW}
      label={texts.__('Runs')}
      head={<TableHead columns={columns} layout={layout} orderBy={orderBy} onOrder={onOrder} />}
      row={row}
      onView={view}
      onEnd={props.onEnd}
      onOpen={ofRuns(onOpen ?? onToggle)}
      onToggle={ofRuns(onToggle)}
      onEdit={ofRuns(props.onEdit)}
      onRemove={ofRuns(props.onRemove)}
    />
  );
}

const OF_A_GROUP = 'group '; // no id of a run has a space

function keyOf(line: Line): string {
  return 'run' in line ? line.run.id : `${OF_A_GROUP}${line.group}`;
}

interface GroupProps {
  id: string | undefined;
  index: number;
  text: string;
}

function Group({ id, index, text }: GroupProps): JSX.Element {
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      className={rowClasses('jp-nbmlops-row jp-mod-group', id !== undefined, false)}
      style={{ height: TABLE_ROW }}
    >
      <span role="gridcell">{text}</span>
    </div>
  );
}

/** In pixels, for numbers such as 1.234e-05; a metric may have a small curve beside it. */
const WIDTHS = { metric: 130, param: 92 } as const;
const FIXED_WIDTHS: Readonly<Record<string, number>> = {
  name: 180, experiment: 124, opened: 96, duration: 70
}; // prettier-ignore
const OF_A_LETTER = 7.5; // of a head
const OF_PADDING = 24;
const MOST_OF_A_HEAD = 180; // what is longer is cut

/** Where columns begin. Every row is as wide as this, so that they stand below one another. */
function template(columns: readonly Column[]): Layout {
  const least = columns.map(({ field, kind, title }) => {
    const head = Math.min(MOST_OF_A_HEAD, title.length * OF_A_LETTER + OF_PADDING);
    return kind === 'fixed' ? FIXED_WIDTHS[field]! : Math.max(WIDTHS[kind], Math.round(head));
  });
  const parts = least.map(width => `minmax(${width}px, ${width}fr)`);
  return {
    gridTemplateColumns: `28px ${parts.join(' ')}`,
    minWidth: least.reduce((sum, width) => sum + width, 28)
  };
}
