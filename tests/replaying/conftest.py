"""A kernel for each module, a session in it for each test, and replays of its runs."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import nbmlops
from nbmlops.replaying.replayed import Replay
from tests.kernels import FLUSH, Kernel, own_environment


@pytest.fixture(scope="package", autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with own_environment(tmp_path_factory.mktemp("ipython")):
        yield


@pytest.fixture
def kernel(one_kernel: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kernel:
    """The module's kernel with an empty namespace, a store and a folder of its own."""
    folder = one_kernel.folder / tmp_path.name
    folder.mkdir()
    one_kernel.begin(tmp_path / "store.db")
    one_kernel.quietly(f"import os; os.chdir({str(folder)!r}); del os")
    monkeypatch.chdir(folder)
    return one_kernel


@pytest.fixture
def folder(kernel: Kernel) -> Path:
    """Where the kernel works."""
    return Path.cwd()


@pytest.fixture
def executed(kernel: Kernel) -> Callable[..., list[str]]:
    """Execute cells, slowly enough for all to be looked at, and return how each ended."""

    def run(*cells: str) -> list[str]:
        return [kernel.run(source).status for source in cells if kernel.ask(FLUSH)]

    return run


@pytest.fixture
def replay(kernel: Kernel, folder: Path) -> Callable[..., Replay]:
    """Replay from another process than the kernel's."""

    def ask(*args: Any, **kwargs: Any) -> Replay:
        kernel.store().close()  # everything is there
        return nbmlops.replay(*args, store=kernel.url, **{"cwd": os.fspath(folder), **kwargs})

    return ask
