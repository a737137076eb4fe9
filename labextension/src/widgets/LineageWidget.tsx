/** `nbmlops.why` in a notebook. */

import { Lineage } from '../components/Lineage';
import type { First, WidgetProps } from './widget_props';

type Props = WidgetProps<Extract<First, { kind: 'slice' }>>;

export function LineageWidget({ first }: Props): JSX.Element {
  return <Lineage slice={first.document} />;
}
