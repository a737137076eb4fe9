"""What every test may use: a project folder of its own, and a Python of its own."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest

# IPython warns where another environment is active than the one that runs the tests.
os.environ.pop("VIRTUAL_ENV", None)

hypothesis.settings.register_profile("nbmlops", deadline=None, print_blob=True)
hypothesis.settings.load_profile("nbmlops")


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
