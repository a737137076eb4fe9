"""What the server executes in processes of their own: how they are stopped, how far they are."""

import json
import signal
import sys
import time

import pytest

from nbmlops.server import reruns
from nbmlops.server.reruns import Begun

PATIENCE_SECONDS = 60
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)"


class Command(Begun):
    def described(self, metadata):
        return dict(metadata)


@pytest.fixture
def begin(tmp_path):
    """Begin a command of Python that sleeps; wait until it has said that it is there."""
    begun = []

    def beginning(source=""):
        code = f"{source}\nprint('there', flush=True)\nimport time; time.sleep(600)"
        command = [sys.executable, "-c", code]
        begun.append(Command(command, tmp_path / "a.ipynb", tmp_path, "sqlite://"))
        until(lambda: begun[-1].answer)
        return begun[-1]

    yield beginning
    for one in begun:
        one._process.kill()
        one._process.wait()
        one._answered.close()
        one._said.close()


def until(is_so):
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def deaf_to_interruption():
    """As in a server that a script began in the background."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("deaf_to_interruption")
def test_what_ignores_ctrl_c_with_its_server_is_stopped(begin):
    begun = begin()
    begun.stop()
    until(lambda: not begun.is_going)
    assert begun.to_json()["state"] == "stopped"
    assert begun.to_json()["problem"] is None


def test_what_heeds_nothing_is_killed_after_some_patience(begin, monkeypatch):
    monkeypatch.setattr(reruns, "_PATIENCE_SECONDS", 0.2)
    begun = begin(DEAF)
    begun.stop()
    assert begun.state == "stopping"
    until(lambda: not begun.is_going)
    assert (begun.state, begun._process.returncode) == ("stopped", -signal.SIGKILL)


def test_what_ends_by_itself_was_not_stopped(begin):
    begun = begin("print('out', flush=True); raise SystemExit(2)")
    until(lambda: not begun.is_going)
    begun.stop()
    assert begun.state == "failed"


def cell(status, kind="code"):
    return {"cell_type": kind, "metadata": {"papermill": {"status": status}}}


BEFORE = [{"cell_type": "code", "metadata": {}}]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(BEFORE, (0, 0), id="as it was drafted"),
        pytest.param([cell("pending")] * 2, (0, 0), id="the kernel starts"),
        pytest.param([cell("running"), cell("pending")], (2, 0), id="first cell"),
        pytest.param([cell("completed", "markdown"), cell("pending")], (1, 0), id="behind a text"),
        pytest.param([cell("completed"), cell("running")], (2, 1), id="second cell"),
    ],
)
def test_cells_are_counted_once_the_first_has_begun(begin, cells, expected):
    begun = begin()
    begun.notebook.write_text(json.dumps({"cells": cells}))
    found = begun.to_json()
    assert (found["cells"], found["done"]) == expected


def test_how_far_it_was_is_told_while_the_notebook_is_being_written(begin):
    begun = begin()
    text = json.dumps({"cells": [cell("completed")], "metadata": {"run": "r"}})
    begun.notebook.write_text(text)
    before = begun.to_json()
    begun.notebook.write_text(text[:30])
    assert begun.to_json() == before
    assert (before["done"], before["run"]) == (1, "r")
