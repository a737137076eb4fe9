/** `nbmlops.data` in a notebook. */

import { useEffect, useState } from 'react';
import { DataView } from '../components/DataView';
import type { WidgetProps } from './widget_props';

export function DataWidget({ source, onChange }: WidgetProps): JSX.Element {
  const [moment, setMoment] = useState(0);
  useEffect(() => onChange(() => setMoment(before => before + 1)), [onChange]);
  return <DataView load={source.data} moment={moment} />;
}
