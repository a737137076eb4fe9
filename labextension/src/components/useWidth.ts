/** How wide an element is, also after its surroundings change. */

import type { RefObject } from 'react';
import { useLayoutEffect, useRef, useState } from 'react';

const USUAL = 600;

export function useWidth(): [RefObject<HTMLDivElement>, number] {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(USUAL);
  useLayoutEffect(() => {
    const node = box.current;
    if (!node || typeof ResizeObserver === 'undefined') {
      return;
    }
    const observer = new ResizeObserver(() => setWidth(node.clientWidth || USUAL));
    observer.observe(node);
    return () => observer.disconnect();
  }, []);
  return [box, width];
}
