/** The panel: its tabs, and what is to be said where the server or the store is not as needed. */

import type { KeyboardEvent, ReactElement } from 'react';
import { useObserved } from '../models/hooks';
import type { Observable } from '../models/observable';
import { useTexts } from '../translated';
import type { Tab } from './tokens';

export interface PanelState {
  tabs: readonly Tab[];
  chosen: string;
  /** What stands in place of the tabs, such as that the server has no nbmlops. */
  obstacle: { title: string; text: string; line: string | null } | null;
}

export function PanelView({ state }: { state: Observable<PanelState> }): ReactElement {
  const texts = useTexts();
  const { tabs, chosen, obstacle } = useObserved(state);
  const tab = tabs.find(one => one.id === chosen) ?? tabs[0];
  const keyed = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const place = tabs.findIndex(one => one.id === tab?.id) + step;
    const next = step ? tabs[(place + tabs.length) % tabs.length] : undefined;
    if (next) {
      state.update({ chosen: next.id });
      document.getElementById(`nbmlops-tab-${next.id}`)?.focus();
    }
  };
  return (
    <div className="jp-nbmlops jp-nbmlops-view">
      <div className="jp-nbmlops-tabs" role="tablist" aria-label="nbmlops" onKeyDown={keyed}>
        {tabs.map(one => (
          <button
            key={one.id}
            id={`nbmlops-tab-${one.id}`}
            role="tab"
            aria-selected={one === tab}
            aria-controls="nbmlops-tab-body"
            tabIndex={one === tab ? 0 : -1}
            onClick={() => state.update({ chosen: one.id })}
          >
            {one.title}
          </button>
        ))}
      </div>
      <div
        id="nbmlops-tab-body"
        className="jp-nbmlops-body"
        role="tabpanel"
        aria-label={tab?.title ?? texts.__('nothing')}
      >
        {obstacle && <Obstacle {...obstacle} />}
        {(!obstacle || obstacle.line === null) && tab?.render(obstacle !== null)}
      </div>
    </div>
  );
}

function Obstacle({ title, text, line }: NonNullable<PanelState['obstacle']>): ReactElement {
  return (
    <div className={line === null ? 'jp-nbmlops-problem' : 'jp-nbmlops-empty'} role="alert">
      <h3>{title}</h3>
      <p>{text}</p>
      {line && <code>{line}</code>}
    </div>
  );
}
