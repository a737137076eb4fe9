"""What every test may use: a folder, a Python, a kernel of its own, and recorded runs."""

import gc
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from tests import forked_kernels
from tests.kernels import Kernel, recording_kernel
from tests.postgres import Server, running_server
from tests.recorded import record_three_runs
from tests.untried import summarize

# IPython warns where another environment is active than the one that runs the tests.
os.environ.pop("VIRTUAL_ENV", None)
# Threads that train models spin for minutes where other work runs at the same time.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# As in `nbmlops.cli`: a grammar of a second for each worker, which no schema here asks for.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

if sys.platform == "linux":
    forked_kernels.install()

hypothesis.settings.register_profile("nbmlops", deadline=None, print_blob=True)
hypothesis.settings.load_profile("nbmlops")


def pytest_collection_finish() -> None:
    """Keep Python's collector from what thirteen thousand tests are made of: it never goes."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out."""
    summarize(terminalreporter)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server for all tests, none of which stops it."""
    with running_server() as started:
        yield started


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, untouched by the settings of whoever runs the tests."""
    for name in [name for name in os.environ if name.startswith("NBMLOPS_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(scope="session")
def run_python() -> Callable[..., str]:
    """Run a script in a fresh interpreter, fail with its stderr, return its stdout."""

    def run(script: str, *arguments: object) -> str:
        environ = {name: text for name, text in os.environ.items() if name[:8] != "NBMLOPS_"}
        command = [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, env=environ, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


@pytest.fixture(scope="module")
def one_kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """A kernel for the tests of a module."""
    with recording_kernel(tmp_path_factory.mktemp("project")) as started:
        yield started


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small project with three recorded runs."""
    folder = tmp_path_factory.mktemp("recorded") / "project"
    record_three_runs(folder)
    return folder


@pytest.fixture
def runs(recorded: Path, project: Path) -> Path:
    """The three runs in a copy of the test's own, in the working folder."""
    shutil.copytree(recorded / ".nbmlops", project / ".nbmlops")
    return project
