/** A button below which something opens, until it is left: by Escape, a click, or the tab key. */

import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';

export interface MenuProps {
  title: string;
  onOpen?: (() => void) | undefined;
  children: ReactNode;
}

export function Menu({ title, onOpen, children }: MenuProps): JSX.Element {
  const box = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const away = (event: Event) => {
      if (box.current?.open && !event.composedPath().includes(box.current)) {
        box.current.open = false;
      }
    };
    document.addEventListener('pointerdown', away, true);
    document.addEventListener('focusin', away, true);
    return () => {
      document.removeEventListener('pointerdown', away, true);
      document.removeEventListener('focusin', away, true);
    };
  }, []);
  return (
    <details
      ref={box}
      className="jp-nbmlops-menu"
      onToggle={event => event.currentTarget.open && onOpen?.()}
      onKeyDown={event => {
        if (event.key === 'Escape' && box.current?.open) {
          event.stopPropagation();
          box.current.open = false;
          box.current.querySelector('summary')?.focus();
        }
      }}
    >
      <summary className="jp-nbmlops-button">{title}</summary>
      <div className="jp-nbmlops-menu-body" role="group" aria-label={title}>
        {children}
      </div>
    </details>
  );
}
