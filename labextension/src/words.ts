/** Numbers, durations, times and sizes as people read them; the same as `nbmlops.drawing.words`. */

const MINUS = '−';
const NONE = '–';

/** A number as the contract has it: what JSON cannot say is a text. */
export type Numeric = number | 'NaN' | 'Infinity' | '-Infinity';

export function numeric(value: unknown): number | null {
  if (typeof value === 'number') {
    return value;
  }
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') {
    return Number(value);
  }
  return null;
}

/** Four significant digits, whole numbers whole. */
export function number(value: number): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : `${MINUS}∞`;
  }
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e15 || size < 1e-4)) {
    const text = Math.abs(value)
      .toExponential(3)
      .replace(/\.?0+e/, 'e');
    return (value < 0 ? MINUS : '') + text.replace(/([+-])(\d)$/, '$10$2');
  }
  if (size >= 10_000 || Number.isInteger(value)) {
    const whole = Math.round(size);
    const text = whole >= 10_000 ? whole.toLocaleString('en-US') : String(whole);
    return value < 0 ? MINUS + text : text;
  }
  return String(Number(value.toPrecision(size >= 1000 ? 5 : 4))).replace('-', MINUS);
}

/** A share, 0 to 1, of a hundred. */
export function percent(share: number): string {
  return `${number(Number((share * 100).toPrecision(3)))} %`;
}

export function signed(difference: number): string {
  if (difference === 0) {
    return '±0';
  }
  if (Number.isNaN(difference)) {
    return '?';
  }
  return (difference > 0 ? '+' : MINUS) + number(Math.abs(difference));
}

export function duration(seconds: number | null): string {
  if (seconds === null) {
    return '';
  }
  if (seconds < 1) {
    return `${Math.round(seconds * 1000)} ms`;
  }
  if (seconds < 60) {
    return `${seconds.toFixed(1)} s`;
  }
  const minutes = Math.floor(Math.round(seconds) / 60);
  const rest = Math.round(seconds) % 60;
  return minutes < 60
    ? `${minutes} min ${rest} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A moment (ISO 8601) relative to now (milliseconds), in local time. */
export function when(moment: string, now: number): string {
  const then = new Date(moment);
  const ago = Math.max(0, (now - then.getTime()) / 1000);
  if (ago < 90) {
    return `${Math.round(ago)} s ago`;
  }
  if (ago < 3600) {
    return `${Math.round(ago / 60)} min ago`;
  }
  const today = new Date(now);
  const clock = then.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  if (then.toDateString() === today.toDateString()) {
    return `today ${clock}`;
  }
  const day = then.toLocaleDateString('en-GB', { day: '2-digit', month: 'short' });
  return then.getFullYear() === today.getFullYear()
    ? `${day} ${clock}`
    : `${day} ${then.getFullYear()}`;
}

export function size(bytes: number | null): string {
  if (bytes === null) {
    return '';
  }
  let amount = bytes;
  for (const unit of ['B', 'kB', 'MB', 'GB']) {
    if (amount < 1000) {
      return `${unit === 'B' || amount >= 10 ? Math.round(amount) : amount.toFixed(1)} ${unit}`;
    }
    amount /= 1000;
  }
  return `${amount.toFixed(1)} TB`;
}

/** A text on one line, cut with an ellipsis; controls and marks of direction become visible. */
export function shortened(text: string, longest = 60): string {
  const line = visible(text.slice(0, longest * 4).replace(/\r?\n/g, '⏎'));
  return line.length <= longest ? line : `${line.slice(0, wholeUpTo(line, longest - 1))}…`;
}

const SIGNS = new Intl.Segmenter();

/** Where to cut a text so that no sign is cut in half: some are of many characters. */
function wholeUpTo(text: string, most: number): number {
  return SIGNS.segment(text).containing(most)?.index ?? most;
}

const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A text in which nothing can turn the line around or hide: names come from anywhere. */
export function visible(text: string): string {
  return text.replace(UNSEEN, sign => (sign === '\n' || sign === '\t' ? sign : '�'));
}

/** Any value of a parameter, metric or tag, short. */
export function shown(value: unknown, longest = 40): string {
  if (value === null || value === undefined) {
    return NONE;
  }
  const found = numeric(value);
  if (found !== null) {
    return number(found);
  }
  if (typeof value === 'boolean') {
    return value ? 'True' : 'False';
  }
  return shortened(typeof value === 'string' ? value : JSON.stringify(value), longest);
}

/** The beginning of an id that people read. */
export function short(id: string): string {
  return id.slice(0, 8);
}

/** What a run is called: by its name, or else by the beginning of its id. */
export function called({ id, name }: { id: string; name: string | null }): string {
  return name || short(id);
}
