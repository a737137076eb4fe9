"""A kernel for each module, a session in it for each test, and what is made of its results."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

import nbmlops
from nbmlops.restoring.restored import Restored
from tests.kernels import Kernel, clean_environment, own_environment

# Executes a notebook with nbclient, where nbmlops can neither be imported nor find its store.
EXECUTE = """
import json, sys
import nbclient, nbformat
notebook = nbformat.read(sys.argv[1], 4)
nbformat.validate(notebook)
if sys.argv[2] == "without":
    hide = nbformat.v4.new_code_cell("import sys\\nsys.modules['nbmlops'] = None")
    notebook.cells.insert(0, hide)
notebook.cells.append(nbformat.v4.new_code_cell(f"print(repr({sys.argv[3]}))"))
nbclient.NotebookClient(notebook, timeout=120).execute()
print(json.dumps("".join(output.text for output in notebook.cells[-1].outputs)))
"""


@pytest.fixture(scope="package", autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with own_environment(tmp_path_factory.mktemp("ipython")):
        yield


@pytest.fixture
def kernel(one_kernel: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kernel:
    """The module's kernel with an empty namespace and a store of its own; its folder is ours."""
    one_kernel.begin(tmp_path / "store.db")
    monkeypatch.chdir(one_kernel.folder)
    return one_kernel


@pytest.fixture
def executed(kernel: Kernel) -> Callable[..., list[str]]:
    """Execute cells, given as sources or as pairs of cell id and source; return how each ended."""

    def run(*cells: str | tuple[str, str]) -> list[str]:
        named = [cell if isinstance(cell, tuple) else (None, cell) for cell in cells]
        return [kernel.run(source, cell_id=cell_id).status for cell_id, source in named]

    return run


@pytest.fixture
def restore(kernel: Kernel, tmp_path: Path) -> Callable[..., Restored]:
    """Restore from another process than the kernel's, into a folder of the test's own."""

    def ask(*args: Any, **kwargs: Any) -> Restored:
        kernel.store().close()  # everything is there
        options = {"output": str(tmp_path / "restored.ipynb"), "overwrite": True, **kwargs}
        return nbmlops.restore(*args, store=kernel.url, **options)

    return ask


def code_of(restored: Restored) -> list[str]:
    """Return the code cells of what was written."""
    return [cell.source for cell in read(restored).cells if cell.cell_type == "code"]


def about(restored: Restored) -> str:
    """Return the first cell of what was written."""
    return read(restored).cells[0].source


def read(restored: Restored) -> Any:
    """Return what was written, which has to be valid."""
    notebook = nbformat.read(restored.path, nbformat.NO_CONVERT)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    nbformat.validate(notebook)
    return notebook


def value_again(
    restored: Restored, expression: str, folder: Path, *, with_nbmlops: bool = False
) -> str:
    """Return the value of an expression after executing the notebook in a fresh process."""
    mode = "with" if with_nbmlops else "without"
    done = subprocess.run(
        [sys.executable, "-c", EXECUTE, restored.path, mode, expression],
        cwd=folder,
        env=clean_environment(NBMLOPS_STORE=str(folder / "other.db")),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1]).strip()
