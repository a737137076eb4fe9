/**
 * Rows of one height, of which only those in view exist. Thousands scroll as ten do.
 *
 * The active row is known by its key, not by its place: a list that changes while somebody chooses
 * by keys has another row in that place. Where the active row goes, keys hit nothing until they move.
 */

import type { FocusEvent, KeyboardEvent, MouseEvent, ReactNode } from 'react';
import { useEffect, useId, useRef, useState } from 'react';
import { useRowsInView } from './useRowsInView';

export interface VirtualRowsProps {
  /** One for each row, by which it is known wherever it stands. */
  keys: readonly string[];
  rowHeight: number;
  label: string;
  /** What stands above the rows and stays there. */
  head?: ReactNode;
  /** A row; the active one has this id, by which the list names it to screen readers. */
  row: (index: number, activeId: string | undefined) => ReactNode;
  /** Called when the last rows come into view. */
  onEnd?: (() => void) | undefined;
  onOpen?: ((key: string) => void) | undefined;
  onToggle?: ((key: string) => void) | undefined;
  onEdit?: ((key: string) => void) | undefined;
  onRemove?: ((key: string) => void) | undefined;
  /** Called with the rows that exist when they change: from the first to before the last. */
  onView?: ((first: number, last: number) => void) | undefined;
}

export function VirtualRows(props: VirtualRowsProps): JSX.Element {
  const { keys, rowHeight, onEnd, onView } = props;
  const count = keys.length;
  const { box, first, last, top, page, scrolled, bringIntoView } = useRowsInView(count, rowHeight);
  const [active, setActive] = useState<string | null>(null);
  const activeId = useId();
  const place = active === null ? -1 : keys.indexOf(active);
  const lastPlace = useRef(0);
  useEffect(() => {
    if (place >= 0) {
      lastPlace.current = place;
    }
  }, [place]);

  useEffect(() => {
    if (last >= count) {
      onEnd?.();
    }
  }, [last, count, onEnd]);
  useEffect(() => onView?.(first, last), [first, last, onView]);

  const move = (index: number) => {
    const next = Math.max(0, Math.min(count - 1, index));
    setActive(keys[next] ?? null);
    bringIntoView(next);
  };
  /** Where a row went, the next one has come to its place. */
  const moveBy = (rows: number) =>
    place >= 0 ? move(place + rows) : move(lastPlace.current + rows - (rows > 0 ? 1 : 0));
  const act = (on?: (key: string) => void) => () => {
    if (active !== null && place >= 0) {
      on?.(active);
    }
  };
  const keyed = (event: KeyboardEvent) => {
    const actions: Record<string, () => void> = {
      ArrowDown: () => moveBy(1),
      ArrowUp: () => moveBy(-1),
      PageDown: () => moveBy(page),
      PageUp: () => moveBy(-page),
      Home: () => move(0),
      End: () => move(count - 1),
      Enter: act(props.onOpen),
      ' ': act(props.onToggle),
      F2: act(props.onEdit),
      Delete: act(props.onRemove)
    };
    const action = event.target === box.current ? actions[event.key] : undefined;
    if (action) {
      event.preventDefault();
      event.stopPropagation();
      action();
    }
  };
  const pressed = (event: MouseEvent) => {
    const row = (event.target as Element).closest('[data-key]')?.getAttribute('data-key');
    if (row) {
      setActive(row);
    }
  };
  /** Keys begin with the first row in view, or where they were. */
  const focused = (event: FocusEvent) => {
    if (event.target === box.current) {
      const seen = keys[top] ?? null;
      setActive(old => (old !== null && keys.includes(old) ? old : seen));
    }
  };
  const indices = Array.from({ length: Math.max(0, last - first) }, (_, nth) => first + nth);
  return (
    <div
      ref={box}
      className="jp-nbmlops-rows"
      role="grid"
      aria-label={props.label}
      aria-rowcount={count + (props.head ? 1 : 0)}
      aria-multiselectable
      aria-activedescendant={place >= first && place < last ? activeId : undefined}
      tabIndex={0}
      onKeyDown={keyed}
      onMouseDown={pressed}
      onFocus={focused}
      onScroll={scrolled}
    >
      {props.head}
      <div role="rowgroup" style={{ height: count * rowHeight }}>
        {/* Not moved by a transform, which would draw rows over the outline of the focus. */}
        <div style={{ paddingTop: first * rowHeight }} role="presentation">
          {indices.map(index => props.row(index, index === place ? activeId : undefined))}
        </div>
      </div>
    </div>
  );
}
