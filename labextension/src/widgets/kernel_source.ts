/** A source of records that asks the kernel behind a widget, by messages with numbers. */

import type { Problem, Source } from '../records';
import { SourceProblem } from '../records';
import type { WidgetSource } from './widget_props';

/** The part of anywidget's model that is used. */
export interface WidgetModel {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(content: object): void;
  on(event: string, listener: (message: Answer) => void): void;
  off(event: string, listener: (message: Answer) => void): void;
}

interface Answer {
  number?: number;
  answer?: unknown;
  problem?: Problem;
  changed?: boolean;
}

const PATIENCE = 60_000; // milliseconds: a busy kernel answers when its cell has ended

export class KernelSource implements WidgetSource {
  private asked = 0;

  constructor(private readonly model: WidgetModel) {}

  readonly first = (): Promise<unknown> => this.ask('first', {});
  readonly runs: Source['runs'] = query => this.ask('runs', { ...query });
  readonly complete: Source['complete'] = (text, cursor) => this.ask('complete', { text, cursor });
  readonly compare: Source['compare'] = ids => this.ask('compare', { ids });
  readonly run: WidgetSource['run'] = id => this.ask('run', { id });
  readonly data: WidgetSource['data'] = (offset, packages) =>
    this.ask('data', { offset, packages });
  readonly names: Source['names'] = kind => this.ask('names', { kind });
  readonly series: Source['series'] = (ids, metrics, buckets) =>
    this.ask('series', { ids, metrics, ...(buckets === undefined ? {} : { buckets }) });
  readonly slice: Source['slice'] = (id, metric) =>
    this.ask('slice', { id, metric: metric ?? null });
  readonly change: Source['change'] = (id, change) => this.ask('change', { id, change });
  readonly trash: Source['trash'] = (ids, isPutIn) =>
    this.ask('trash', { ids, is_put_in: isPutIn });

  private ask<T>(question: string, args: object): Promise<T> {
    const number = ++this.asked;
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(patience);
        this.model.off('msg:custom', listener);
      };
      const listener = (message: Answer) => {
        if (message.number !== number) {
          return;
        }
        end();
        if (message.problem) {
          const { code, message: text, hint, query } = message.problem;
          reject(new SourceProblem(code, text, hint, query ?? null));
        } else {
          resolve(message.answer as T);
        }
      };
      const patience = setTimeout(() => {
        end();
        reject(
          new SourceProblem('KernelGone', 'The kernel does not answer.', 'Run the cell again.')
        );
      }, PATIENCE);
      this.model.on('msg:custom', listener);
      this.model.send({ question, number, args });
    });
  }
}
