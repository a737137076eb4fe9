import { expect, test } from 'vitest';
import { ComparingModel } from '../src/models/comparing';
import type { RunQuery } from '../src/records';
import { comparison, page, run, source } from './made';

const asked: (readonly string[])[] = [];
const filters: string[] = [];
const answers = source({
  compare: async ids => {
    asked.push(ids);
    return comparison({ runs: [...ids] });
  },
  runs: async ({ filter }: RunQuery) => {
    filters.push(filter);
    return page([run('a', { name: 'first' }), run("b'c")]);
  }
});

test('runs are left out and come back, also as another is the baseline', async () => {
  const model = new ComparingModel(answers, ['a', "b'c", 'd']);
  await model.refresh();
  expect(filters[0]).toBe("id in ('a', 'b''c', 'd')");
  expect(model.state.value.runs.get('a')?.name).toBe('first');
  await model.hide('a');
  expect(model.canHide).toBe(false);
  await model.rebase('d');
  await model.showHidden();
  expect(asked).toEqual([
    ['a', "b'c", 'd'],
    ["b'c", 'd'],
    ['d', "b'c"],
    ['d', 'a', "b'c"]
  ]);
});
