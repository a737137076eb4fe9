import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { Values } from '../src/components/Values';
import { possibleColumns, usualColumns } from '../src/models/columns';
import { naturally } from '../src/models/order';
import { run } from './made';

afterEach(cleanup);

const NAMES = ['m_10', 'm_1', 'b', 'm_2'];
const IN_ORDER = ['b', 'm_1', 'm_2', 'm_10'];
const metrics = Object.fromEntries(NAMES.map(name => [name, 1]));
const titles = (columns: readonly { kind: string; title: string }[]) =>
  columns.filter(column => column.kind === 'metric').map(column => column.title);

test.each<[string, () => readonly (string | null)[]]>([
  ['sorted', () => [...NAMES].sort(naturally)],
  ['columns of runs', () => titles(usualColumns([run('1', { metrics })]))],
  [
    'columns that there could be',
    () => titles(possibleColumns([], { metrics: NAMES, params: [] }))
  ],
  [
    'values of a page',
    () => {
      const { container } = render(<Values title="Metrics" values={metrics} />);
      return [...container.querySelectorAll('th')].map(cell => cell.textContent);
    }
  ]
])('names count as people do: %s', (_, found) => expect(found()).toEqual(IN_ORDER));

test('what most runs have comes before what is first by its name', () => {
  const runs = [run('1', { metrics: { a: 1, z: 1 } }), run('2', { metrics: { z: 1 } })];
  expect(titles(usualColumns(runs))).toEqual(['z', 'a']);
});
