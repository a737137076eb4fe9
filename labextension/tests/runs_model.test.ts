import { expect, test } from 'vitest';
import { filterOf, RunsModel } from '../src/models/runs';
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
  ['', /^$/]
])('what is typed as %j means %s', (text, filter) => expect(filterOf(text)).toMatch(filter));
