/** One colour for each run, to be told apart on light and dark grounds. */

const COLOURS =
  '#1e88e5 #e8710a #2e9e5b #d23f57 #8e5bd0 #a2765b #d756a8 #7d8790 #a5a012 #12a4b5'.split(' ');

/** The colour of the run at a place; after ten they come again, dashed. */
export function colour(place: number): string {
  return COLOURS[place % COLOURS.length]!;
}

export function dash(place: number): number[] {
  return place < COLOURS.length ? [] : [4 + 2 * Math.floor(place / COLOURS.length), 3];
}
