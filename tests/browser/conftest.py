"""One server and one browser for all stories; a page for each file, a project for each story.

A story that fails is told once more, as Chromium shares the processors with all other tests; the
summary of the tests counts which were.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import nbmlops
from tests.browser.browsers import chromium, running_browser
from tests.browser.labs import HERE, Lab, running_lab
from tests.browser.stage import Stage, write_notebook
from tests.untried import not_tried


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tell each story of this folder once more where it fails."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium."""
    path = chromium()
    if path is None:
        not_tried("no Chromium: make browser, or name one in CHROMIUM")
    with running_browser(path) as running:
        yield running


@pytest.fixture(scope="package")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab with nbmlops, as installed."""
    if not Path(nbmlops.__file__).with_name("labextension").joinpath("package.json").exists():
        not_tried("the front end is not built: pip install . where Node 20 is")
    with running_lab(tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture(scope="module")
def page_of_file(browser: Browser, lab: Lab, request: pytest.FixtureRequest) -> Iterator[Stage]:
    """JupyterLab in a page that the stories of a file share: loading it takes seconds."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    stage = Stage(context.new_page(), lab)
    stage.enter(request.node.path.stem)
    yield stage
    context.close()


@pytest.fixture
def project(lab: Lab, request: pytest.FixtureRequest) -> Path:
    """An empty project of the story's own, below the folder that the server shows."""
    folder = lab.root / re.sub(r"\W+", "-", request.node.name)
    if folder.exists():  # the story is told once more
        shutil.rmtree(folder)
    (folder / ".nbmlops").mkdir(parents=True)
    return folder


@pytest.fixture
def runs(recorded: Path, project: Path) -> str:
    """The path of a notebook in a project with the three runs of `tests.recorded`."""
    shutil.copytree(recorded / ".nbmlops", project / ".nbmlops", dirs_exist_ok=True)
    write_notebook(project / "read.ipynb", {"only": "1 + 1"})
    return f"{project.name}/read.ipynb"


@pytest.fixture
def stage(page_of_file: Stage) -> Iterator[Stage]:
    """JupyterLab with no document open; what must never happen fails the story."""
    page_of_file.faults.clear()
    yield page_of_file
    page_of_file.leave()
    assert page_of_file.faults == []
