/** Runs in two lines each, for narrow places. */

import { useMemo } from 'react';
import type { Run } from '../records';
import { useTexts } from '../translated';
import { LIST_ROW, RunListRow } from './RunListRow';
import { VirtualRows } from './VirtualRows';

export interface RunListProps {
  runs: readonly Run[];
  /** The metrics that are shown first. */
  first: readonly string[];
  selected: ReadonlySet<string>;
  now: number;
  onToggle: (id: string) => void;
  onOpen?: ((id: string) => void) | undefined;
  onEdit?: ((id: string) => void) | undefined;
  onRemove?: ((id: string) => void) | undefined;
  onEnd?: (() => void) | undefined;
}

export function RunList(props: RunListProps): JSX.Element {
  const { runs, selected, now, onToggle, onOpen } = props;
  const texts = useTexts();
  const isMixed = new Set(runs.map(run => run.experiment)).size > 1;
  const keys = useMemo(() => runs.map(run => run.id), [runs]);
  return (
    <VirtualRows
      keys={keys}
      rowHeight={LIST_ROW}
      label={texts.__('Runs')}
      row={(index, activeId) =>
        runs[index] && (
          <RunListRow
            key={runs[index].id}
            run={runs[index]}
            index={index}
            activeId={activeId}
            isChosen={selected.has(runs[index].id)}
            isMixed={isMixed}
            first={props.first}
            now={now}
            onToggle={onToggle}
            onOpen={onOpen}
          />
        )
      }
      onEnd={props.onEnd}
      onOpen={onOpen ?? onToggle}
      onToggle={onToggle}
      onEdit={props.onEdit}
      onRemove={props.onRemove}
    />
  );
}
