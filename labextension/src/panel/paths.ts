/** Where notebooks of runs are written, unless somebody says otherwise. */

import type { RunPage } from '../records';
import { short } from '../words';

const MOST_TRIED = 1000;

/** Where a run's notebook would be written: beside the notebook that is open, by its own name. */
export function usualPath(
  run: Pick<RunPage, 'id' | 'name' | 'experiment' | 'notebook'>,
  open: string
): string {
  const folder = open.split('/').slice(0, -1).join('/');
  const own =
    run.notebook
      ?.split(/[/\\]/)
      .pop()
      ?.replace(/\.ipynb$/, '') ?? run.experiment;
  const name = `${own} ${run.name ?? short(run.id)}`.replace(/[^\p{L}\p{N} _.-]+/gu, '-');
  return `${folder ? `${folder}/` : ''}${name.slice(0, 100).replace(/^[. ]+/, '')}.ipynb`;
}

/** The path, with a number behind it where there is something already. */
export async function freePath(
  usual: string,
  isTaken: (path: string) => Promise<boolean>
): Promise<string> {
  let path = usual;
  for (let number = 2; number < MOST_TRIED && (await isTaken(path)); number++) {
    path = usual.replace(/\.ipynb$/, ` ${number}.ipynb`);
  }
  return path;
}
