"""A kernel for each module, and a new session in it for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kernels import Kernel


@pytest.fixture(scope="module")
def one_kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    folder = tmp_path_factory.mktemp("project")
    (folder / ".nbmlops").mkdir()
    with Kernel(folder) as started:
        assert started.run("%load_ext nbmlops").status == "ok"
        yield started


@pytest.fixture
def kernel(one_kernel: Kernel, tmp_path: Path) -> Kernel:
    """The module's kernel, its namespace empty, recording to a store of the test's own."""
    one_kernel.begin(tmp_path / "store.db")
    return one_kernel
