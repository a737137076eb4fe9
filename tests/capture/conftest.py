"""One kernel for the tests of a module, recorded from its first cell."""

from collections.abc import Callable
from pathlib import Path

import pytest

from nbmlops.records import Execution, Output
from tests.kernels import Kernel, Reply

type Record = Callable[..., tuple[Reply, list[Execution]]]


@pytest.fixture(scope="module")
def kernel(one_kernel: Kernel) -> Kernel:
    return one_kernel


@pytest.fixture
def record(kernel: Kernel) -> Record:
    """Execute a cell; return the kernel's reply and the executions recorded of it."""

    def recorded(source: str, **options: object) -> tuple[Reply, list[Execution]]:
        before = len(kernel.executions())
        reply = kernel.run(source, **options)
        return reply, kernel.executions()[before:]

    return recorded


@pytest.fixture
def blob_folder(kernel: Kernel) -> Path:
    return kernel.folder / ".nbmlops" / "blobs"


@pytest.fixture
def text_of() -> Callable[[Output], str]:
    """Return the plain text of an output."""

    def plain(output: Output) -> str:
        return next(
            content.text or "" for content in output.contents if content.mime == "text/plain"
        )

    return plain
