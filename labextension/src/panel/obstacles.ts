/** What the panel says where the server or the store is not as it needs them. */

import type { ServerStatus } from '../records';
import { SourceProblem } from '../records';
import type { Texts } from '../translated';
import type { PanelState } from './PanelView';

type Obstacle = PanelState['obstacle'];

/** A `line` takes the place of the tabs; without one they stay, as far as they have something. */
export function obstacleOf(status: ServerStatus, texts: Texts): Obstacle {
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
  const text = problem instanceof Error ? problem.message : String(problem);
  return { title: texts.__('The server does not answer'), text, line: null };
}
