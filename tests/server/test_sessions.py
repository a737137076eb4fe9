"""What is being recorded now, over HTTP: a real kernel while it runs."""

import contextlib
import time
from dataclasses import replace

import pytest

from tests.kernels import recording_kernel

WAIT_SECONDS = 30


@pytest.fixture(scope="module")
def kernel(root, tmp_path_factory):
    folder = root / tmp_path_factory.mktemp("live").name
    folder.mkdir()
    with recording_kernel(folder) as started:
        yield started


@pytest.fixture
def api(jupyter, kernel):
    return replace(jupyter, path=kernel.folder.name)


def until(ask, is_so):
    """Ask until it is so; what is recorded is delivered a moment later."""
    end = time.monotonic() + WAIT_SECONDS
    while not is_so(found := ask()):
        assert time.monotonic() < end, found
        time.sleep(0.05)
    return found


@contextlib.contextmanager
def running(kernel, source):
    """Run a cell that goes on until it is interrupted, also where the test fails meanwhile."""
    kernel.start(source)
    try:
        yield
    finally:
        kernel.manager.interrupt_kernel()


def test_session_of_a_kernel_is_seen_as_it_goes(api, kernel):
    [session] = until(lambda: api.get("/sessions", kernel_id="1")["sessions"], bool)
    assert session["recording"]
    assert api.get("/sessions", kernel_id="2")["sessions"] == []
    address = f"/sessions/{session['id']}"

    kernel.run("import time, nbmlops\nrate = 0.1", cell_id="first")
    with running(kernel, "nbmlops.log_metric('loss', 0.5)\nprint('ready')\ntime.sleep(600)"):
        going = until(lambda: api.get(address), lambda page: page["run"] and page["run"]["metrics"])
        assert going["run"]["metrics"] == {"loss": 0.5}
        assert going["run"]["status"] == "running"
        *_, done, last = going["executions"]
        assert (done["cell_id"], done["outcome"], last["outcome"]) == ("first", "ok", "running")
        assert going["next"] == done["sequence"]

    after = until(
        lambda: api.get(address, after=going["next"]),
        lambda page: page["executions"] and page["executions"][0]["outcome"] != "running",
    )
    [ended] = after["executions"]
    assert (ended["id"], ended["outcome"]) == (last["id"], "interrupted")
    assert (ended["gave_result"], ended["runs"]) == (True, [going["run"]["id"]])
    assert after["next"] == ended["sequence"]
    assert api.get(address, after=after["next"])["executions"] == []


def test_stale_cells_are_told_with_reasons(api, kernel):
    kernel.run("base = 1", cell_id="base")
    kernel.run("twice = base * 2", cell_id="twice")
    kernel.run("base = 5", cell_id="base")
    [session] = api.get("/sessions", kernel_id="1")["sessions"]
    status = until(
        lambda: api.get(f"/sessions/{session['id']}")["status"],
        lambda found: any(entry["cell"] == "twice" for entry in found["stale"]),
    )
    [stale] = [entry for entry in status["stale"] if entry["cell"] == "twice"]
    assert stale["reasons"][0]["name"] == "base"
    assert stale["execution"] in status["run_again"]
