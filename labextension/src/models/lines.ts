/** What is on the screen as a line of a terminal and of Python, which gives the same. */

export interface Lines {
  command: string;
  python: string;
}

export function linesOfRuns(filter: string, orderBy: string): Lines {
  const words = filter.trim() ? [quoted(filter)] : [];
  const args = filter.trim() ? [text(filter)] : [];
  return {
    command: ['nbmlops runs', ...words, '--order-by', quoted(orderBy)].join(' '),
    python: `nbmlops.runs(${[...args, `order_by=${text(orderBy)}`].join(', ')})`
  };
}

export function linesOfRun(id: string): Lines {
  return lines('show', [id]);
}

export function linesOfComparison(ids: readonly string[]): Lines {
  return lines('compare', ids);
}

export function linesOfSlice(id: string, metric?: string): Lines {
  return lines('why', metric === undefined ? [id] : [id, metric]);
}

function lines(verb: string, args: readonly string[]): Lines {
  return {
    command: ['nbmlops', verb, ...args.map(quoted)].join(' '),
    python: `nbmlops.${verb}(${args.map(text).join(', ')})`
  };
}

/** A text as one word of a shell. */
function quoted(word: string): string {
  return /^[\w@.:/-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`;
}

/** A text as Python writes it; JSON's form of a text is one of Python's. */
function text(word: string): string {
  return JSON.stringify(word);
}
