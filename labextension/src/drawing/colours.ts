/** How runs are told apart on light and dark grounds: a colour, a dash and a shape for each. */

const COLOURS =
  '#1e88e5 #e8710a #2e9e5b #d23f57 #8e5bd0 #a2765b #d756a8 #7d8790 #a5a012 #12a4b5'.split(' ');
// After ten runs the colours come again, each time with the next of these.
const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 2], [9, 3, 2, 3], [4, 2, 1, 2]];
// Around the origin, and all about as large as the circle.
const SHAPES = [
  'M-1 0A1 1 0 1 1 1 0A1 1 0 1 1 -1 0Z',
  'M-.9 -.9H.9V.9H-.9Z',
  'M0 -1.25L1.15 .9H-1.15Z',
  'M0 -1.3L1.1 0L0 1.3L-1.1 0Z',
  'M0 1.25L-1.15 -.9H1.15Z'
];

/** A run as drawings know it. */
export interface Shown {
  name: string;
  /** Counts the runs: colour, dash and shape are its own. */
  mark: number;
  /** False where others were chosen. */
  isChosen: boolean;
}

/** Runs of which none is left out, with the first marks. */
export function allShown(names: readonly string[]): Shown[] {
  return names.map((name, mark) => ({ name, mark, isChosen: true }));
}

export function colour(mark: number): string {
  return COLOURS[mark % COLOURS.length]!;
}

export function dash(mark: number): readonly number[] {
  return DASHES[lap(mark) % DASHES.length]!;
}

/** The path of a shape around the origin, two wide. */
export function shape(mark: number): string {
  return SHAPES[lap(mark) % SHAPES.length]!;
}

function lap(mark: number): number {
  return Math.floor(mark / COLOURS.length);
}
