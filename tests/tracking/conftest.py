"""A new session of the module's kernel for each test."""

from pathlib import Path

import pytest

from tests.kernels import Kernel


@pytest.fixture
def kernel(one_kernel: Kernel, tmp_path: Path) -> Kernel:
    """The module's kernel, its namespace empty, recording to a store of the test's own."""
    one_kernel.begin(tmp_path / "store.db")
    return one_kernel
