/** What the notebook widgets run: one module for all kinds, given to anywidget. */

import { createRoot } from 'react-dom/client';
import style from '../../style/base.css';
import { ComparisonWidget } from './ComparisonWidget';
import type { WidgetModel } from './kernel_source';
import { KernelSource } from './kernel_source';
import { LineageWidget } from './LineageWidget';
import { RunsWidget } from './RunsWidget';
import type { First, WidgetProps } from './widget_props';

const STYLE_ID = 'jp-nbmlops-style';

const KINDS = {
  runs: RunsWidget,
  comparison: ComparisonWidget,
  slice: LineageWidget
} as const;

export async function render({ model, el }: { model: WidgetModel; el: HTMLElement }) {
  styled(el);
  el.classList.add('jp-nbmlops', 'jp-nbmlops-widget');
  const source = new KernelSource(model);
  const root = createRoot(el);
  const select = (ids: readonly string[]) => {
    model.set('selected', [...ids]);
    model.save_changes();
  };
  const first = (await source.first()) as First;
  const Kind = KINDS[first.kind] as (props: WidgetProps) => JSX.Element;
  root.render(<Kind first={first} source={source} onSelect={select} />);
  return () => root.unmount();
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
