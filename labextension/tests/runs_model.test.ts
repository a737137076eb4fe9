import { expect, test, vi } from 'vitest';
import { metricsIn } from '../src/models/columns';
import { filterOf } from '../src/models/filters';
import { FOR_A_LIST } from '../src/models/needs';
import { RunsModel } from '../src/models/runs';
import type { RunList, RunQuery } from '../src/records';
import { SourceProblem } from '../src/records';
import { page, run, source } from './made';

test('a late answer to an old search is dropped', async () => {
  const answers = new Map<string, (list: RunList) => void>();
  const runs = ({ filter }: RunQuery) =>
    new Promise<RunList>(resolve => answers.set(filter, resolve));
  const model = new RunsModel(source({ runs }));
  const searches = [model.search('a > 0'), model.search('a > 01')];
  answers.get('a > 01')!(page([run('new')]));
  answers.get('a > 0')!(page([run('old')]));
  await Promise.all(searches);
  expect(model.state.value.runs.map(one => one.id)).toEqual(['new']);
});

test('pages are asked for once each and put behind one another, counting apart', async () => {
  const asked: (string | undefined)[] = [];
  const runs = async ({ after, total }: RunQuery) => {
    if (total) {
      return page([run('1')], { total: 2 });
    }
    asked.push(after);
    return after ? page([run('2')], { total: null }) : page([run('1')], { next: 'n', total: 2 });
  };
  const model = new RunsModel(source({ runs }));
  await model.refresh();
  await Promise.all([model.more(), model.more()]);
  await model.more();
  expect(asked).toEqual([undefined, 'n']);
  expect(model.state.value.runs.map(one => one.id)).toEqual(['1', '2']);
  expect(model.state.value.total).toBe(2);
});

test('a mistake in a filter keeps the runs and points at its place', async () => {
  const query = { text: 'acuracy > 1', start: 0, reason: 'no such field', possible: [] };
  const failing = async ({ filter }: RunQuery) => {
    if (filter) {
      throw new SourceProblem('QueryError', 'no such field', null, query);
    }
    return page([run('1')]);
  };
  const model = new RunsModel(source({ runs: failing }));
  await model.refresh();
  await model.search('acuracy > 1');
  expect(model.state.value.queryProblem).toEqual(query);
  expect(model.state.value.runs).toHaveLength(1);
  await model.search('');
  expect(model.state.value.queryProblem).toBeNull();
});

test.each([
  ['forest', /^name ilike '%forest%' or .* or id like 'forest%'$/],
  ['auc > 0.9', /^auc > 0\.9$/],
  ["it's", /^it's$/],
  ['trial 2', /^name ilike '%trial 2%' or experiment ilike '%trial 2%'$/],
  ['lr is null', /^lr is null$/],
  ['', /^$/]
])('what is typed as %j means %s', (text, filter) => expect(filterOf(text)).toMatch(filter));

test.each([
  ['metrics.auc > 0.9 and metrics.`val loss`.min < 1', ['auc', 'val loss']],
  ['roc_auc > 0.9 or params.lr < 0.1', ['roc_auc']],
  ['loss between 0 and 1', ['loss']],
  ["tags.stage = 'metric > 1' metrics.auc DESC", ['auc']],
  ['opened DESC', []],
  ['metrics.', []]
])('%s speaks of %j', (text, metrics) => expect(metricsIn(text)).toEqual(metrics));

test('a list asks for few runs with few metrics, and for those that are spoken of', async () => {
  const asked: RunQuery[] = [];
  const runs = async (query: RunQuery) => {
    asked.push(query);
    return page([run('1')]);
  };
  const model = new RunsModel(source({ runs }), {}, FOR_A_LIST);
  await model.refresh();
  await model.search('metrics.m3 > 0.9');
  expect(asked.map(({ limit, wanted, total }) => [limit, wanted, total])).toEqual([
    [30, { params: [], most: 6 }, false],
    [30, { metrics: ['m3'], params: [], most: 6 }, false]
  ]);
});

test('looking again waits for the answer that is on its way, and looks once more', async () => {
  const answers: ((list: RunList) => void)[] = [];
  const runs = () => new Promise<RunList>(resolve => answers.push(resolve));
  let place = 'a';
  const model = new RunsModel(source({ runs, place: () => place }));
  const looks = [model.refresh(), model.refresh(), model.refresh()];
  expect(answers).toHaveLength(1);
  answers[0]!(page([run('first')]));
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  expect(model.state.value.runs.map(one => one.id)).toEqual(['first']);
  place = 'b'; // another project: what was asked for of this one is no longer wanted
  const other = model.refresh();
  expect(answers).toHaveLength(3);
  answers[2]!(page([run('other')]));
  answers[1]!(page([run('late')]));
  await Promise.all([...looks, other]);
  expect(answers).toHaveLength(3);
  expect(model.state.value.runs.map(one => one.id)).toEqual(['other']);
});

test('what was chosen of one store is not chosen in another', async () => {
  let place = 'a';
  const runs = async () => page([run('1'), run('2')]);
  const model = new RunsModel(source({ runs, place: () => place }));
  await model.refresh();
  model.toggle('1');
  await model.search('lr > 1');
  expect([...model.state.value.selected]).toEqual(['1']);
  place = 'b';
  await model.refresh();
  expect([...model.state.value.selected]).toEqual([]);
});
