import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { DataChanges } from '../src/components/DataChanges';
import type { DataChange, Distributions } from '../src/records';
import { HOSTILE } from './made';

afterEach(cleanup);

type Column = DataChange['columns'][number];

function change(distributions: Distributions | null, name = 'delay'): DataChange {
  const column: Column = {
    name, change: 'values', name_before: name, type_before: 'float64', type_after: 'float64',
    words: ['mean 1 → 2'], distances: null, distributions
  }; // prettier-ignore
  return {
    run: 'b', name: 'df', change: 'changed', role: 'input', headline: `df: ${name}`, words: [],
    before: null, after: null, columns: [column]
  }; // prettier-ignore
}

function drawn(distributions: Distributions | null, name?: string) {
  const { container } = render(
    <DataChanges changes={[change(distributions, name)]} nameOf={run => run} isSingle />
  );
  return container;
}

const NUMBERS: Distributions = {
  edges: [0, 5, 10], ends: ['0', '10'], before: [0.25, 0.75], after: [1, 0]
}; // prettier-ignore

test('distributions of numbers stand side by side, the highest bar as high as the drawing', () => {
  const container = drawn(NUMBERS);
  const bars = [...container.querySelectorAll('rect')];
  expect(bars.map(bar => [bar.getAttribute('class'), Number(bar.getAttribute('height'))])).toEqual([
    ['jp-mod-before', 11],
    ['jp-mod-after', 44],
    ['jp-mod-before', 33],
    ['jp-mod-after', 0]
  ]);
  const titles = [...container.querySelectorAll('title')].map(title => title.textContent);
  expect(titles).toEqual(['0 … 5: 25 % → 100 %', '5 … 10: 75 % → 0 %']);
});

test('of categories the places are told, and which are all others', () => {
  const container = drawn({ edges: [], ends: [], before: [0.5, 0.5], after: [1, 0] });
  const titles = [...container.querySelectorAll('title')].map(title => title.textContent);
  expect(titles).toEqual(['#1: 50 % → 100 %', 'all others: 50 % → 0 %']);
});

test.each([
  ['no profiles', null],
  ['nothing in either', { edges: [], ends: [], before: [], after: [] }],
  ['nothing but zeros', { ...NUMBERS, before: [0, 0], after: [0, 0] }],
  ['infinite edges', { ...NUMBERS, edges: ['-Infinity', 0, 'Infinity'] as const }]
])('with %s nothing is drawn that is no number', (_, distributions) => {
  expect(drawn(distributions as Distributions | null).innerHTML).not.toContain('NaN');
  expect(screen.getByText('mean 1 → 2')).toBeTruthy();
});

test.each(HOSTILE)('a hostile name of a column does nothing: %s', (_, name) => {
  const container = drawn(NUMBERS, name);
  expect(container.querySelector('img, script')).toBeNull();
  expect(container.innerHTML.length).toBeLessThan(10_000);
});
