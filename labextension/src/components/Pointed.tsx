/** A filter with a caret below the place where it goes wrong. */

import type { QueryProblem } from '../records';

export function Pointed({ problem }: { problem: QueryProblem }): JSX.Element {
  const before = [...problem.text].slice(0, problem.start).join('').replace(/\s/g, ' ');
  return (
    <div role="alert" className="jp-nbmlops-pointed">
      <div>{problem.reason}</div>
      <pre>
        {problem.text.replace(/\s/g, ' ')}
        {'\n'}
        {' '.repeat([...before].length)}^
      </pre>
    </div>
  );
}
