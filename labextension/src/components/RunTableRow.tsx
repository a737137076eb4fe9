/** A run in one line of cells below their columns. */

import { memo } from 'react';
import type { Column } from '../models/columns';
import { cellText } from '../models/columns';
import { useObservedPart } from '../models/hooks';
import type { Sparklines } from '../models/sparklines';
import type { Run } from '../records';
import { shortened } from '../words';
import { Badges } from './Badges';
import { ChooseCell } from './ChooseCell';
import { RunLink } from './RunLink';
import type { RunRowProps } from './row';
import { rowClasses } from './row';
import { Sparkline } from './Sparkline';
import { StateSign } from './StateSign';
import type { Layout } from './TableHead';

export const TABLE_ROW = 28; // pixels

export interface RunTableRowProps extends RunRowProps {
  columns: readonly Column[];
  layout: Layout;
  sparklines: Sparklines;
}

export const RunTableRow = memo(function RunTableRow(props: RunTableRowProps): JSX.Element {
  const { run, isChosen, onOpen, sparklines } = props;
  return (
    <div
      role="row"
      id={props.activeId}
      data-key={run.id}
      aria-rowindex={props.index + 2}
      aria-selected={isChosen}
      className={rowClasses('jp-nbmlops-row', props.activeId !== undefined, isChosen)}
      style={{ height: TABLE_ROW, ...props.layout }}
      onDoubleClick={() => onOpen?.(run.id)}
    >
      <ChooseCell run={run} isChosen={isChosen} onToggle={props.onToggle} />
      {props.columns.map(column =>
        column.field === 'name' ? (
          <span key={column.field} role="gridcell" className="jp-nbmlops-cell jp-mod-name">
            <StateSign state={run.status} />
            <RunLink run={run} onOpen={onOpen} />
            <Badges run={run} />
          </span>
        ) : (
          <Cell
            key={column.field}
            run={run}
            column={column}
            now={props.now}
            sparklines={sparklines}
          />
        )
      )}
    </div>
  );
});

interface CellProps {
  run: Run;
  column: Column;
  now: number;
  sparklines: Sparklines;
}

function Cell({ run, column, now, sparklines }: CellProps): JSX.Element {
  const text = cellText(run, column, now);
  const curve = useObservedPart(sparklines.state, () =>
    column.kind === 'metric' ? sparklines.of(run.id, column.title) : undefined
  );
  return (
    <span role="gridcell" className={`jp-nbmlops-cell jp-mod-${column.kind}`} title={text}>
      {curve && <Sparkline values={curve} label={shortened(column.title)} />}
      {text}
    </span>
  );
}
