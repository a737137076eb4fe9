/** One execution: its number, what it ran, how long, and how it ended. A click goes to its cell. */

import type { Execution } from '../records';
import { useTexts } from '../translated';
import { duration, shortened } from '../words';

const SIGNS = { ok: '✓', error: '✗', running: '●', interrupted: '!' } as const;
const CLASSES = { ok: 'good', error: 'bad', running: 'brand', interrupted: 'warn' } as const;

export interface ExecutionLineProps {
  execution: Execution;
  /** Why it is stale; undefined where it is not. */
  reasons: readonly string[] | undefined;
  /** The number under which its cell was executed since without being recorded; null for none. */
  since: number | null;
  onCell: (cell: string) => void;
}

export function ExecutionLine(props: ExecutionLineProps): JSX.Element {
  const { execution, reasons, since, onCell } = props;
  const texts = useTexts();
  const { outcome, cell_id: cell } = execution;
  const words = {
    ok: texts.__('ok'),
    error: texts.__('failed'),
    running: texts.__('running'),
    interrupted: texts.__('interrupted')
  };
  const first =
    execution.source
      .slice(0, 2000)
      .split('\n')
      .find(line => line.trim()) ?? '';
  return (
    <li>
      <button
        className="jp-nbmlops-execution"
        disabled={cell === null}
        title={reasons?.join('\n') ?? ''}
        onClick={() => cell && onCell(cell)}
      >
        <span className={`jp-nbmlops-${CLASSES[outcome]}`} aria-hidden="true">
          {SIGNS[outcome]}
        </span>
        <span className="jp-nbmlops-unseen">{words[outcome]}</span>
        <span className="jp-nbmlops-muted">
          [{execution.execution_count ?? execution.sequence}]
        </span>
        <code>{shortened(first, 80)}</code>
        {execution.gave_result && (
          <span className="jp-nbmlops-brand" title={texts.__('gave a result')}>
            ◆
          </span>
        )}
        {reasons && <span className="jp-nbmlops-warn">{texts.__('stale')}</span>}
        {since !== null && since !== execution.execution_count && (
          <span
            className="jp-nbmlops-muted"
            title={texts.__('Its cell was executed again without being recorded.')}
          >
            → [{since}] ○
          </span>
        )}
        <span className="jp-nbmlops-aside">{duration(execution.duration_seconds)}</span>
      </button>
    </li>
  );
}
