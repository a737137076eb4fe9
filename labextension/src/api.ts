/** The only place that fetches: nbmlops' REST, as records. The browser keeps answers by ETag. */

import { ServerConnection } from '@jupyterlab/services';
import type {
  Comparison, Completions, DataList, NameList, Notebook, Problem, Replaying, ReplayRequest, Rerun,
  Restoration, Restored, RunChange, RunList, RunPage, RunQuery, Series, ServerStatus, Session, SessionPage, Slice, Source
} from './records'; // prettier-ignore
import { EXECUTIONS_AT_ONCE } from './models/now';
import { SourceProblem } from './records';

const ROOT = 'nbmlops/api';
const MOST_NAMES = 500; // offered as columns; of 5,000 parameters nobody reads a list

type Query = Record<string, string | number | boolean | readonly string[] | undefined>;

export class Api implements Source {
  constructor(
    /** The notebook or folder whose project is meant. */
    private readonly path: () => string,
    private readonly settings = ServerConnection.makeSettings()
  ) {}

  readonly place = (): string => this.path();

  readonly status = (): Promise<ServerStatus> => this.get('status');

  readonly runs = ({ wanted, ...query }: RunQuery, signal?: AbortSignal): Promise<RunList> =>
    this.get(
      'runs',
      {
        filter: query.filter,
        order_by: query.orderBy,
        limit: query.limit,
        after: query.after,
        total: query.total,
        metrics: wanted?.metrics && listed(wanted.metrics),
        params: wanted?.params && listed(wanted.params),
        most: wanted && 'most' in wanted ? wanted.most : undefined
      },
      signal
    );

  readonly names = async (kind: 'metrics' | 'params'): Promise<readonly string[]> => {
    const { names } = await this.get<NameList>('names', { kind, limit: MOST_NAMES });
    return names.map(({ name }) => name);
  };

  readonly complete = (text: string, cursor: number): Promise<Completions> =>
    this.get('completions', { text, cursor });

  readonly run = (id: string): Promise<RunPage> => this.get(`runs/${encodeURIComponent(id)}`);

  readonly compare = (run: readonly string[]): Promise<Comparison> => this.get('compare', { run });

  readonly series = async (
    run: readonly string[],
    metric: readonly string[],
    buckets?: number
  ): Promise<readonly Series[]> =>
    (await this.get<{ series: Series[] }>('series', { run, metric, buckets })).series;

  readonly slice = (id: string, metric?: string): Promise<Slice> =>
    this.get(`runs/${encodeURIComponent(id)}/slice`, { metric });

  readonly notebook = (id: string): Promise<Notebook> =>
    this.get(`runs/${encodeURIComponent(id)}/notebook`);

  readonly restored = (id: string): Promise<Restored> =>
    this.get(`runs/${encodeURIComponent(id)}/restored`);

  /** What would change in a notebook if the cells of a run were put back into it. */
  readonly restoration = (id: string, cells: object[]): Promise<Restoration> =>
    this.send('POST', `runs/${encodeURIComponent(id)}/restoration`, { cells });

  readonly rerun = (id: string, parameters: object, output: string | null): Promise<Rerun> =>
    this.send('POST', `runs/${encodeURIComponent(id)}/reruns`, { parameters, output });

  readonly rerunNow = (id: string): Promise<Rerun> => this.get(`reruns/${encodeURIComponent(id)}`);

  readonly stopRerun = (id: string): Promise<Rerun> =>
    this.send('DELETE', `reruns/${encodeURIComponent(id)}`);

  readonly replay = (id: string, request: ReplayRequest): Promise<Replaying> =>
    this.send('POST', `runs/${encodeURIComponent(id)}/replays`, request);

  readonly replayNow = (id: string): Promise<Replaying> =>
    this.get(`replays/${encodeURIComponent(id)}`);

  readonly stopReplay = (id: string): Promise<Replaying> =>
    this.send('DELETE', `replays/${encodeURIComponent(id)}`);

  readonly data = (offset: number, packages: boolean): Promise<DataList> =>
    this.get('data', { offset, packages });

  /** The latest session of a kernel; null where it never recorded. */
  readonly sessionOf = async (kernelId: string): Promise<Session | null> => {
    const query = { kernel_id: kernelId, limit: 1 };
    const { sessions } = await this.get<{ sessions: Session[] }>('sessions', query);
    return sessions[0] ?? null;
  };

  readonly session = (id: string, after: number, isStatus: boolean): Promise<SessionPage> => {
    const query = { after, limit: EXECUTIONS_AT_ONCE, status: isStatus };
    return this.get(`sessions/${encodeURIComponent(id)}`, query);
  };

  readonly change = async (id: string, change: RunChange): Promise<void> => {
    await this.send('PATCH', `runs/${encodeURIComponent(id)}`, change);
  };

  readonly trash = async (runs: readonly string[], isPutIn: boolean): Promise<void> => {
    await this.send('POST', 'runs/trash', { runs, trashed: isPutIn });
  };

  private async get<T>(place: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
    // `no-cache` asks the server each time, and takes what is kept where nothing changed.
    const init: RequestInit = { cache: 'no-cache', signal: signal ?? null };
    return answered<T>(await this.request(this.url(place, query), init));
  }

  private async send<T>(method: string, place: string, body?: object): Promise<T> {
    const init = body ? { method, body: JSON.stringify(body) } : { method };
    return answered<T>(await this.request(this.url(place, {}), init));
  }

  private async request(url: string, init: RequestInit): Promise<Response> {
    try {
      return await ServerConnection.makeRequest(url, init, this.settings);
    } catch {
      throw new SourceProblem('Away', 'The Jupyter server does not answer. Is it still running?');
    }
  }

  private url(place: string, query: Query): string {
    const pairs = new URLSearchParams();
    for (const [name, value] of Object.entries({ path: this.path(), ...query })) {
      for (const one of Array.isArray(value) ? value : value === undefined ? [] : [value]) {
        pairs.append(name, String(one));
      }
    }
    return `${this.settings.baseUrl}${ROOT}/${place}?${pairs}`;
  }
}

/** Names as one argument: whatever is in them, commas part them. */
function listed(names: readonly string[]): string {
  return names.map(name => encodeURIComponent(name.replace(/\p{Cs}/gu, '\ufffd'))).join(',');
}

async function answered<T>(response: Response): Promise<T> {
  const text = await response.text();
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    answer = null;
  }
  if (response.ok) {
    return answer as T;
  }
  const problem = answer as Partial<Problem> | null;
  if (typeof problem?.code !== 'string') {
    throw new SourceProblem(
      response.status === 404 ? 'NoServer' : 'Fault',
      `The server answered ${response.status}.`
    );
  }
  throw new SourceProblem(problem.code, problem.message ?? '', problem.hint, problem.query ?? null);
}
