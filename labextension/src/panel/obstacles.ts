/** What the panel says where the server or the store is not as it needs them. */

import type { ServerStatus } from '../records';
import { SourceProblem } from '../records';
import type { Texts } from '../translated';
import type { PanelState } from './PanelView';

type Obstacle = PanelState['obstacle'];

/**
 * What stands in the way of working with a server, whose version was another one `before`.
 *
 * A `line` takes the place of the tabs; without one they stay, as far as they have something.
 */
export function obstacleOf(status: ServerStatus, before: string, texts: Texts): Obstacle {
  if (status.version !== before) {
    return {
      title: texts.__('The server has another nbmlops now'),
      text: texts.__(
        'It is %1, and was %2 when this page was loaded: load the page anew.',
        status.version,
        before
      ),
      line: null
    };
  }
  switch (status.state) {
    case 'ready':
    case 'missing': // the tabs invite to the first run
      return null;
    case 'upgrading':
      return {
        title: texts.__('The store is being upgraded'),
        text: texts.__('This takes a moment; the panel looks again by itself.'),
        line: null
      };
    case 'too_new':
      return {
        title: texts.__('The store is of a later nbmlops'),
        text: status.problem ?? '',
        line: 'pip install --upgrade nbmlops'
      };
    default:
      return {
        title: texts.__('The store cannot be read'),
        text: status.problem ?? '',
        line: null
      };
  }
}

export function obstacleOfProblem(problem: unknown, texts: Texts): Obstacle {
  if (problem instanceof SourceProblem && problem.code === 'NoServer') {
    return {
      title: texts.__('The Jupyter server does not know nbmlops'),
      text: texts.__(
        'Install nbmlops where the server runs, enable it, and start the server again:'
      ),
      line: 'jupyter server extension enable nbmlops.server'
    };
  }
  const isAway = problem instanceof SourceProblem && problem.code === 'Away';
  const text = isAway
    ? texts.__('Is it still running? The panel looks again by itself; what it shows is of before.')
    : problem instanceof Error
      ? problem.message
      : String(problem);
  return { title: texts.__('The server does not answer'), text, line: null };
}
