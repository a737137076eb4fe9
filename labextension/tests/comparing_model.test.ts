import { expect, test } from 'vitest';
import { ComparingModel } from '../src/models/comparing';
import type { Comparison, RunQuery } from '../src/records';
import { arranged } from '../src/models/arranged';
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

const LOSS: Comparison['metrics'][number] = {
  name: 'loss',
  values: [2, 1],
  differs: true,
  better: 'lower'
};

/** A model of two runs that measured something, and what is asked of curves. */
function curved(metrics: Comparison['metrics'] = [LOSS]) {
  const asked: (readonly string[])[] = [];
  const answers = source({
    compare: async ids => comparison({ runs: [...ids], metrics }),
    runs: async () => page([]),
    series: async (_, metrics) => {
      asked.push(metrics);
      return [];
    }
  });
  return { asked, model: new ComparingModel(answers, ['a', 'b']) };
}

test('the first curves are asked for beside the comparison, and once', async () => {
  const { asked, model } = curved();
  const answer = model.refresh();
  expect(asked).toEqual([[]]); // nothing is known of the comparison yet
  await answer;
  await model.series(['a', 'b'], [], 500);
  expect(asked.length).toBe(1);
  await model.series(['a', 'b'], ['loss'], 500);
  await model.refresh();
  expect(asked).toEqual([[], ['loss']]);
});

test('curves asked for beside the comparison are those of the same runs', async () => {
  const { asked, model } = curved();
  await model.refresh();
  await model.series(['b'], [], 500);
  expect(asked).toEqual([[], []]);
});

test('curves asked for before there was a metric are not those of later', async () => {
  const { asked, model } = curved([]);
  await model.refresh();
  await model.series(['a', 'b'], [], 500);
  expect(asked).toEqual([[], []]);
});

test('runs stay where they are and keep their marks, whichever is the baseline or left out', async () => {
  const model = new ComparingModel(answers, ['a', "b'c", 'd', 'e']);
  const seen = [];
  for (const change of [
    () => model.refresh(),
    () => model.rebase('d'),
    () => model.hide('a'),
    () => model.showHidden()
  ]) {
    await change();
    const { comparison: found, order } = model.state.value;
    const params = [{ name: 'id', values: found!.runs, differs: true }];
    const drawn = arranged({ ...found!, params }, order);
    expect(drawn.comparison.params[0]!.values).toEqual(drawn.comparison.runs);
    seen.push([drawn.comparison.runs.join(' '), drawn.marks.join(' '), drawn.baseline]);
  }
  expect(seen).toEqual([
    ["a b'c d e", '0 1 2 3', 0],
    ["a b'c d e", '0 1 2 3', 2],
    ["b'c d e", '1 2 3', 1],
    ["a b'c d e", '0 1 2 3', 2]
  ]);
});

test('a run that is chosen twice is chosen no more', () => {
  const model = new ComparingModel(answers, ['a', 'b']);
  const seen: unknown[] = [];
  model.state.watch(() => seen.push(model.state.value.chosen));
  model.toggle('a');
  model.toggle('a');
  expect(seen).toEqual([['a'], null]);
});

/** A model of four runs by a number and by a word, whose comparison is that of the runs asked for. */
async function ofFour() {
  const lr: Record<string, number> = { a: 1, b: 2, c: 3, d: 4 };
  const kind: Record<string, string> = { a: 'x', b: 'y', c: 'y', d: 'z' };
  const compare = async (runs: readonly string[]) =>
    comparison({
      runs: [...runs],
      params: [
        { name: 'lr', values: runs.map(id => lr[id]), differs: true },
        { name: 'kind', values: runs.map(id => kind[id]), differs: true }
      ]
    });
  const answers = source({ compare, runs: async () => page([]) });
  const model = new ComparingModel(answers, ['a', 'b', 'c', 'd']);
  await model.refresh();
  return model;
}

const keep = (axis: string, least: number, most: number) => (model: ComparingModel) =>
  model.keep(`param ${axis}`, [least, most]);
const all = (model: ComparingModel) => model.chooseAll();
const toggle = (id: string) => (model: ComparingModel) => model.toggle(id);
const hide = (id: string) => (model: ComparingModel) => model.hide(id);
const rebase = (id: string) => (model: ComparingModel) => model.rebase(id);
const again = (model: ComparingModel) => model.showHidden();
const look = (model: ComparingModel) => model.refresh();

test.each<[string, ((model: ComparingModel) => void)[], string | undefined, string[]]>([
  ['those within its range', [keep('lr', 2, 4)], 'b c d', ['lr']],
  ['those within all ranges', [keep('lr', 2, 4), keep('kind', 1, 1)], 'b c', ['lr', 'kind']],
  ['a name, and no axis any more', [keep('lr', 2, 4), toggle('a')], 'a', []],
  ['an axis again, and no name', [toggle('a'), keep('lr', 2, 4)], 'b c d', ['lr']],
  ['all, by no axis', [keep('lr', 2, 4), all], undefined, []],
  ['as before, looked at again', [keep('lr', 2, 4), look], 'b c d', ['lr']],
  ['without one left out', [keep('lr', 2, 4), hide('b')], 'c d', ['lr']],
  ['with one that is shown again', [hide('b'), keep('lr', 2, 4), again], 'b c d', ['lr']],
  [
    'by the same words, whichever is the baseline',
    [keep('kind', 1, 1), rebase('d')],
    'b c',
    ['kind']
  ],
  ['all, where places stand for other words', [keep('kind', 1, 1), hide('a')], undefined, []],
  ['a name that is not left out', [toggle('a'), hide('a')], undefined, []]
])('chosen is, and axes keep: %s', async (_, changes, chosen, ranges) => {
  const model = await ofFour();
  for (const change of changes) {
    await change(model);
  }
  expect(model.state.value.chosen?.join(' ')).toBe(chosen);
  expect([...model.state.value.ranges.keys()]).toEqual(ranges.map(name => `param ${name}`));
});

test('runs that an axis goes on keeping are the same value', async () => {
  const model = await ofFour();
  model.keep('param lr', [2, 4]);
  const { chosen } = model.state.value;
  model.keep('param lr', [1.9, 4]);
  expect(model.state.value.chosen).toBe(chosen);
});

test('a metric that is called as a parameter is has a range of its own', async () => {
  const rows = [{ name: 'lr', values: [1, 2], differs: true }];
  const compare = async () =>
    comparison({
      runs: ['a', 'b'], params: rows, metrics: rows.map(row => ({ ...row, better: 'unknown' }))
    }); // prettier-ignore
  const model = new ComparingModel(source({ compare, runs: async () => page([]) }), ['a', 'b']);
  await model.refresh();
  model.keep('metric lr', [2, 3]);
  expect(model.state.value.chosen).toEqual(['b']);
  expect([...model.state.value.ranges.keys()]).toEqual(['metric lr']);
});
