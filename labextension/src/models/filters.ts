/** Filters as people type them. */

/** The filter that is meant: words without any sign of a query are looked for in names. */
export function filterOf(text: string): string {
  const words = text.trim();
  if (
    !/^[\p{L}\p{N}_-]+( [\p{L}\p{N}_-]+)*$/u.test(words) ||
    (/ /.test(words) && OF_QUERIES.test(words))
  ) {
    return text;
  }
  const named = `name ilike '%${words}%' or experiment ilike '%${words}%'`;
  return words.includes(' ') ? named : `${named} or id like '${words}%'`;
}

const OF_QUERIES = /(^| )(and|or|not|in|is|like|ilike|between|null)( |$)/i;
