import { expect, test } from 'vitest';
import { linesOfComparison, linesOfRun, linesOfRuns, linesOfSlice } from '../src/models/lines';

test.each([
  ['a run', linesOfRun('3k9f'), 'nbmlops show 3k9f', 'nbmlops.show("3k9f")'],
  ['runs', linesOfComparison(['a', 'b']), 'nbmlops compare a b', 'nbmlops.compare("a", "b")'],
  [
    'a metric with signs of both',
    linesOfSlice('a', `it's "$x"`),
    `nbmlops why a 'it'\\''s "$x"'`,
    `nbmlops.why("a", "it's \\"$x\\"")`
  ],
  [
    'a search',
    linesOfRuns("auc > 0.9 and tags.t = 'x'", 'opened DESC'),
    `nbmlops runs 'auc > 0.9 and tags.t = '\\''x'\\''' --order-by 'opened DESC'`,
    `nbmlops.runs("auc > 0.9 and tags.t = 'x'", order_by="opened DESC")`
  ],
  [
    'all runs',
    linesOfRuns('', 'opened DESC'),
    `nbmlops runs --order-by 'opened DESC'`,
    'nbmlops.runs(order_by="opened DESC")'
  ]
])('%s as lines', (_, lines, command, python) => expect(lines).toEqual({ command, python }));
