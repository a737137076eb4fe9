/** What stands above runs: the search, the columns, what to do with those chosen, how many. */

import { useCallback } from 'react';
import type { Column } from '../models/columns';
import { possibleColumns } from '../models/columns';
import { linesOfRuns } from '../models/lines';
import { filterOf } from '../models/filters';
import type { RunsModel, RunsState } from '../models/runs';
import type { Source } from '../records';
import { useTexts } from '../translated';
import { ColumnChoice } from './ColumnChoice';
import { CopyLines } from './CopyLines';
import { SearchBox } from './SearchBox';

const MOST_COMPARED = 50;

export interface RunsBarProps {
  model: RunsModel;
  state: RunsState;
  source: Source;
  columns: readonly Column[];
  /** The ids of the chosen runs, the baseline first. */
  chosen: readonly string[];
  isNarrow: boolean;
  onCompare: (ids: string[]) => void;
}

export function RunsBar(props: RunsBarProps): JSX.Element {
  const { model, state, chosen } = props;
  const texts = useTexts();
  const search = useCallback((text: string) => model.search(text), [model]);
  return (
    <div className="jp-nbmlops-bar">
      <SearchBox
        value={state.filter}
        problem={state.queryProblem}
        onSearch={search}
        complete={props.source.complete}
      />
      {!props.isNarrow && (
        <ColumnChoice
          possible={possibleColumns(state.runs, state.names)}
          columns={props.columns}
          groupBy={state.groupBy}
          onOpen={() => void model.learnNames()}
          onColumns={columns => void model.show(columns)}
          onGroupBy={by => void model.group(by)}
        />
      )}
      {!props.isNarrow && <CopyLines lines={linesOfRuns(filterOf(state.filter), state.orderBy)} />}
      {state.hidden.size > 0 && (
        <button className="jp-nbmlops-button" onClick={() => model.showHidden()}>
          {texts.__('Show %1 hidden', state.hidden.size)}
        </button>
      )}
      {chosen.length > 0 && (
        <button className="jp-nbmlops-button" onClick={() => model.select([])}>
          {texts.__('Choose none')}
        </button>
      )}
      <button
        className="jp-nbmlops-button jp-mod-main"
        disabled={chosen.length < 2 || chosen.length > MOST_COMPARED}
        onClick={() => props.onCompare([...chosen])}
      >
        {chosen.length > 1 ? texts.__('Compare %1', chosen.length) : texts.__('Compare')}
      </button>
      <span className="jp-nbmlops-aside" aria-live="polite">
        {state.queryProblem && state.runs.length > 0
          ? texts.__('found before')
          : state.total !== null &&
            texts._n('%2 run', '%2 runs', state.total, state.total.toLocaleString('en-US'))}
      </span>
    </div>
  );
}
