"""One server for all tests, whose root holds the project of each."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.server.serving import Serving, serving


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the server shows."""
    return tmp_path_factory.mktemp("root")


@pytest.fixture(scope="session")
def jupyter(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(root, tmp_path_factory.mktemp("home")) as started:
        yield started


@pytest.fixture
def project(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project of the test's own below the root, and the working folder."""
    monkeypatch.delenv("NBMLOPS_STORE", raising=False)
    folder = root / tmp_path.name
    (folder / ".nbmlops").mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def api(jupyter: Serving, project: Path) -> Serving:
    """The server, asked about the project."""
    return replace(jupyter, path=project.name)


@pytest.fixture
def runs(recorded: Path, project: Path) -> Path:
    """The three runs of `tests.recorded` in the project."""
    shutil.copytree(recorded / ".nbmlops", project / ".nbmlops", dirs_exist_ok=True)
    return project
