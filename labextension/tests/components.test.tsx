import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ComparisonView } from '../src/components/ComparisonView';
import { RunList } from '../src/components/RunList';
import { RunTable } from '../src/components/RunTable';
import { SearchBox } from '../src/components/SearchBox';
import { usualColumns } from '../src/models/columns';
import { Sparklines } from '../src/models/sparklines';
import type { Comparison, Run } from '../src/records';
import { comparing, comparison, edits, HOSTILE, run, source } from './made';

const nothing = () => undefined;

beforeEach(() => {
  HTMLCanvasElement.prototype.getContext = () => null; // jsdom has none
});
afterEach(cleanup);

function table(runs: Run[], more: Partial<Parameters<typeof RunTable>[0]> = {}): JSX.Element {
  return (
    <RunTable
      runs={runs}
      columns={usualColumns(runs)}
      sparklines={new Sparklines(source({}))}
      orderBy="opened DESC"
      groupBy={null}
      selected={new Set()}
      now={Date.now()}
      onOrder={nothing}
      onToggle={nothing}
      onOpen={nothing}
      {...more}
    />
  );
}

function compared(found: Comparison, names: Record<string, string> = {}): JSX.Element {
  return (
    <ComparisonView
      model={comparing(found)}
      edits={edits()}
      names={names}
      series={async () => []}
    />
  );
}

describe('the table of runs', () => {
  test('of 10,000 runs only those in view are drawn', () => {
    const runs = Array.from({ length: 10_000 }, (_, place) => run(`run${place}`));
    render(table(runs));
    expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('10001');
    expect(screen.getAllByRole('row').length).toBeLessThan(60);
  });

  test('a head orders by its column, and again the other way', () => {
    const onOrder = vi.fn();
    const runs = [run('1', { metrics: { auc: 0.5 } })];
    const { rerender } = render(table(runs, { onOrder }));
    fireEvent.click(screen.getByText('auc'));
    rerender(table(runs, { onOrder, orderBy: 'metrics.auc DESC' }));
    fireEvent.click(screen.getByText('auc'));
    expect(onOrder.mock.calls).toEqual([['metrics.auc DESC'], ['metrics.auc ASC']]);
  });

  test('arrows move, the space bar chooses, Enter opens', () => {
    const [onToggle, onOpen] = [vi.fn(), vi.fn()];
    render(table([run('one'), run('two')], { onToggle, onOpen }));
    const grid = screen.getByRole('grid');
    for (const key of ['ArrowDown', ' ', 'Enter', 'ArrowDown', 'Enter', 'Home', 'Enter']) {
      fireEvent.keyDown(grid, { key });
    }
    expect(onToggle.mock.calls).toEqual([['two']]);
    expect(onOpen.mock.calls).toEqual([['two'], ['two'], ['one']]);
  });

  test('groups have heads with their numbers', () => {
    const runs = [
      run('1', { params: { C: 1 } }),
      run('2', { params: { C: 2 } }),
      run('3', { params: { C: 1 } })
    ];
    render(table(runs, { groupBy: 'C' }));
    expect(screen.getByText('C 1 · 2')).toBeTruthy();
    expect(screen.getByText('C 2 · 1')).toBeTruthy();
  });

  test('columns are what was measured and what differs', () => {
    const runs = [
      run('1', { metrics: { auc: 1 }, params: { C: 1, seed: 0, 'model.C': 1 } }),
      run('2', { metrics: { auc: 2 }, params: { C: 2, seed: 0, 'model.C': 2 } })
    ];
    expect(usualColumns(runs).map(column => column.title)).toEqual([
      'run',
      'auc',
      'C',
      'when',
      'took'
    ]);
  });
});

describe('hostile names do nothing', () => {
  test.each(HOSTILE)('%s', (_, text) => {
    const hostile = run('h', {
      name: text, experiment: text, params: { [text]: text }, metrics: { [text]: 'NaN' },
      tags: { [text]: text }, verdict: 'refuted', hypothesis: text
    }); // prettier-ignore
    const other = run('i', { params: { [text]: 'else' }, metrics: { [text]: 1 } });
    const row = { name: text, values: [text, null], differs: true };
    const { container } = render(
      <>
        {table([hostile, other])}
        <RunList
          runs={[hostile]}
          selected={new Set()}
          now={0}
          onToggle={nothing}
          onOpen={nothing}
        />
        {compared(
          comparison({
            sentence: text,
            params: [row],
            metrics: [{ ...row, values: ['Infinity', 'NaN'], better: 'higher' }],
            code: [{ run: 'b', change: 'edited', diff: `+${text}` }],
            packages: [row]
          }),
          { bbbbbbbbbbbbbbbb: text }
        )}
      </>
    );
    expect(container.querySelector('img, script, iframe, a')).toBeNull();
    expect(container.innerHTML.length).toBeLessThan(200_000);
    expect(container.textContent).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    expect(container.textContent).not.toContain('\u0000');
    expect((window as { hit?: number }).hit).toBeUndefined();
  });
});

describe('a comparison', () => {
  test('says first what changed, and whether it got better', () => {
    render(
      compared(
        comparison({
          metrics: [
            { name: 'auc', values: [0.8, 0.9], differs: true, better: 'higher' },
            { name: 'loss', values: [1, 2], differs: true, better: 'lower' }
          ]
        })
      )
    );
    expect(screen.getByText('C 0.1 → 1: auc 0.8 → 0.9')).toBeTruthy();
    expect(screen.getByText('better').parentElement?.textContent).toContain('▲ +0.1');
    expect(screen.getByText('worse').parentElement?.textContent).toContain('▲ +1');
  });

  test('shows of the parameters only what differs, until asked', () => {
    const params = [
      { name: 'C', values: [1, 2], differs: true },
      { name: 'seed', values: [0, 0], differs: false }
    ];
    render(compared(comparison({ params })));
    expect(screen.queryByText('seed')).toBeNull();
    fireEvent.click(screen.getByText('1 is the same'));
    expect(screen.getByText('seed')).toBeTruthy();
  });

  test('of 5,000 parameters draws some and says how many more', () => {
    const params = Array.from({ length: 5000 }, (_, place) => ({
      name: `p${place}`,
      values: [1, 2],
      differs: true
    }));
    render(compared(comparison({ params })));
    expect(screen.getAllByRole('row').length).toBeLessThan(300);
    expect(screen.getByText('and 4800 more')).toBeTruthy();
  });
});

describe('the search box', () => {
  const complete = async () => ({
    start: 0,
    end: 2,
    options: [
      { text: 'metrics.auc', kind: 'metric' as const },
      { text: 'metrics.acc', kind: 'metric' as const }
    ]
  });

  test('searches at once, once more after a pause, and offers names', async () => {
    vi.useFakeTimers();
    const onSearch = vi.fn(async () => undefined);
    render(<SearchBox value="" problem={null} onSearch={onSearch} complete={complete} />);
    const input = screen.getByRole('combobox') as HTMLInputElement;
    fireEvent.change(input, { target: { value: 'm' } });
    fireEvent.change(input, { target: { value: 'mx' } });
    fireEvent.change(input, { target: { value: 'me' } });
    await vi.advanceTimersByTimeAsync(100);
    expect(onSearch.mock.calls).toEqual([['m'], ['me']]);
    expect(screen.getAllByRole('option')).toHaveLength(2);
    fireEvent.keyDown(input, { key: 'ArrowDown' });
    fireEvent.keyDown(input, { key: 'Tab' });
    expect(input.value).toBe('metrics.acc');
    vi.useRealTimers();
  });

  test('points at the place of a mistake', () => {
    const problem = { text: '😀 acuracy', start: 2, reason: 'no such field', possible: [] };
    render(
      <SearchBox value="" problem={problem} onSearch={async () => undefined} complete={complete} />
    );
    expect(screen.getByRole('alert').textContent).toContain('no such field');
    expect(screen.getByRole('alert').querySelector('pre')?.textContent).toBe('😀 acuracy\n  ^');
  });
});
