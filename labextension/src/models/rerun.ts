/** The model of executing a run again: its parameters, what was changed of them, how far it is. */

import type { Rerun, Restored } from '../records';
import { shown } from '../words';
import { further, lookedOn, said } from './looking_on';
import { Observable } from './observable';

export interface RerunSource {
  restored(id: string): Promise<Restored>;
  rerun(id: string, parameters: Record<string, string>, output: string | null): Promise<Rerun>;
  rerunNow(id: string): Promise<Rerun>;
  stopRerun(id: string): Promise<Rerun>;
}

export interface RerunState {
  /** The notebook that would be executed; null until it is known. */
  restored: Restored | null;
  /** The parameters that are not as the run had them, as they are typed. */
  changed: Readonly<Record<string, string>>;
  /** Where the notebook is to be written; empty for a place beside the run's own. */
  output: string;
  rerun: Rerun | null;
  problem: string | null;
}

export class RerunModel {
  readonly state = new Observable<RerunState>({
    restored: null, changed: {}, output: '', rerun: null, problem: null
  }); // prettier-ignore
  private isClosed = false;

  constructor(
    private readonly source: RerunSource,
    readonly id: string,
    /** Called when the execution has ended. */
    private readonly done: () => void = () => undefined
  ) {}

  load(): Promise<void> {
    return this.tried(async () => ({ restored: await this.source.restored(this.id) }));
  }

  set(name: string, text: string): void {
    const changed = { ...this.state.value.changed, [name]: text };
    if (text === typed(this.state.value.restored?.parameters[name])) {
      delete changed[name];
    }
    this.state.update({ changed });
  }

  async begin(): Promise<void> {
    const { changed, output } = this.state.value;
    const begin = () => this.source.rerun(this.id, changed, output.trim() || null);
    await lookedOn(begin, this.source.rerunNow, {
      take: rerun => this.take(rerun),
      tell: problem => this.state.update({ problem }),
      isThere: () => !this.isClosed
    });
    this.done();
  }

  async stop(): Promise<void> {
    const { rerun } = this.state.value;
    if (rerun) {
      this.state.update({ rerun: { ...rerun, state: 'stopping' } });
      try {
        this.take(await this.source.stopRerun(rerun.id));
      } catch (problem) {
        this.state.update({ rerun, problem: said(problem) });
      }
    }
  }

  private take(now: Rerun): void {
    this.state.update({ rerun: further(this.state.value.rerun, now), problem: null });
  }

  /** Look no more; what was begun goes on. */
  readonly close = (): void => {
    this.isClosed = true;
  };

  private async tried(ask: () => Promise<Partial<RerunState>>): Promise<void> {
    try {
      this.state.update({ ...(await ask()), problem: null });
    } catch (problem) {
      this.state.update({ problem: said(problem) });
    }
  }
}

/** A value as it is typed in a cell: a text stands without quotes, as a command takes it. */
export function typed(value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  return value === null || typeof value === 'boolean' ? pythonWord(value) : JSON.stringify(value);
}

function pythonWord(value: boolean | null): string {
  return value === null ? 'None' : shown(value);
}
