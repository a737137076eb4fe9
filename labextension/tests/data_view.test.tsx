import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { DataView } from '../src/components/DataView';
import type { DataList, DataSet } from '../src/records';
import { SourceProblem } from '../src/records';

afterEach(cleanup);

function set(name: string): DataSet {
  return {
    digest: `0-${name}`, kind: 'frame', class: 'DataFrame', shape: [2, 3], size_bytes: 48,
    strength: 'exact', reason: null, names: [name], files: [], runs: 1, executions: 1,
    first_seen: '2026-11-20T10:00:00+00:00', last_seen: '2026-11-20T10:00:00+00:00'
  }; // prettier-ignore
}

const load = async (offset: number): Promise<DataList> => ({
  total: 4, data: [set(`df${offset}`), set(`df${offset + 1}`)], next: offset === 0 ? 2 : null
}); // prettier-ignore

test('what was asked for beyond the first page stays as more is recorded', async () => {
  const { rerender } = render(<DataView load={load} moment={1} />);
  fireEvent.click(await screen.findByText('More'));
  await screen.findByText('df3');
  rerender(<DataView load={load} moment={2} />);
  await screen.findByText('df3');
  expect(screen.getAllByRole('listitem')).toHaveLength(4);
  expect(screen.queryByText('More')).toBeNull();
});

test.each([
  ['nothing of a server that is away, which is told above', 'Away', null],
  ['what went wrong', 'StoreFault', 'gone']
])('where data cannot be read it says %s', async (_, code, told) => {
  const { container } = render(
    <DataView load={() => Promise.reject(new SourceProblem(code, 'gone'))} moment={1} />
  );
  await new Promise(resolve => setTimeout(resolve));
  expect(screen.queryByRole('alert')?.textContent ?? null).toBe(told);
  expect(container.textContent).not.toContain('No data yet');
});
