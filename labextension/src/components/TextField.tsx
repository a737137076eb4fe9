/** A text that is written when it is left or Enter is pressed; Escape takes it back. */

import type { KeyboardEvent } from 'react';
import { useEffect, useRef } from 'react';

export interface TextFieldProps {
  label: string;
  value: string;
  placeholder?: string;
  /** How many lines; Enter begins another where there is more than one. */
  rows?: number;
  isEmptied?: boolean;
  onWrite: (text: string) => void;
}

export function TextField(props: TextFieldProps): JSX.Element {
  const { value, rows = 1, onWrite } = props;
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const written = useRef(value); // Enter writes, and leaving it must not write the same again
  useEffect(() => {
    written.current = value;
  }, [value]);
  const write = () => {
    const node = field.current;
    if (node && node.value !== written.current) {
      onWrite(node.value);
      if (props.isEmptied) {
        node.value = '';
      }
      written.current = node.value;
    }
  };
  const keyed = (event: KeyboardEvent) => {
    const node = field.current;
    if (event.key === 'Escape' && node) {
      node.value = value;
    } else if (event.key === 'Enter' && (rows === 1 || event.ctrlKey || event.metaKey)) {
      write();
    }
  };
  const shared = {
    ref: field,
    className: 'jp-nbmlops-field',
    'aria-label': props.label,
    placeholder: props.placeholder,
    defaultValue: value,
    onBlur: write,
    onKeyDown: keyed
  };
  // Made anew when the value became another one elsewhere.
  return rows === 1 ? (
    <input key={value} type="text" {...shared} />
  ) : (
    <textarea key={value} rows={rows} {...shared} />
  );
}
