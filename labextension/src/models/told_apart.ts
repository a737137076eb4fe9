/** How the values of a row are written: different ones never look the same. */

import { shortened, shown } from '../words';

const BEFORE = 12; // characters that are shown of what comes before the difference

/**
 * Values on one line each, in full where different ones would look the same; where they would even
 * so, from shortly before the place where they differ.
 */
export function toldApart(values: readonly unknown[]): string[] {
  const whole = values.map(value => JSON.stringify(value) ?? 'null');
  const distinct = new Set(whole).size;
  const texts = values.map((value, place) => (isBlank(value) ? whole[place]! : shown(value)));
  if (new Set(texts).size >= distinct) {
    return texts;
  }
  const cut = (from: number) =>
    values.map((value, place) =>
      value === null ? shown(value) : (from ? '…' : '') + shortened(whole[place]!.slice(from), 40)
    );
  const full = cut(0);
  const first = Math.max(
    0,
    commonStart(whole.filter((_, place) => values[place] !== null)) - BEFORE
  );
  return new Set(full).size >= distinct ? full : cut(first);
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === '';
}

/** How many characters all texts begin with. */
function commonStart([first = '', ...others]: readonly string[]): number {
  let length = 0;
  while (length < first.length && others.every(text => text[length] === first[length])) {
    length++;
  }
  return length;
}
