/** What the tab *Now* says where there is nothing to record. */

import { useTexts } from '../translated';

export function NoNotebook(): JSX.Element {
  const texts = useTexts();
  return (
    <div className="jp-nbmlops-empty">
      <h3>{texts.__('No notebook is active')}</h3>
      <p>{texts.__('Open one, and what it does is shown here.')}</p>
    </div>
  );
}

export function NoKernel(): JSX.Element {
  const texts = useTexts();
  return (
    <div className="jp-nbmlops-empty">
      <h3>{texts.__('This notebook has no kernel')}</h3>
      <p>{texts.__('Start one, and what it does is shown here. Runs stay where they are.')}</p>
    </div>
  );
}

export function OtherLanguage({ language }: { language: string }): JSX.Element {
  const texts = useTexts();
  return (
    <div className="jp-nbmlops-empty">
      <h3>{texts.__('This kernel speaks %1', language)}</h3>
      <p>{texts.__('Cells are recorded in Python. Headless executions of any kernel are too:')}</p>
      <code>nbmlops run NOTEBOOK</code>
    </div>
  );
}

export function NotYetRecorded(): JSX.Element {
  const texts = useTexts();
  return (
    <div className="jp-nbmlops-empty">
      <p>{texts.__('Press Record, or type this into a cell:')}</p>
      <code>%load_ext nbmlops</code>
    </div>
  );
}
