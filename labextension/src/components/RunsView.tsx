/** Search, columns, groups and the runs themselves; wide as a table, narrow as a list. */

import { useCallback, useState } from 'react';
import { useObserved } from '../models/hooks';
import type { RunsModel } from '../models/runs';
import type { Run, Source } from '../records';
import { useTexts } from '../translated';
import { ColumnChoice } from './ColumnChoice';
import { possibleColumns, usualColumns } from './columns';
import { NoRuns } from './NoRuns';
import { RunList } from './RunList';
import { RunTable } from './RunTable';
import { SearchBox } from './SearchBox';

const MOST_COMPARED = 50;

export interface RunsViewProps {
  model: RunsModel;
  source: Source;
  isNarrow: boolean;
  onOpen: (id: string) => void;
  onCompare: (ids: string[]) => void;
}

export function RunsView({
  model,
  source,
  isNarrow,
  onOpen,
  onCompare
}: RunsViewProps): JSX.Element {
  const texts = useTexts();
  const state = useObserved(model.state);
  const [fields, setFields] = useState<readonly string[] | null>(null);
  const [groupBy, setGroupBy] = useState<string | null>(null);
  const { runs, selected } = state;
  const possible = possibleColumns(runs);
  const columns = fields
    ? possible.filter(column => fields.includes(column.field))
    : usualColumns(runs);
  const end = useCallback(() => void model.more(), [model]);
  const search = useCallback((text: string) => void model.search(text), [model]);
  const chosen = oldestFirst(runs, selected);
  const shared = {
    runs,
    selected,
    now: Date.now(),
    onToggle: (id: string) => model.toggle(id),
    onOpen,
    onEnd: end
  };
  return (
    <div className="jp-nbmlops-view">
      <div className="jp-nbmlops-bar">
        <SearchBox
          value={state.filter}
          problem={state.queryProblem}
          onSearch={search}
          complete={source.complete}
        />
        {!isNarrow && (
          <ColumnChoice
            possible={possible}
            columns={columns}
            groupBy={groupBy}
            onColumns={setFields}
            onGroupBy={setGroupBy}
          />
        )}
        {chosen.length > 0 && (
          <button className="jp-nbmlops-button" onClick={() => model.select([])}>
            {texts.__('Choose none')}
          </button>
        )}
        <button
          className="jp-nbmlops-button jp-mod-main"
          disabled={chosen.length < 2 || chosen.length > MOST_COMPARED}
          onClick={() => onCompare(chosen)}
        >
          {chosen.length > 1 ? texts.__('Compare %1', chosen.length) : texts.__('Compare')}
        </button>
        <span className="jp-nbmlops-aside" aria-live="polite">
          {state.total !== null &&
            texts._n('%2 run', '%2 runs', state.total, state.total.toLocaleString('en-US'))}
        </span>
      </div>
      {state.problem && !state.queryProblem && (
        <div role="alert" className="jp-nbmlops-problem">
          {state.problem}
          {state.hint && `\n${state.hint}`}
        </div>
      )}
      {runs.length === 0 && !state.isLoading && !state.problem ? (
        <NoRuns isSearch={state.filter.trim() !== ''} notes={state.notes} />
      ) : isNarrow ? (
        <RunList {...shared} />
      ) : (
        <RunTable
          {...shared}
          columns={columns}
          orderBy={state.orderBy}
          groupBy={groupBy}
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
