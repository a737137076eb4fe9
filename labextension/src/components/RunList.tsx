/** Runs in two lines each, for narrow places. */

import type { Run } from '../records';
import { useTexts } from '../translated';
import { LIST_ROW, RunListRow } from './RunListRow';
import { VirtualRows } from './VirtualRows';

export interface RunListProps {
  runs: readonly Run[];
  selected: ReadonlySet<string>;
  now: number;
  onToggle: (id: string) => void;
  onOpen: (id: string) => void;
  onEdit?: ((id: string) => void) | undefined;
  onRemove?: ((id: string) => void) | undefined;
  onEnd?: (() => void) | undefined;
}

export function RunList(props: RunListProps): JSX.Element {
  const { runs, selected, now, onToggle, onOpen } = props;
  const texts = useTexts();
  const isMixed = new Set(runs.map(run => run.experiment)).size > 1;
  const at = (act?: (id: string) => void) => (index: number) =>
    runs[index] && act?.(runs[index].id);
  return (
    <VirtualRows
      count={runs.length}
      rowHeight={LIST_ROW}
      label={texts.__('Runs')}
      row={(index, isActive) =>
        runs[index] && (
          <RunListRow
            key={runs[index].id}
            run={runs[index]}
            index={index}
            isActive={isActive}
            isChosen={selected.has(runs[index].id)}
            isMixed={isMixed}
            now={now}
            onToggle={onToggle}
            onOpen={onOpen}
          />
        )
      }
      onEnd={props.onEnd}
      onOpen={at(onOpen)}
      onToggle={at(onToggle)}
      onEdit={at(props.onEdit)}
      onRemove={at(props.onRemove)}
    />
  );
}
