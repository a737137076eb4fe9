/** Search, columns, groups and the runs themselves; wide as a table, narrow as a list. */

import { flushSync } from 'react-dom';
import { useCallback, useMemo, useRef, useState } from 'react';
import { metricsIn, usualColumns } from '../models/columns';
import type { Edits } from '../models/edits';
import { useMoment, useObserved } from '../models/hooks';
import type { RunsModel } from '../models/runs';
import type { Run, Source } from '../records';
import { ChosenRuns } from './ChosenRuns';
import { EditNotice } from './EditNotice';
import { NoRuns } from './NoRuns';
import { RunList } from './RunList';
import { RunsBar } from './RunsBar';
import { RunTable } from './RunTable';

export interface RunsViewProps {
  model: RunsModel;
  edits: Edits;
  source: Source;
  isNarrow: boolean;
  /** Whether what stands in the way is told elsewhere. */
  isHindered?: boolean;
  /** Undefined where runs have no page: names then lead nowhere. */
  onOpen?: ((id: string) => void) | undefined;
  onCompare: (ids: string[]) => void;
}

export function RunsView(props: RunsViewProps): JSX.Element {
  const { model, edits, isNarrow, onOpen } = props;
  const state = useObserved(model.state);
  const now = useMoment();
  const [isEditing, setEditing] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const { hidden, selected } = state;
  const runs = useMemo(
    () => (hidden.size ? state.runs.filter(run => !hidden.has(run.id)) : state.runs),
    [state.runs, hidden]
  );
  const first = useMemo(
    () => metricsIn(`${state.filter} ${state.orderBy}`),
    [state.filter, state.orderBy]
  );
  const columns = useMemo(() => state.columns ?? usualColumns(runs), [state.columns, runs]);
  // Another one with every answer: where that came in place of the next page, it is asked for again.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const end = useCallback(() => void model.more(), [model, state.runs]);
  const toggle = useCallback((id: string) => model.toggle(id), [model]);
  const chosen = runs.filter(run => selected.has(run.id));
  const shared = {
    runs,
    selected,
    now,
    onToggle: toggle,
    onOpen,
    onEdit: (id: string) => {
      flushSync(() => {
        if (!selected.has(id)) {
          model.select([id]);
        }
        setEditing(true);
      });
      place.current?.querySelector<HTMLElement>('.jp-nbmlops-form input')?.focus();
    },
    onRemove: (id: string) =>
      void edits.remove(selected.has(id) ? chosen.map(run => run.id) : [id]),
    onEnd: end
  };
  return (
    <div ref={place} className={`jp-nbmlops-view${state.queryProblem ? ' jp-mod-earlier' : ''}`}>
      <RunsBar {...props} state={state} columns={columns} chosen={oldestFirst(runs, selected)} />
      <ChosenRuns
        edits={edits}
        runs={chosen}
        isEditing={isEditing}
        onEdit={() => setEditing(!isEditing)}
        onHide={() => model.hide(selected)}
        onRemove={() => model.select([])}
      />
      <EditNotice edits={edits} />
      {state.problem && !state.queryProblem && !props.isHindered && (
        <div role="alert" className="jp-nbmlops-problem">
          {state.problem}
          {state.hint && `\n${state.hint}`}
        </div>
      )}
      {state.runs.length === 0 && !state.isLoading && !state.problem ? (
        <NoRuns isSearch={state.filter.trim() !== ''} notes={state.notes} />
      ) : isNarrow ? (
        <RunList {...shared} first={first} />
      ) : (
        <RunTable
          {...shared}
          isWhole={state.next === null}
          columns={columns}
          sparklines={model.sparklines}
          orderBy={state.orderBy}
          groupBy={state.groupBy}
          onOrder={order => void model.order(order)}
        />
      )}
    </div>
  );
}

/** The chosen runs, the oldest as the baseline; those no longer listed come last. */
function oldestFirst(runs: readonly Run[], selected: ReadonlySet<string>): string[] {
  const opened = new Map(runs.map(run => [run.id, run.opened]));
  const key = (id: string) => opened.get(id) ?? '9';
  return [...selected].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}
