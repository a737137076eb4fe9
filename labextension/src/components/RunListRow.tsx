/** A run in two lines: what it is, and what it measured. */

import { memo } from 'react';
import { shortened, shown, when } from '../words';
import { ChooseCell } from './ChooseCell';
import { RunLink } from './RunLink';
import type { RunRowProps } from './row';
import { rowClasses } from './row';
import { StateSign } from './StateSign';

export const LIST_ROW = 44; // pixels
const MOST = 3;

export interface RunListRowProps extends RunRowProps {
  /** Whether there are runs of other experiments beside it. */
  isMixed: boolean;
}

export const RunListRow = memo(function RunListRow(props: RunListRowProps): JSX.Element {
  const { run, isChosen, onOpen, onToggle } = props;
  return (
    <div
      role="row"
      aria-rowindex={props.index + 1}
      aria-selected={isChosen}
      className={rowClasses('jp-nbmlops-item', props.isActive, isChosen)}
      style={{ height: LIST_ROW }}
      onDoubleClick={() => onOpen(run.id)}
    >
      <ChooseCell run={run} isChosen={isChosen} onToggle={onToggle} />
      <span role="gridcell" className="jp-nbmlops-item-text">
        <span className="jp-nbmlops-item-line">
          <StateSign state={run.status} />
          <RunLink run={run} onOpen={onOpen} />
          {run.pinned !== null && <span aria-hidden="true">📌</span>}
          <span className="jp-nbmlops-aside">{when(run.opened, props.now)}</span>
        </span>
        <span className="jp-nbmlops-item-line jp-mod-small">
          {props.isMixed && (
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
});
