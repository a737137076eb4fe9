/** The records that components draw; all are the contract's, under the words of the domain. */

import type { components } from './contract';

type Schemas = components['schemas'];

export type Run = Schemas['RunRow'];
export type RunList = Schemas['RunList'];
export type RunPage = Schemas['RunPage'];
export type RunChange = Schemas['RunChange'];
export type RunState = Schemas['RunState'];
export type Execution = Schemas['Execution'];
export type Completions = Schemas['Completions'];
export type Comparison = Schemas['Comparison'];
export type DataChange = Schemas['DataChange'];
export type Distributions = Schemas['Distributions'];
export type Row = Schemas['Row'];
export type Series = Schemas['Series'];
export type Slice = Schemas['Slice'];
export type DataList = Schemas['DataList'];
export type DataSet = Schemas['DataSet'];
export type Session = Schemas['Session'];
export type SessionPage = Schemas['SessionPage'];
export type Status = Schemas['Status'];
export type ServerStatus = Schemas['ServerStatus'];
export type Problem = Schemas['Problem'];
export type QueryProblem = Schemas['QueryProblem'];
export type NameList = Schemas['NameList'];
export type Notebook = Schemas['Notebook'];
export type Restored = Schemas['Restored'];
export type Restoration = Schemas['Restoration'];
export type CellBack = Restoration['changes'][number];
export type GoingState = Schemas['GoingState'];
export type Rerun = Schemas['Rerun'];
export type Replaying = Schemas['Replaying'];
export type Replay = Schemas['Replay'];
export type Replayed = Replay['executions'][number];
export type ReplayCompared = Schemas['ReplayCompared'];
export type ReplayRequest = Schemas['ReplayRequest'];
export type Verdict = Schemas['ReplayVerdict'];
export type Better = 'higher' | 'lower' | null;

/** Which metrics and parameters are wanted of each run: those named, or the most common. */
export type Wanted =
  | { metrics: readonly string[]; params: readonly string[] }
  | { metrics?: readonly string[]; params?: readonly string[]; most: number };

/** What is asked for with a page of runs. */
export interface RunQuery {
  filter: string;
  orderBy: string;
  limit: number;
  after?: string | undefined;
  total?: boolean | undefined;
  wanted?: Wanted | undefined;
}

/** Where views get their records from: the server's REST, or the kernel behind a widget. */
export interface Source {
  /** Whose runs are meant, where that may change. */
  place?(): string;
  /** `signal` ends a question whose answer nobody waits for any more. */
  runs(query: RunQuery, signal?: AbortSignal): Promise<RunList>;
  names(kind: 'metrics' | 'params'): Promise<readonly string[]>;
  complete(text: string, cursor: number): Promise<Completions>;
  compare(ids: readonly string[]): Promise<Comparison>;
  series(
    ids: readonly string[],
    metrics: readonly string[],
    buckets?: number
  ): Promise<readonly Series[]>;
  slice(id: string, metric?: string): Promise<Slice>;
  change(id: string, change: RunChange): Promise<void>;
  /** Put runs into the trash, or take them out; all of them or none. */
  trash(ids: readonly string[], isPutIn: boolean): Promise<void>;
}

/** Why a source could not answer; `query` points at the place in a filter. */
export class SourceProblem extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly hint: string | null = null,
    readonly query: QueryProblem | null = null
  ) {
    super(message);
  }
}
