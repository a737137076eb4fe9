/** A part of a page below a title, folded or not. */

import type { ReactNode } from 'react';

export interface SectionProps {
  title: string;
  isOpen?: boolean;
  children: ReactNode;
}

export function Section({ title, isOpen = true, children }: SectionProps): JSX.Element {
  return (
    <details className="jp-nbmlops-section" open={isOpen}>
      <summary>{title}</summary>
      {children}
    </details>
  );
}
