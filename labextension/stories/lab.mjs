// A story in a real JupyterLab: record from the panel, run cells, see them live, compare.
// Usage: node stories/lab.mjs CHROMIUM URL FOLDER; one line of JSON for each thing seen.
import { chromium } from 'playwright-core';

const [executablePath, url, folder] = process.argv.slice(2);
const flags = '--no-sandbox --disable-gpu --disable-dev-shm-usage --disable-background-networking';
const browser = await chromium.launch({ executablePath, args: flags.split(' ') });
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
page.setDefaultTimeout(60_000);

const saw = (what, value) => console.log(JSON.stringify({ [what]: value }));
const shot = name => page.screenshot({ path: `${folder}/${name}.png` });
const command = (id, args) =>
  page.evaluate(([id, args]) => window.jupyterapp.commands.execute(id, args), [id, args]);
const panel = page.locator('.jp-nbmlops-panel');
const texts = async locator => (await locator.allInnerTexts()).map(text => text.trim());

page.on('pageerror', problem => saw('fault', String(problem.stack).slice(0, 500)));
page.on('request', request => {
  if (!request.url().startsWith(new URL(url).origin) && /^https?:/.test(request.url())) {
    saw('request elsewhere', request.url().slice(0, 100));
  }
});

try {
  await page.goto(url);
  await page.locator('.jp-Notebook .jp-Cell').first().waitFor();
  await page.waitForFunction(
    () => window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'
  );
  const begun = Date.now();
  await command('nbmlops:show-panel');
  await panel.getByRole('button', { name: 'Record' }).waitFor();
  saw('milliseconds until the panel is there', Date.now() - begun);
  await shot('panel-empty');

  await panel.getByRole('button', { name: 'Record' }).click();
  await panel.locator('.jp-nbmlops-recording').waitFor();
  await command('notebook:run-all-cells');
  await page.locator('.jp-Cell[data-nbmlops="result"]').waitFor();
  saw('run', await panel.locator('.jp-nbmlops-pairs').first().innerText());
  saw('marks', await marks());

  await page.evaluate(() => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    notebook.widgets[1].model.sharedModel.setSource('%%nbmlops params\nC = 2');
    notebook.activeCellIndex = 1;
    notebook.deselectAll();
  });
  await command('notebook:run-cell');
  await panel.getByText('stale').first().waitFor();
  saw('stale marks', await marks());
  saw(
    'why',
    await page
      .locator('.jp-Cell[data-nbmlops="stale"] .jp-InputPrompt')
      .first()
      .getAttribute('title')
  );
  await shot('panel-stale');

  await command('notebook:run-all-cells');
  await page.locator('.jp-Notebook .jp-nbmlops-widget .jp-nbmlops-sentence').first().waitFor();
  saw('inline', await page.locator('.jp-Notebook .jp-nbmlops-sentence').first().innerText());
  await shot('inline');

  await panel.getByRole('tab', { name: 'Runs' }).click();
  await panel.locator('.jp-nbmlops-item').nth(1).waitFor();
  await panel.getByRole('combobox').fill('params.C > 1');
  await page.waitForFunction(() => document.querySelectorAll('.jp-nbmlops-item').length === 1);
  saw('found', await texts(panel.locator('.jp-nbmlops-item b')));
  await panel.getByRole('combobox').fill('acuracy >');
  saw('mistake', await panel.getByRole('alert').innerText());
  await panel.getByRole('combobox').fill('');
  await panel.locator('.jp-nbmlops-item').nth(1).waitFor();
  const grid = panel.getByRole('grid');
  await grid.focus();
  for (const key of ['Home', 'Space', 'ArrowDown', 'Space']) {
    await grid.press(key);
  }
  await panel.getByRole('button', { name: 'Compare 2' }).click();
  const view = page.locator('.jp-MainAreaWidget:not(.jp-NotebookPanel) .jp-nbmlops-page');
  await view.locator('.jp-nbmlops-sentence').waitFor();
  saw('compared', await view.locator('.jp-nbmlops-sentence').innerText());
  await page.waitForTimeout(500);
  await shot('compare');
  await command('apputils:change-theme', { theme: 'JupyterLab Dark' });
  await page.waitForTimeout(1000);
  await shot('compare-dark');
} catch (problem) {
  saw('fault', String(problem));
  await shot('fault');
} finally {
  await browser.close();
}

function marks() {
  return page.evaluate(() =>
    [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')].map(
      cell => cell.dataset.nbmlops ?? ''
    )
  );
}
