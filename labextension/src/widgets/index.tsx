/** What the notebook widgets run: one module for all kinds, given to anywidget. */

import { createRoot } from 'react-dom/client';
import style from '../../lib/style.raw.css';
import { Changes } from './changes';
import { ComparisonWidget } from './ComparisonWidget';
import { DataWidget } from './DataWidget';
import type { WidgetModel } from './kernel_source';
import { KernelSource } from './kernel_source';
import { LineageWidget } from './LineageWidget';
import { ReplayWidget } from './ReplayWidget';
import { RunWidget } from './RunWidget';
import { RunsWidget } from './RunsWidget';
import type { First, WidgetProps } from './widget_props';

const STYLE_ID = 'jp-nbmlops-style';

const KINDS = {
  runs: RunsWidget,
  comparison: ComparisonWidget,
  slice: LineageWidget,
  replay: ReplayWidget,
  run: RunWidget,
  data: DataWidget
} as const;

export async function render({ model, el }: { model: WidgetModel; el: HTMLElement }) {
  styled(el);
  el.classList.add('jp-nbmlops', 'jp-nbmlops-widget');
  el.addEventListener('keydown', kept);
  const source = new KernelSource(model);
  const changes = new Changes(model, el);
  const root = createRoot(el);
  const select = (ids: readonly string[]) => {
    model.set('selected', [...ids]);
    model.save_changes();
  };
  const first = (await source.first()) as First;
  const Kind = KINDS[first.kind] as (props: WidgetProps) => JSX.Element;
  root.render(<Kind first={first} source={source} onChange={changes.watch} onSelect={select} />);
  return () => {
    el.removeEventListener('keydown', kept);
    changes.end();
    root.unmount();
  };
}

/**
 * Keep single keys in the widget, where d d would delete the cell and arrows leave it.
 *
 * JupyterLab and Notebook 7 read shortcuts at the document. Those with Ctrl or Cmd stay theirs:
 * else saving would be the browser's.
 */
function kept(event: KeyboardEvent): void {
  if (!event.ctrlKey && !event.metaKey) {
    event.stopPropagation();
  }
}

/** Put the styles where the widget is, once for each page or shadow root. */
function styled(el: HTMLElement): void {
  const place = el.getRootNode();
  const parent = place instanceof ShadowRoot ? place : document.head;
  if (!parent.querySelector(`#${STYLE_ID}`)) {
    const node = document.createElement('style');
    node.id = STYLE_ID;
    node.textContent = style;
    parent.prepend(node); // so that the panel's own styles, where it is, come last
  }
}
