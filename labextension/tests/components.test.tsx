import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
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
      isWhole
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
  return <ComparisonView model={comparing(found)} edits={edits()} names={names} />;
}

describe('a comparison', () => {
  const found = comparison({
    runs: ['a', 'b', 'c'],
    params: [{ name: 'lr', values: [0, 5, 10], differs: true }],
    metrics: [{ name: 'auc', values: [0.7, 0.8, 0.9], differs: true, better: 'higher' }]
  });
  const faint = (container: HTMLElement, shapes: string) =>
    [...container.querySelectorAll(shapes)].map(
      shape => Number(shape.getAttribute('opacity')) < 0.5
    );

  test('is followed by every drawing where an axis keeps some runs', () => {
    const model = comparing(found);
    const { container } = render(<ComparisonView model={model} edits={edits()} />);
    fireEvent.keyDown(screen.getByRole('slider', { name: 'keep by lr' }), { key: 'ArrowDown' });
    expect(model.state.value.chosen).toEqual(['a', 'b']);
    expect(faint(container, 'polyline')).toEqual([false, false, true]);
    expect(faint(container, '[role=img] path')).toEqual([false, false, true]);
    expect(container.querySelectorAll('.jp-nbmlops-compared.jp-mod-faint').length).toBe(1);
    fireEvent.click(screen.getByRole('button', { name: '2 chosen: show all' }));
    expect(faint(container, 'polyline')).toEqual([false, false, false]);
    const axis = screen.getByRole('slider', { name: 'keep by lr' });
    expect(axis.getAttribute('aria-valuetext')).toBe('from 0 to 10');
  });

  test('chooses a run by its name where it can open none', () => {
    const model = comparing(found);
    render(<ComparisonView model={model} edits={edits()} names={{ b: 'second' }} />);
    fireEvent.click(screen.getByRole('button', { name: 'second' }));
    expect(model.state.value.chosen).toEqual(['b']);
  });

  test('has no axis that seems to keep others than the one chosen by its name', () => {
    const { container } = render(compared(found, { c: 'third' }));
    const axis = screen.getByRole('slider', { name: 'keep by lr' });
    fireEvent.keyDown(axis, { key: 'ArrowDown' });
    fireEvent.click(screen.getByRole('button', { name: 'third' }));
    expect(faint(container, 'polyline')).toEqual([true, true, false]);
    expect(axis.getAttribute('aria-valuetext')).toBe('from 0 to 10');
  });

  test('has no head above nothing', () => {
    const nothing = { ...found, params: [], metrics: [] };
    render(<ComparisonView model={comparing(nothing)} edits={edits()} />);
    expect(screen.queryByText('Parameters')).toBeNull();
  });

  test('of one measurement each has nothing to set for curves', async () => {
    render(<ComparisonView model={comparing(found)} edits={edits()} />);
    expect(await screen.findByText(/there is no curve/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'log scale' })).toBeNull();
  });
});

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
    act(() => grid.focus());
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
    cleanup();
    render(table(runs, { groupBy: 'C', isWhole: false }));
    expect(screen.getByText('C 1 · 2 loaded')).toBeTruthy();
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

describe('a run in a list', () => {
  const one = (more: Partial<Run>, first: string[] = []) =>
    render(
      <RunList
        runs={[run('1', more)]}
        first={first}
        selected={new Set()}
        now={0}
        onToggle={nothing}
        onOpen={nothing}
      />
    );

  test.each([
    ['its first metrics', [], ['a', 'b', 'c']],
    ['first the one that is searched for', ['d'], ['d', 'a', 'b']],
    ['nothing of what it has not', ['constructor', 'x'], ['a', 'b', 'c']]
  ])('shows %s', (_, first, names) => {
    const { container } = one({ metrics: { a: 1, b: 2, c: 3, d: 4 } }, first);
    const facts = [...container.querySelectorAll('.jp-nbmlops-fact')];
    expect(facts.map(fact => fact.textContent?.[0])).toEqual(names);
  });

  test('that measured nothing says why', () => {
    const { container } = one({ status: 'failed', reason: 'MemoryError: 80 GB' });
    expect(container.textContent).toContain('MemoryError: 80 GB');
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
          first={[text]}
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

  test.each<[string, unknown, unknown, string]>([
    ['infinity as before', 'Infinity', 'Infinity', '∞ ='],
    ['no number as before', 'NaN', 'NaN', 'NaN ='],
    ['no number any more', 1, 'NaN', 'NaN ≠'],
    ['a number at last', 'NaN', 1, '1 ≠'],
    ['infinity', 1, 'Infinity', '∞ ▲ +∞'],
    ['from end to end', '-Infinity', 'Infinity', '∞ ▲ +∞']
  ])('tells of a metric that is %s', (_, before, now, told) => {
    const loss = { name: 'm', values: [before, now], differs: true, better: 'unknown' as const };
    render(compared(comparison({ metrics: [loss] })));
    expect(screen.getAllByRole('cell').at(-1)?.textContent).toContain(told);
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

  test('of 5,000 parameters draws some, more on demand, and finds those with a word', () => {
    const params = Array.from({ length: 5000 }, (_, place) => ({
      name: `p${place}`,
      values: [1, 2],
      differs: true
    }));
    render(compared(comparison({ params })));
    expect(screen.getAllByRole('row').length).toBeLessThan(300);
    fireEvent.click(screen.getByText('200 of 4,800 more'));
    expect(screen.getAllByRole('row').length).toBeGreaterThan(400);
    fireEvent.change(screen.getByLabelText('Find a name'), { target: { value: 'P4999' } });
    expect(screen.getAllByRole('row')).toHaveLength(2);
    expect(screen.getByText('p4999')).toBeTruthy();
    fireEvent.change(screen.getByLabelText('Find a name'), { target: { value: 'nowhere' } });
    expect(screen.getByText('no such name')).toBeTruthy();
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
    await act(() => vi.advanceTimersByTimeAsync(100));
    expect(onSearch.mock.calls).toEqual([['m'], ['me']]);
    expect(screen.getAllByRole('option')).toHaveLength(2);
    fireEvent.keyDown(input, { key: 'ArrowDown' });
    fireEvent.keyDown(input, { key: 'Tab' });
    expect(input.value).toBe('metrics.acc');
    vi.useRealTimers();
  });

  test('offers what could stand there below what is wrong, which stays to be read', async () => {
    const problem = { text: 'a', start: 0, reason: 'no such field', possible: [] };
    render(
      <SearchBox value="" problem={problem} onSearch={async () => undefined} complete={complete} />
    );
    fireEvent.change(screen.getByRole('combobox'), { target: { value: 'a' } });
    const options = await screen.findByRole('listbox');
    const place = screen.getByRole('alert').compareDocumentPosition(options);
    expect(place).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
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
