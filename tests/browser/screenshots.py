"""Takes pictures of what users see, to be looked at: ``make screenshots``.

Run ``python tests/browser/screenshots.py FOLDER``. Those that the guide shows are kept in
``docs/`` too, as small as they get.
"""

import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, expect

from tests.benchmarks.big_store import make
from tests.browser.browsers import chromium, running_browser
from tests.browser.labs import Lab, running_lab
from tests.browser.stage import Stage, write_notebook
from tests.kernels import clean_environment

DOCS = Path(__file__).parents[2] / "docs"
SHOWN_IN_THE_GUIDE = ("panel-now", "comparison", "table-dark")
WIDE, SMALL = {"width": 1360, "height": 900}, {"width": 1024, "height": 680}

CANCER = {
    "load": """from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import scale
import nbmlops

X, y = load_breast_cancer(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(scale(X), y, random_state=0)""",
    "params": "%%nbmlops params\nalpha = 0.1\nepochs = 30",
    "train": """model = SGDClassifier(loss="log_loss", alpha=alpha, random_state=0)
for epoch in range(epochs):
    model.partial_fit(X_train, y_train, classes=[0, 1])
    nbmlops.log_metric("loss", log_loss(y_test, model.predict_proba(X_test)), step=epoch)""",
    "measure": """accuracy = model.score(X_test, y_test)
roc_auc = roc_auc_score(y_test, model.predict_proba(X_test)[:, 1])""",
    "compare": "if len(nbmlops.runs()) > 1:\n    display(nbmlops.compare('@2', '@1'))",
}
# Two dozen runs, with a name here, a verdict there, and one that failed.
SWEEP = """
import itertools, math, random
import nbmlops

random.seed(1)
grid = itertools.product(("linear", "forest", "boosted"), (0.01, 0.03, 0.1, 0.3), (3, 6))
for number, (model, rate, depth) in enumerate(grid):
    name = f"{model} {depth}" if number % 3 == 0 else None
    params = {"model": model, "learning_rate": rate, "depth": depth}
    with nbmlops.start_run(name, experiment="churn", params=params) as run:
        best = 0.86 + 0.04 * (model == "boosted") + 0.01 * depth - abs(math.log10(rate) + 1) / 30
        for step in range(60):
            value = best - 0.3 * math.exp(-step * rate) + random.gauss(0, 0.004)
            run.log_metric("val_auc", value, step=step)
            run.log_metric("loss", 0.7 - 0.6 * value + random.gauss(0, 0.004), step=step)
        run.log_metric("accuracy", best - 0.05 + random.gauss(0, 0.01))
    if number == 4:
        nbmlops.annotate(run.id, verdict="refuted", note="Overfits after step 20.")
    if number == 21:
        nbmlops.annotate(run.id, verdict="confirmed", tags={"candidate": ""})
        nbmlops.pin(run.id)
try:
    with nbmlops.start_run("out of memory", experiment="churn", params={"depth": 40}):
        raise MemoryError("cannot allocate 80 GB")
except MemoryError:
    pass
"""


def main() -> None:
    """Take all pictures, in both themes."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    path = chromium()
    if path is None:
        sys.exit("There is no Chromium: make browser, or name one in CHROMIUM.")
    with (
        tempfile.TemporaryDirectory() as home,
        running_lab(Path(home) / "lab") as lab,
        running_browser(path) as browser,
    ):
        recorded, swept, many = cancer(lab), sweep(lab), thousands(lab)
        for theme in ("Light", "Dark"):
            take = Pictures(folder, "-dark" if theme == "Dark" else "")
            with stage_of(browser, lab, theme) as stage:
                empty_panel(stage, take, lab)
                recording(stage, take, recorded)
                runs_of_a_sweep(stage, take, swept)
                thousands_of_runs(stage, take, many)
    keep(folder)


class Pictures:
    """Takes a picture of a page into a folder, under a name that says what it shows."""

    def __init__(self, folder: Path, ending: str) -> None:
        self.folder = folder
        self.ending = ending

    def __call__(self, stage: Stage, name: str) -> None:
        stage.page.wait_for_timeout(300)  # what scrolls or fades in has
        stage.page.mouse.move(640, 2)  # nothing is hovered
        stage.page.screenshot(path=self.folder / f"{name}{self.ending}.png")


@contextlib.contextmanager
def stage_of(browser: Browser, lab: Lab, theme: str) -> Iterator[Stage]:
    """A page of JupyterLab in a theme."""
    context = browser.new_context(viewport=SMALL)
    stage = Stage(context.new_page(), lab)
    stage.enter(f"pictures-{theme}")
    stage.theme(f"JupyterLab {theme}")
    yield stage
    context.close()


def project(lab: Lab, name: str) -> Path:
    """An empty project."""
    folder = lab.root / name
    (folder / ".nbmlops").mkdir(parents=True)
    return folder


def cancer(lab: Lab) -> str:
    """A notebook to be recorded."""
    write_notebook(project(lab, "cancer") / "cancer.ipynb", CANCER)
    return "cancer/cancer.ipynb"


def sweep(lab: Lab) -> str:
    """A notebook in a project of two dozen runs."""
    folder = project(lab, "churn")
    command = [sys.executable, "-c", SWEEP]
    subprocess.run(command, cwd=folder, env=clean_environment(), check=True, timeout=120)
    cells = {
        "load": "%load_ext nbmlops\nimport nbmlops",
        "runs": "nbmlops.runs(order_by='metrics.val_auc DESC')",
        "compare": "nbmlops.compare('@3', '@8', '@12', '@16', '@20')",
        "show": "nbmlops.show('@3')",
    }
    write_notebook(folder / "churn.ipynb", cells)
    return "churn/churn.ipynb"


def thousands(lab: Lab) -> str:
    """A notebook in a project of 10,000 runs."""
    folder = project(lab, "many")
    make(folder / ".nbmlops" / "store.db", 10_000)
    write_notebook(folder / "many.ipynb", {"only": "1 + 1"})
    return "many/many.ipynb"


def empty_panel(stage: Stage, take: Pictures, lab: Lab) -> None:
    """The panel before anything was recorded."""
    write_notebook(lab.root / "fresh" / "fresh.ipynb", {"only": "1 + 1"})
    stage.open("fresh/fresh.ipynb")
    stage.tab("Now")
    take(stage, "panel-empty")
    stage.tab("Runs")
    take(stage, "panel-no-runs")
    stage.leave()


def recording(stage: Stage, take: Pictures, notebook: str) -> None:
    """The panel as cells run, one stale; then the comparison in the notebook."""
    stage.open(notebook)
    stage.record()
    stage.run_all()
    expect(stage.page.locator('.jp-Cell[data-nbmlops="result"]')).to_have_count(2)
    stage.run(1, "%%nbmlops params\nalpha = 0.001\nepochs = 30")
    expect(stage.panel.get_by_text("stale").first).to_be_visible()
    stage.page.locator(".jp-Notebook .jp-Cell").first.scroll_into_view_if_needed()
    take(stage, "panel-now")
    stage.run_all()
    expect(stage.answer.locator("canvas").first).to_be_attached()
    top(stage.answer)
    take(stage, "inline")
    stage.tab("Data")
    take(stage, "panel-data")
    stage.page.set_viewport_size(WIDE)
    stage.tab("Runs")
    stage.found.first.get_by_role("button").click()
    expect(stage.view.locator("canvas")).to_be_visible()
    take(stage, "run")
    stage.view.get_by_role("button", name="Why these numbers?").click()
    expect(stage.view.get_by_role("listitem").first).to_be_visible()
    take(stage, "why")
    stage.command("docmanager:open", path=notebook)
    stage.write(1, "alpha = 5")
    stage.found.first.get_by_role("button").click()
    stage.view.get_by_role("button", name="Put cells back…").click()
    expect(stage.view.get_by_role("checkbox").first).to_be_visible()
    take(stage, "put-back")
    stage.found.first.get_by_role("button").click()
    stage.view.get_by_role("button", name="Execute again…").click()
    expect(stage.view.get_by_label("alpha")).to_be_visible()
    take(stage, "again")
    stage.found.first.get_by_role("button").click()
    stage.view.get_by_role("button", name="Replay…").click()
    stage.view.get_by_role("button", name="Replay", exact=True).click()
    expect(stage.view.get_by_text("Stands on")).to_be_visible()
    take(stage, "replay")
    stage.page.set_viewport_size(SMALL)
    stage.leave()


def runs_of_a_sweep(stage: Stage, take: Pictures, notebook: str) -> None:
    """A list, a table, a run, a comparison."""
    stage.open(notebook)
    stage.tab("Runs")
    expect(stage.found.nth(12)).to_be_visible()
    take(stage, "panel-runs")
    stage.run_all()
    expect(stage.answer.locator("canvas").first).to_be_attached()
    answers = stage.page.locator(".jp-Notebook .jp-nbmlops-widget")
    top(answers.first)
    take(stage, "inline-runs")
    top(answers.nth(1))
    take(stage, "inline-five")
    top(answers.last)
    take(stage, "inline-show")
    stage.command("docmanager:save")
    stage.leave()
    stage.read(notebook)  # as GitHub and e-mail have it
    saved = stage.page.locator(".jp-Notebook .jp-RenderedHTML")
    expect(saved.last).to_be_visible()
    top(saved.nth(1))
    take(stage, "saved")
    stage.narrow(150)
    stage.tab("Runs")
    take(stage, "panel-narrow")
    stage.page.set_viewport_size(WIDE)
    stage.command("nbmlops:open-runs")
    expect(stage.view.get_by_role("row").nth(12)).to_be_visible()
    take(stage, "table")
    boxes = stage.view.get_by_role("checkbox")
    for place in (1, 4, 8, 14, 20):
        boxes.nth(place).check()
    take(stage, "table-chosen")
    stage.view.get_by_role("button", name="Compare 5").click()
    expect(stage.view.locator("canvas").first).to_be_visible()
    take(stage, "comparison")
    stage.view.locator("canvas").hover()
    stage.page.mouse.wheel(0, 700)
    take(stage, "comparison-below")
    stage.leave()
    stage.page.set_viewport_size(SMALL)


def thousands_of_runs(stage: Stage, take: Pictures, notebook: str) -> None:
    """10,000 runs with 20 metrics and 20 parameters each, and a mistake in a search."""
    stage.read(notebook)
    stage.tab("Runs")
    stage.search("metrics.m3 > 0.9")
    expect(stage.panel.locator(".jp-nbmlops-item").first).to_be_visible()
    take(stage, "panel-search")
    stage.search("metrics.m3 >> 0.9")
    expect(stage.panel.get_by_role("alert")).to_be_visible()
    take(stage, "panel-mistake")
    stage.search("")
    stage.page.set_viewport_size(WIDE)
    stage.command("nbmlops:open-runs")
    expect(stage.view.get_by_role("row").nth(12)).to_be_visible()
    take(stage, "table-thousands")
    stage.leave()
    stage.page.set_viewport_size(SMALL)


def top(place: Locator) -> None:
    """Scroll until a place is at the top of what it scrolls in."""
    place.evaluate("node => node.scrollIntoView({ block: 'start' })")


def keep(folder: Path) -> None:
    """Put the pictures that the guide shows where it finds them, in few colours."""
    DOCS.mkdir(exist_ok=True)
    for name in SHOWN_IN_THE_GUIDE:
        with Image.open(folder / f"{name}.png") as picture:
            few = picture.convert("RGB").quantize(method=Image.Quantize.FASTOCTREE)
            few.save(DOCS / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
