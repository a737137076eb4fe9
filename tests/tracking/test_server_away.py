"""A server that is away while somebody works: nothing is lost, and nothing comes twice."""

import re
from contextlib import contextmanager

import psycopg
import pytest

from nbmlops import cli
from nbmlops.store import open_store
from nbmlops.store.base import RunQuery
from nbmlops.store.waiting import waiting
from nbmlops.tracking import doctoring
from tests.kernels import FLUSH, SESSION, Kernel
from tests.postgres import running_server


@pytest.fixture
def server():
    """A server of its own, that can be stopped."""
    with running_server() as started:
        yield started


@pytest.fixture
def url(server, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return f"{server.new_url()}&blobs=file://{tmp_path}/blobs"


@contextmanager
def recording(folder, url):
    with Kernel(folder, NBMLOPS_STORE=url) as kernel:
        kernel.run("%load_ext nbmlops\nimport nbmlops, pathlib")
        yield kernel


LOG = """
with nbmlops.start_run({name!r}) as run:
    for step in range(50):
        run.log_metric("loss", step, step=step)
    pathlib.Path("report").write_text({name!r})
    run.log_artifact("report")
"""


def in_store(url, session):
    """Return what a store has of a session: sources, and each run with its points and bytes."""
    store = open_store(url)
    store.settle()
    sources = [one.source for one in store.session_executions(session)]
    runs = {
        found.run.name: (
            found.run.status,
            [point.step for point in store.points(found.run.id, "loss")],
            [store.blobs.get(artifact.blob) for artifact in found.artifacts],
        )
        for found in store.runs(RunQuery())
    }
    wrong = [one.text for one in store.check() if not one.is_good]
    store.close()
    return sources, runs, wrong


def logged(*names):
    return {name: ("finished", [*range(50)], [name.encode()]) for name in names}


def test_what_is_recorded_while_a_server_is_away_is_there_once_when_it_is_back(
    server, url, tmp_path
):
    with recording(tmp_path, url) as kernel:
        session = kernel.ask(SESSION)
        kernel.run(LOG.format(name="before"))
        assert kernel.ask(FLUSH)
        server.stop()
        heard = [kernel.run(LOG.format(name=f"away {number}")) for number in range(3)]
        heard += [kernel.run(FLUSH), kernel.run("1 + 1")]
        said = "".join(reply.stderr for reply in heard)
        assert said.count("does not answer now") == 1
        assert "until it can be delivered" in said
        assert {reply.status for reply in heard} == {"ok"}
        assert waiting(url).records > 0
        server.start()
        kernel.run(LOG.format(name="after"))
        assert kernel.ask(FLUSH)
        assert waiting(url).records == waiting(url).blobs == 0
    sources, runs, wrong = in_store(url, session)
    names = ["before", "away 0", "away 1", "away 2"]
    assert sources[1:] == [*(LOG.format(name=name) for name in names), FLUSH, "1 + 1",
                           LOG.format(name="after")]  # fmt: skip
    assert (runs, wrong) == (logged(*names, "after"), [])


def test_what_a_killed_kernel_left_while_the_server_was_never_there_is_delivered_by_the_next_look(
    server, url, tmp_path
):
    server.stop()
    with recording(tmp_path, url) as kernel:
        session = kernel.ask(SESSION)
        kernel.run(LOG.format(name="alone"))
        kernel.run("2 + 2")
        kernel.kill()
        kernel.wait_for_death()
    away, waits = doctoring.doctor(store=url)
    assert (away.is_good, waits.subject, waiting(url).blobs) == (False, "waiting", 1)
    assert "records of 1 session and 1 blob" in waits.text
    server.start()
    for _ in range(2):
        sources, runs, wrong = in_store(url, session)
        assert sources[1:] == [LOG.format(name="alone"), "2 + 2"]
        assert (runs, wrong) == (logged("alone"), [])
    assert waiting(url).records == waiting(url).blobs == 0


def status_in(kernel):
    [shown] = kernel.run("%nbmlops status").of("execute_result")
    return " ".join(shown["data"]["text/plain"].split())


def test_a_kernel_says_at_once_that_a_server_is_away_and_how_much_waits(server, url, tmp_path):
    server.stop()
    with Kernel(tmp_path, NBMLOPS_STORE=url) as kernel:
        [line] = kernel.run("%load_ext nbmlops\nimport nbmlops, pathlib").lines
        assert "no answer from there yet: what is recorded waits on this machine" in line
        kernel.run(LOG.format(name="alone"))
        told = status_in(kernel)
        assert told.startswith("cells are recorded · postgresql://")
        assert re.search(
            r" does not answer \(.*\) · \d+ records on this machine until it does", told
        )
        refused = kernel.run("%nbmlops runs")
        assert "Is the server running" in refused.stderr
        server.start()
        assert kernel.ask(FLUSH)
        told = status_in(kernel)
        assert told.startswith("cells are recorded · ")
        assert "on this machine" not in told


def test_who_looks_from_outside_is_told_once_asked_once(server, url, capsys, monkeypatch):
    server.stop()
    asked = []
    connect = psycopg.connect
    monkeypatch.setattr(psycopg, "connect", lambda *a, **k: asked.append(1) or connect(*a, **k))
    assert cli.run(["runs", "--store", url]) == 2
    assert "Is the server running" in capsys.readouterr().err
    assert len(asked) <= 1
    assert cli.run(["status", "--store", url]) == 0
    assert "0 records on this machine until it does" in " ".join(capsys.readouterr().out.split())
