"""Several writers, a locked store, a full disk: cells run on, nothing is lost."""

import sqlite3
import subprocess
import sys

import pytest

from nbmlops.config import sqlite_url
from tests.kernels import FLUSH, Kernel, clean_environment, metrics_of, runs_at

TRACKER = "__import__('nbmlops.tracking.current').tracking.current.tracker()"


@pytest.fixture
def fresh(tmp_path):
    (tmp_path / ".nbmlops").mkdir()
    with Kernel(tmp_path) as started:
        started.run("%load_ext nbmlops\nimport nbmlops, time")
        assert started.ask(FLUSH)
        yield started


BUSY = """
for number in range(20):
    with nbmlops.start_run(f"{name} {{number}}") as run:
        for step in range(200): run.log_metric("loss", step)
"""


def test_kernels_and_a_script_writing_at_once_lose_nothing(fresh, tmp_path):
    source = "import nbmlops\nprint('ready', flush=True)" + BUSY
    script = subprocess.Popen(
        [sys.executable, "-c", source.format(name="script")], cwd=tmp_path,
        env=clean_environment(), stdout=subprocess.DEVNULL,
    )  # fmt: skip
    with Kernel(tmp_path) as other:
        other.run("%load_ext nbmlops")
        other.start(source.format(name="other"))
        for line in BUSY.format(name="first"), BUSY.format(name="second"):
            assert fresh.run(line).status == "ok"
        assert other.ask(FLUSH)
    assert script.wait(120) == 0
    runs = fresh.runs()
    assert sorted(run.run.name for run in runs) == sorted(
        f"{name} {number}"
        for name in ("first", "second", "other", "script")
        for number in range(20)
    )
    assert {run.summary.metrics[0].count for run in runs} == {200}
    assert {run.run.status for run in runs} == {"finished"}


@pytest.fixture
def locked(fresh):
    """Hold the store's write lock until released."""
    connection = sqlite3.connect(fresh.url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()


def test_cells_do_not_wait_for_a_locked_store_and_nothing_is_lost(fresh, locked):
    # Each cell would wait for the lock, which is released only after all of them have run.
    for number in range(5):
        reply = fresh.run(f"auc = {number} / 10\nprint('cell', {number})", cell_id="same")
        assert reply.stdout == f"cell {number}\n"
        assert len(reply.lines) == 1
    reply = fresh.run("for step in range(1_000): nbmlops.log_metric('loss', step)")
    assert reply.status == "ok"
    assert reply.stderr == ""
    locked.execute("ROLLBACK")
    assert fresh.ask(FLUSH)
    runs = fresh.runs()
    assert [metrics_of(run)["auc"] for run in runs] == [0.0, 0.1, 0.2, 0.3, 0.4]
    assert runs[-1].summary.metrics[1].count == 1_000


def test_what_waits_for_a_locked_store_survives_kill_9(fresh, locked):
    fresh.run("auc = 0.9")
    fresh.run("for step in range(100): nbmlops.log_metric('loss', step)")
    fresh.ask("1")
    fresh.kill()
    locked.execute("ROLLBACK")
    [run] = runs_at(fresh.url)
    assert metrics_of(run) == {"auc": 0.9, "loss": 99.0}
    assert len(run.executions) == 3
    assert run.run.status == "interrupted"


@pytest.mark.parametrize("is_killed", [False, True], ids=["alive", "killed"])
def test_locked_store_can_be_read(fresh, locked, is_killed):
    # One who waits for the lock gives up with an error: it is held until he has.
    fresh.run("1")
    if is_killed:
        fresh.kill()
    done = subprocess.run(
        [sys.executable, "-m", "nbmlops", "runs", "--json", "--store", fresh.url],
        capture_output=True, text=True, env=clean_environment(), timeout=100, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert '"total": 0' in done.stdout


# What a thread tells is shown below the cell that started it: gather it in the kernel instead.
LISTEN = "import io, sys\n_stderr, sys.stderr = sys.stderr, io.StringIO()"
TOLD = "sys.stderr.getvalue().splitlines()"
# It is told when a cell ends, which may be before the thread knows of its trouble.
ENDS = "pass"  # one that is recorded: after others nothing is told


def test_full_disk_is_told_while_it_lasts_and_cells_run_on(fresh):
    fresh.quietly(LISTEN)
    fresh.quietly("get_ipython().history_manager.db_cache_size = 1_000")  # it would fail as well
    # Every write beyond this size fails in this process, as on a full disk.
    fresh.quietly(
        "import resource, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, resource.RLIM_INFINITY))"
    )
    for number in range(4):
        reply = fresh.run(f"auc = {number}\nprint('x' * 5_000)", cell_id="same")
        assert reply.status == "ok"
        assert reply.stdout == "x" * 5_000 + "\n"
    assert not fresh.ask(FLUSH.replace("flush()", "flush(timeout_seconds=0.5)"))
    fresh.run(ENDS)
    told = fresh.ask(TOLD)
    assert 1 <= len(told) <= 5  # of five cells, the first of which may end before it is known
    assert all("nbmlops cannot save now" in line for line in told)
    assert "in the memory of this process alone" in told[-1]
    fresh.quietly("resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)")
    assert fresh.ask(FLUSH)
    assert [metrics_of(run) for run in fresh.runs()] == [{"auc": float(n)} for n in range(4)]
    assert fresh.ask(TOLD) == told


def test_full_database_is_told_and_nothing_is_lost_when_it_has_space_again(fresh):
    fresh.quietly(LISTEN)
    limit = (
        "_connections = [{TRACKER}.writer.store.engine.connect() for _ in range(5)]\n"
        "for _connection in _connections:\n"
        "    _connection.exec_driver_sql('PRAGMA max_page_count = {pages}').scalar()\n"
        "    _connection.close()"
    )
    fresh.quietly(limit.format(TRACKER=TRACKER, pages=1))  # SQLite takes what it has for the least
    for number in range(3):
        reply = fresh.run(f"auc = {number}\nprint('x' * 50_000)", cell_id="same")
        assert reply.status == "ok"
    assert not fresh.ask(FLUSH.replace("flush()", "flush(timeout_seconds=0.5)"))
    fresh.run(ENDS)
    told = fresh.ask(TOLD)
    assert {"nbmlops cannot save now: the disk is full" in line for line in told} == {True}
    assert "All that was recorded is kept in" in told[-1]
    fresh.quietly(limit.format(TRACKER=TRACKER, pages=1_000_000))
    assert fresh.ask(FLUSH)
    assert [metrics_of(run) for run in fresh.runs()] == [{"auc": float(n)} for n in range(3)]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(lambda path: path.write_text("a text, and a long one " * 9),
                     "is not a store of nbmlops: it is not an SQLite database", id="text"),
        pytest.param(lambda path: path.mkdir(), "it is a folder", id="folder"),
        pytest.param(lambda path: newer(path), "written by a later version", id="newer schema"),
        pytest.param(lambda path: foreign(path), "is not a store of nbmlops", id="other database"),
    ],
)  # fmt: skip
def test_store_that_cannot_be_used_is_one_clear_line_and_the_notebook_goes_on(
    tmp_path, make, message
):
    make(tmp_path / "store.db")
    with Kernel(tmp_path, NBMLOPS_STORE=str(tmp_path / "store.db")) as kernel:
        reply = kernel.run("%load_ext nbmlops")
        assert reply.error == "UsageError"
        [line] = reply.stderr.splitlines()
        assert message in line
        assert kernel.run("1 + 1").status == "ok"


def newer(path):
    from nbmlops.store import open_store

    open_store(sqlite_url(path)).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.execute("PRAGMA user_version = 9999")
    connection.close()


def foreign(path):
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.commit()
    connection.close()
