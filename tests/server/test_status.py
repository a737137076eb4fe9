"""States that a store can be in, and whether what was asked before is still so."""

import gzip
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

import nbmlops
from nbmlops.records import Annotation, Point, Points, Run, Session
from nbmlops.server import answering, stores
from nbmlops.store import open_store, sqlite
from nbmlops.store.probing import SCHEMA_NUMBER

OLD = Path(__file__).parents[1] / "store" / "stores" / "0001.sql"
LISTS = ["/runs", "/runs/count", "/names?kind=tags", "/experiments", "/data", "/sessions"]


@pytest.fixture
def file(project):
    return project / ".nbmlops" / "store.db"


def state(api):
    return api.get("/status")["state"]


def test_status_says_what_is_looked_into(api, runs):
    status = api.get("/status")
    assert (status["version"], status["state"]) == (nbmlops.__version__, "ready")
    assert int(status["schema"]) == SCHEMA_NUMBER
    assert status["change"]


# No store yet


def test_where_nothing_was_recorded_nothing_is_made(api, project, file):
    assert state(api) == "missing"
    assert not file.exists()


@pytest.mark.parametrize("address", ["/runs", "/runs/count", "/experiments", "/data", "/sessions"])
def test_lists_are_empty_where_nothing_was_recorded(api, project, address):
    assert all(not value for value in api.get(address).values())


def test_run_of_no_store_is_a_problem_with_what_to_type(api, project):
    problem = api.problem(404, "/runs/@1")
    assert (problem["code"], problem["hint"]) == ("StoreMissing", "%load_ext nbmlops")


def test_store_that_comes_is_found_and_one_that_goes_is_missed(api, recorded, project, file):
    assert state(api) == "missing"
    shutil.copytree(recorded / ".nbmlops", project / ".nbmlops", dirs_exist_ok=True)
    assert len(api.get("/runs")["runs"]) == 3
    for path in file.parent.glob("store.db*"):
        path.unlink()
    assert state(api) == "unusable"
    assert "is gone" in api.get("/status")["problem"]


def test_another_file_in_its_place_is_looked_into(api, runs, file):
    assert len(api.get("/runs")["runs"]) == 3
    for path in file.parent.glob("store.db*"):
        path.unlink()
    store = open_store(f"sqlite:///{file}")
    store.save([Session("s", 1.0, "script", "new"), Run("r", "s", "new", 1.0, name="alone")])
    store.close()
    assert [row["name"] for row in api.get("/runs")["runs"]] == ["alone"]


# Stores that cannot be read


def newer(file):
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.execute("PRAGMA user_version = 9999")
    connection.close()


@pytest.mark.parametrize("was_open", [True, False], ids=["was open", "was not"])
def test_store_of_a_later_version_is_told(api, runs, file, was_open):
    if was_open:
        assert state(api) == "ready"
    newer(file)
    problem = api.problem(409, "/runs/wide", "PATCH", body={"note": "into the unknown"})
    assert problem["code"] == "StoreTooNew"
    status = api.get("/status")
    assert (status["state"], status["change"]) == ("too_new", None)
    assert "9999" in status["problem"]
    assert api.problem(409, "/runs")["code"] == "StoreTooNew"
    with sqlite3.connect(file) as connection:
        assert connection.execute(
            "SELECT count(*) FROM runs WHERE note IS NOT NULL"
        ).fetchone() == (0,)
    connection.close()


def test_file_that_is_no_store_is_told(api, project, file):
    file.write_text("x" * 5000)
    assert state(api) == "unusable"
    assert api.problem(409, "/runs")["code"] == "NotAStore"


def test_store_that_another_process_upgrades_is_waited_for(api, project, file, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr(stores, "_FAILED_SECONDS", 0.0)
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(OLD.read_text(encoding="utf-8"))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("BEGIN IMMEDIATE")
    assert state(api) == "upgrading"
    assert api.problem(503, "/runs")["code"] == "StoreUpgrading"
    assert api.ask("GET", "/runs").headers["Retry-After"]
    connection.execute("ROLLBACK")
    connection.close()
    assert state(api) == "ready"


def test_store_that_could_not_be_opened_is_not_tried_by_everybody(api, project, file, monkeypatch):
    opened = []

    def failing(url):
        opened.append(url)
        raise stores.StoreUnavailable(url, "away")

    file.touch()
    monkeypatch.setattr(stores, "store_to_read", failing)
    for _ in range(5):
        assert api.problem(503, "/runs")["code"] == "StoreUnavailable"
    assert [url for url in opened if project.name in url] == [f"sqlite:///{file}"]


def test_settings_that_cannot_be_read_are_told(api, runs):
    (runs / "pyproject.toml").write_text("[tool.nbmlops]\nstroe = 'x'\n")
    assert "Did you mean store" in api.problem(400, "/runs")["message"]


def test_other_stores_are_named_by_the_environment_and_the_project(api, runs, project, monkeypatch):
    (project / "pyproject.toml").write_text("[tool.nbmlops]\nstore = 'other/store.db'\n")
    assert state(api) == "missing"
    monkeypatch.setenv("NBMLOPS_STORE", str(runs / ".nbmlops" / "store.db"))
    assert len(api.get("/runs")["runs"]) == 3


def test_passwords_are_not_told(api, project, monkeypatch):
    monkeypatch.setenv("NBMLOPS_STORE", "postgresql://ada:hidden@127.0.0.1:1/runs")
    status = api.get("/status")
    assert status["state"] == "away"
    problem = api.problem(503, "/runs")
    assert "hidden" not in json.dumps([status, problem])
    assert "postgresql://ada@127.0.0.1:1/runs" in status["store"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_read_only_store_is_read_and_not_written(api, runs, file):
    file.chmod(0o400)
    file.parent.chmod(0o500)
    try:
        assert len(api.get("/runs")["runs"]) == 3
        assert api.problem(403, "/runs/@1", "PATCH", body={"note": "x"})
    finally:
        file.parent.chmod(0o700)


# Is it still so?


@pytest.mark.parametrize("address", ["/status", "/runs", "/runs/wide", "/runs/wide/notebook"])
def test_what_has_not_changed_is_not_sent_again(api, runs, address, monkeypatch):
    monkeypatch.setattr(answering, "now", lambda: 1_000_000.0)
    first = api.ask("GET", address)
    again = api.ask("GET", address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    store = open_store(f"sqlite:///{runs}/.nbmlops/store.db")
    run_id = store.find_run("wide")
    store.save([Annotation(run_id, "note", "of another process", time.time())])
    store.close()
    changed = api.ask("GET", address, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_nothing_is_said_to_be_the_same_for_longer_than_a_minute(api, runs, monkeypatch):
    monkeypatch.setattr(answering, "now", lambda: 1_000_000.0)
    tag = api.ask("GET", "/runs").headers["ETag"]
    monkeypatch.setattr(answering, "now", lambda: 1_000_061.0)
    assert api.ask("GET", "/runs", headers={"If-None-Match": tag}).status == 200


def test_notebook_that_was_saved_is_looked_at_again(api, runs, monkeypatch):
    monkeypatch.setattr(answering, "now", lambda: 1_000_000.0)
    notebook, path = runs / "a.ipynb", f"{runs.name}/a.ipynb"
    notebook.write_text("{}")
    tag = api.ask("GET", "/sessions", path=path).headers["ETag"]
    assert api.ask("GET", "/sessions", path=path, headers={"If-None-Match": tag}).status == 304
    os.utime(notebook, (1, 1))
    assert api.ask("GET", "/sessions", path=path, headers={"If-None-Match": tag}).status == 200


def test_run_of_a_killed_process_is_interrupted_at_the_next_look(api, project, monkeypatch):
    monkeypatch.setattr(answering, "now", lambda: 1_000_000.0)
    script = """
        import nbmlops, sys, time
        run = nbmlops.start_run("going on")
        run.log_metric("loss", 1.0)
        from nbmlops.tracking import current
        current.tracker().flush()
        print("ready", flush=True)
        time.sleep(600)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    process = subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    first = api.ask("GET", "/runs")
    assert [row["status"] for row in first.document["runs"]] == ["running"]
    [session] = api.get("/sessions")["sessions"]
    assert session["recording"]
    assert api.get(f"/sessions/{session['id']}")["run"]["metrics"] == {"loss": 1.0}
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    again = api.ask("GET", "/runs", headers={"If-None-Match": first.headers["ETag"]})
    assert [row["status"] for row in again.document["runs"]] == ["interrupted"]
    assert not api.get(f"/sessions/{session['id']}")["recording"]


def test_large_answers_are_compressed_where_that_is_understood(api, runs):
    points = [Point(step, float(step), step / 7) for step in range(2_000)]
    store = open_store(f"sqlite:///{runs}/.nbmlops/store.db")
    store.save([Points.pack(store.find_run("wide"), "long", 0, points)])
    store.close()
    plain = api.ask("GET", "/runs/wide/series/long")
    packed = api.ask("GET", "/runs/wide/series/long", headers={"Accept-Encoding": "gzip"})
    assert plain.headers["Content-Encoding"] is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2
