/** The language of all texts: JupyterLab's translator in the panel, English in widgets. */

import { createContext, useContext } from 'react';

/** The part of JupyterLab's `TranslationBundle` that the components use. */
export interface Texts {
  __(text: string, ...values: unknown[]): string;
  _n(one: string, many: string, count: number, ...values: unknown[]): string;
}

function filled(text: string, values: unknown[]): string {
  return text.replace(/%(\d)/g, (_, place: string) => String(values[Number(place) - 1] ?? ''));
}

export const ENGLISH: Texts = {
  __: (text, ...values) => filled(text, values),
  _n: (one, many, count, ...values) => filled(count === 1 ? one : many, [count, ...values])
};

export const TextsContext = createContext<Texts>(ENGLISH);

export function useTexts(): Texts {
  return useContext(TextsContext);
}
