/** Which rows of one height are in view: of thousands only these need to exist. */

import type { RefObject, UIEvent } from 'react';
import { useLayoutEffect, useRef, useState } from 'react';

const BEYOND = 8; // rows drawn above and below the view, so that quick scrolling shows no gaps

export interface RowsInView {
  /** What scrolls. */
  box: RefObject<HTMLDivElement>;
  /** The rows that exist: from the first to before the last. */
  first: number;
  last: number;
  /** The first that is wholly in view. */
  top: number;
  /** How many a key moves that turns a page. */
  page: number;
  scrolled: (event: UIEvent<HTMLElement>) => void;
  bringIntoView: (index: number) => void;
}

export function useRowsInView(count: number, rowHeight: number): RowsInView {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 400 });
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
  return {
    box,
    first: Math.max(0, Math.floor(view.top / rowHeight) - BEYOND),
    last: Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + BEYOND),
    top: Math.ceil(view.top / rowHeight),
    page: Math.max(1, Math.floor(view.height / rowHeight) - 2),
    scrolled: event => {
      const top = event.currentTarget.scrollTop;
      setView(old => ({ ...old, top }));
    },
    bringIntoView: index => {
      const node = box.current;
      if (node && index * rowHeight < node.scrollTop) {
        node.scrollTop = index * rowHeight;
      } else if (node && (index + 2) * rowHeight > node.scrollTop + node.clientHeight) {
        node.scrollTop = (index + 2) * rowHeight - node.clientHeight;
      }
    }
  };
}
