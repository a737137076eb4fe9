/** `nbmlops.replay` in a notebook. */

import { ReplayReport } from '../components/ReplayReport';
import type { First, WidgetProps } from './widget_props';

type Props = WidgetProps<Extract<First, { kind: 'replay' }>>;

export function ReplayWidget({ first }: Props): JSX.Element {
  return <ReplayReport replay={first.document} />;
}
