/** Rows of one height, of which only those in view exist. Thousands scroll as ten do. */

import type { KeyboardEvent, ReactNode, UIEvent } from 'react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';

const BEYOND = 8; // rows drawn above and below the view, so that quick scrolling shows no gaps

export interface VirtualRowsProps {
  count: number;
  rowHeight: number;
  label: string;
  /** What stands above the rows and stays there. */
  head?: ReactNode;
  row: (index: number, isActive: boolean) => ReactNode;
  /** Called when the last rows come into view. */
  onEnd?: (() => void) | undefined;
  onOpen?: ((index: number) => void) | undefined;
  onToggle?: ((index: number) => void) | undefined;
  onEdit?: ((index: number) => void) | undefined;
  onRemove?: ((index: number) => void) | undefined;
  /** Called with the rows that exist when they change: from the first to before the last. */
  onView?: ((first: number, last: number) => void) | undefined;
}

export function VirtualRows(props: VirtualRowsProps): JSX.Element {
  const { count, rowHeight, onEnd, onView } = props;
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 400 });
  const [active, setActive] = useState(0);

  useLayoutEffect(() => {
    const node = box.current;
    if (!node || typeof ResizeObserver === 'undefined') {
      return;
    }
    const observer = new ResizeObserver(() =>
      setView(old => ({ ...old, height: node.clientHeight || old.height }))
    );
    observer.observe(node);
    return () => observer.disconnect();
  }, []);

  const first = Math.max(0, Math.floor(view.top / rowHeight) - BEYOND);
  const last = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + BEYOND);
  useEffect(() => {
    if (last >= count) {
      onEnd?.();
    }
  }, [last, count, onEnd]);
  useEffect(() => onView?.(first, last), [first, last, onView]);

  const move = (index: number) => {
    const place = Math.max(0, Math.min(count - 1, index));
    setActive(place);
    const node = box.current;
    if (node && place * rowHeight < node.scrollTop) {
      node.scrollTop = place * rowHeight;
    } else if (node && (place + 2) * rowHeight > node.scrollTop + node.clientHeight) {
      node.scrollTop = (place + 2) * rowHeight - node.clientHeight;
    }
  };
  const keyed = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(view.height / rowHeight) - 2);
    const actions: Record<string, () => void> = {
      ArrowDown: () => move(active + 1),
      ArrowUp: () => move(active - 1),
      PageDown: () => move(active + page),
      PageUp: () => move(active - page),
      Home: () => move(0),
      End: () => move(count - 1),
      Enter: () => props.onOpen?.(active),
      ' ': () => props.onToggle?.(active),
      F2: () => props.onEdit?.(active),
      Delete: () => props.onRemove?.(active)
    };
    const action = event.target === box.current ? actions[event.key] : undefined;
    if (action) {
      event.preventDefault();
      event.stopPropagation();
      action();
    }
  };
  const indices = Array.from({ length: Math.max(0, last - first) }, (_, place) => first + place);
  return (
    <div
      ref={box}
      className="jp-nbmlops-rows"
      role="grid"
      aria-label={props.label}
      aria-rowcount={count + (props.head ? 1 : 0)}
      aria-multiselectable
      tabIndex={0}
      onKeyDown={keyed}
      onScroll={(event: UIEvent<HTMLDivElement>) => {
        const top = event.currentTarget.scrollTop;
        setView(old => ({ ...old, top }));
      }}
    >
      {props.head}
      <div role="rowgroup" style={{ height: count * rowHeight, position: 'relative' }}>
        <div style={{ transform: `translateY(${first * rowHeight}px)` }} role="presentation">
          {indices.map(index => props.row(index, index === active))}
        </div>
      </div>
    </div>
  );
}
