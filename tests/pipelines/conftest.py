"""Notebooks written for a test and executed headlessly, in a project folder of their own."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest

from nbmlops.config import sqlite_url
from nbmlops.pipelines.execute import Headless, run_notebook
from nbmlops.records import RunDetail
from tests.kernels import clean_environment, own_environment, runs_at

type Cell = str | tuple[str, ...]


@dataclass(frozen=True)
class Project:
    """A folder with a store of its own, and what is asked of it in tests."""

    folder: Path

    @property
    def runs(self) -> list[RunDetail]:
        return runs_at(sqlite_url(self.folder / ".nbmlops" / "store.db"))

    @property
    def run(self) -> RunDetail:
        [run] = self.runs
        return run

    def write(self, *cells: Cell, name: str = "work.ipynb", kernel: str | None = "python3") -> Path:
        """Write a notebook of code cells, each a source or a source and its tags."""
        notebook = nbformat.v4.new_notebook()
        for place, cell in enumerate(cells, 1):
            source, *tags = (cell,) if isinstance(cell, str) else cell
            metadata = {"tags": tags} if tags else {}
            notebook.cells.append(
                nbformat.v4.new_code_cell(source, id=f"cell-{place}", metadata=metadata)
            )
        if kernel:
            spec = {"name": kernel, "display_name": kernel, "language": "python"}
            notebook.metadata["kernelspec"] = spec
        path = self.folder / name
        nbformat.write(notebook, path)
        return path

    def read(self, name: str = "out.ipynb") -> Any:
        """Return an executed notebook; what it holds must be JSON to any reader."""
        text = (self.folder / name).read_text()
        json.loads(text, parse_constant=pytest.fail)
        return nbformat.reads(text, as_version=4)

    def execute(self, *cells: Cell, parameters: Any = None, **options: Any) -> Headless:
        """Write a notebook, execute it in this process, and say how it went."""
        kernel = options.pop("kernel", "python3")
        options = {"progress_bar": False, "cwd": str(self.folder), **options}
        path = self.write(*cells, kernel=kernel)
        return run_notebook(str(path), str(self.folder / "out.ipynb"), parameters, **options)

    def start(self, *command: str, **environment: str) -> subprocess.Popen[str]:
        """Start ``python -m ...`` in the folder."""
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=self.folder,
            env=clean_environment(**environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def call(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run ``python -m ...`` in the folder to its end."""
        process = self.start(*command, **environment)
        stdout, stderr = process.communicate(timeout=120)
        return subprocess.CompletedProcess(command, process.returncode, stdout, stderr)


@pytest.fixture(scope="package", autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with own_environment(tmp_path_factory.mktemp("ipython")):
        yield


@pytest.fixture(scope="session")
def new_project(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Project]:
    """Make a project; for fixtures that several tests share."""

    def make() -> Project:
        folder = tmp_path_factory.mktemp("project")
        (folder / ".nbmlops").mkdir()
        return Project(folder)

    return make


@pytest.fixture
def work(new_project: Callable[[], Project]) -> Project:
    """A project for one test."""
    return new_project()
