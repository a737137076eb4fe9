/** `nbmlops.data` in a notebook. */

import { DataView } from '../components/DataView';
import type { WidgetProps } from './widget_props';

export function DataWidget({ source }: WidgetProps): JSX.Element {
  return <DataView load={source.data} moment={0} />;
}
