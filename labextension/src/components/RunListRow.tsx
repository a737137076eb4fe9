/** A run in two lines: what it is, and what it measured. */

import { memo } from 'react';
import type { Run } from '../records';
import { useTexts } from '../translated';
import { shortened, shown, when } from '../words';
import { Pin } from './Badges';
import { ChooseCell } from './ChooseCell';
import { RunLink } from './RunLink';
import { reasonOf } from './reason';
import type { RunRowProps } from './row';
import { rowClasses } from './row';
import { StateSign } from './StateSign';

export const LIST_ROW = 44; // pixels
const MOST = 3;

export interface RunListRowProps extends RunRowProps {
  /** Whether there are runs of other experiments beside it. */
  isMixed: boolean;
  /** The metrics that are shown first. */
  first: readonly string[];
}

export const RunListRow = memo(function RunListRow(props: RunListRowProps): JSX.Element {
  const { run, isChosen, onOpen, onToggle } = props;
  const texts = useTexts();
  const facts = measured(run, props.first).slice(0, MOST);
  return (
    <div
      role="row"
      id={props.activeId}
      data-key={run.id}
      aria-rowindex={props.index + 1}
      aria-selected={isChosen}
      className={rowClasses('jp-nbmlops-item', props.activeId !== undefined, isChosen)}
      style={{ height: LIST_ROW }}
      onDoubleClick={() => onOpen?.(run.id)}
    >
      <ChooseCell run={run} isChosen={isChosen} onToggle={onToggle} />
      <span role="gridcell" className="jp-nbmlops-item-text">
        <span className="jp-nbmlops-item-line">
          <StateSign state={run.status} />
          <RunLink run={run} onOpen={onOpen} />
          {run.pinned !== null && <Pin />}
          <span className="jp-nbmlops-aside">{when(run.opened, props.now)}</span>
        </span>
        <span
          className="jp-nbmlops-item-line jp-mod-small jp-mod-facts"
          title={facts.map(name => `${shortened(name)} ${shown(run.metrics[name])}`).join('\n')}
        >
          {props.isMixed && (
            <span className="jp-nbmlops-item-experiment">{shortened(run.experiment, 40)}</span>
          )}
          {facts.map(metric => (
            <span key={metric} className="jp-nbmlops-fact">
              {shortened(metric, 20)} <b>{shown(run.metrics[metric])}</b>
            </span>
          ))}
          {facts.length === 0 && run.reason && (
            <span className="jp-nbmlops-fact">{reasonOf(run.reason, texts)}</span>
          )}
        </span>
      </span>
    </div>
  );
});

/** The metrics of a run, those that are wanted first before the others. */
function measured(run: Run, first: readonly string[]): string[] {
  const names = Object.keys(run.metrics);
  return first.length
    ? [
        ...first.filter(name => Object.hasOwn(run.metrics, name)),
        ...names.filter(name => !first.includes(name))
      ]
    : names;
}
