/** What a cell is known by in one line. */

const MOST = 2000; // characters looked at

/** Its first line of code; a comment or magic where there is nothing else. */
export function firstLine(source: string): string {
  const lines = source
    .slice(0, MOST)
    .split('\n')
    .filter(line => line.trim());
  return lines.find(line => !/^\s*[#%]/.test(line)) ?? lines[0] ?? '';
}
