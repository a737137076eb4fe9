"""What belongs to which execution, where several run at once; and what linking them costs."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest

from nbmlops.canonical import new_id, now
from nbmlops.cells.names import names_of
from nbmlops.cells.sources import source_key
from nbmlops.config import Settings, sqlite_url
from nbmlops.records import Execution, Session
from nbmlops.store import probing
from nbmlops.tracking.script import Script
from nbmlops.tracking.tracker import Tracker
from tests.kernels import metrics_of, runs_at


class Cells:
    """A tracker that is told of cells by hand."""

    def __init__(self, folder):
        self.url = sqlite_url(folder / "store.db")
        probing.probe(self.url)
        session = Session(new_id(), now(), "jupyter", "cells", pid=1)
        self.tracker = Tracker(session, self.url, Settings(), folder, lambda spans: None)
        self.tracker.quiet = True
        self.tracker.follow_threads()
        self._count = 0

    def start(self, source):
        self._count += 1
        execution = Execution(
            f"e{self._count}", self.tracker.session.id, self._count, source, now(),
            source_key(source),
        )  # fmt: skip
        self.tracker.execution_started(execution)
        return execution

    def end(self, execution, namespace=None):
        ended = replace(
            execution, names=names_of(execution.source), outcome="ok", duration_seconds=0.0
        )
        self.tracker.execution_ended(ended, namespace or {})
        self.tracker.execution_completed(ended)

    def log(self, name, value):
        self.tracker.runs.take_metrics({name: value}, "logged")

    def runs(self):
        """End the session; return by run its metrics with who gave them, and its executions."""
        self.tracker.end()
        return [
            (
                {metric.name: metric.execution_id for metric in run.summary.metrics},
                {execution.id: link.gave_result for execution, link in run.executions},
            )
            for run in runs_at(self.url)
        ]


@pytest.fixture
def cells(tmp_path):
    made = Cells(tmp_path)
    yield made
    made.tracker.end()


@pytest.fixture
def subshell():
    with ThreadPoolExecutor(1) as pool:
        yield lambda work, *arguments: pool.submit(work, *arguments).result(30)


def in_new_thread(work, *arguments):
    thread = threading.Thread(target=work, args=arguments)
    thread.start()
    thread.join(30)


@pytest.mark.parametrize("ends_first", ["main", "other"])
def test_metrics_belong_to_the_cell_that_logs_them_beside_another(cells, subshell, ends_first):
    main = cells.start("main = 1")
    other = subshell(cells.start, "other = 1")
    cells.log("auc", 0.5)
    subshell(cells.log, "f1", 0.5)
    if ends_first == "main":
        cells.end(main)
        subshell(cells.end, other)
    else:
        subshell(cells.end, other)
        cells.end(main)
    assert cells.runs() == [({"auc": "e1", "f1": "e2"}, {"e1": True, "e2": True})]


def test_a_cell_that_only_runs_beside_one_with_a_result_is_not_in_the_run(cells, subshell):
    main = cells.start("main = 1")
    cells.log("auc", 0.5)
    subshell(cells.end, subshell(cells.start, "other = 1"))
    cells.end(main)
    assert cells.runs() == [({"auc": "e1"}, {"e1": True})]


def test_threads_log_for_the_cell_that_started_them(cells, subshell):
    main = cells.start("main = 1")
    other = subshell(cells.start, "other = 1")
    in_new_thread(cells.log, "auc", 0.5)
    subshell(in_new_thread, cells.log, "f1", 0.5)
    subshell(cells.end, other)
    cells.end(main)
    assert cells.runs() == [({"auc": "e1", "f1": "e2"}, {"e1": True, "e2": True})]


def test_a_pool_of_an_earlier_cell_logs_for_the_one_that_runs(cells, subshell):
    first = cells.start("pool = 1")
    subshell(int)
    cells.end(first)
    second = cells.start("use = 1")
    subshell(cells.log, "auc", 0.5)
    cells.end(second)
    assert cells.runs() == [({"auc": "e2"}, {"e2": True})]


def test_a_run_opened_by_hand_is_its_cells_own(cells, subshell):
    """The metrics that another cell binds meanwhile are taken as ever."""
    main = cells.start("main = 1")
    run = cells.tracker.runs.open("by hand")
    run.finish()
    other = subshell(cells.start, "auc = 0.5")
    subshell(cells.end, other, {"auc": 0.5})
    cells.end(main)
    assert [metrics for metrics, _ in cells.runs()] == [{}, {"auc": "e2"}]


def test_linking_follows_each_execution_once(cells):
    followed = 0

    class Counting(dict):
        def get(self, *arguments):
            nonlocal followed
            followed += 1
            return super().get(*arguments)

    cells.tracker._lineage._dependencies._inputs = Counting()
    cells.end(cells.start("x = 1"))
    with cells.tracker.runs.open("long"):
        for _ in range(100):
            execution = cells.start("x += 1")
            cells.log("auc", 0.5)
            cells.end(execution)
    [(_, linked)] = cells.runs()
    assert len(linked) == followed == 101


def test_a_result_that_is_lost_at_its_cells_end_is_linked_later(cells, monkeypatch):
    first = cells.start("x = 1")
    cells.log("auc", 0.5)

    def fails(*_):
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(cells.tracker.runs._results, "take_params", fails)
        with pytest.raises(ZeroDivisionError):
            cells.end(first)
    second = cells.start("y = 1")
    cells.log("f1", 0.5)
    cells.end(second)
    [(_, linked)] = cells.runs()
    assert linked == {"e1": True, "e2": True}


def test_a_script_may_end_in_another_thread_than_it_began_in(cells):
    script = Script(cells.tracker.session.id, None)
    in_new_thread(cells.tracker.begin_script, script)
    cells.log("auc", 0.5)
    cells.tracker.end()
    [run] = runs_at(cells.url)
    assert metrics_of(run) == {"auc": 0.5}
    [(execution, link)] = run.executions
    assert (execution.id, execution.outcome, link.gave_result) == (script.execution.id, "ok", True)


LATE = "hunterZ2x9q"


def files_with(folder, word):
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and word.encode() in path.read_bytes()
    ]


@pytest.mark.parametrize("more", ["", "# so long\n" * 9_000], ids=["short", "long"])
def test_of_a_secret_that_a_cell_tells_at_its_end_nothing_stays(cells, tmp_path, more):
    execution = cells.start(f"login = {LATE!r}\npassword = login\n{more}")
    cells.tracker.flush()
    assert files_with(tmp_path, LATE)  # nothing tells it yet
    cells.end(execution, {"login": LATE, "password": LATE})
    cells.tracker.flush()
    assert files_with(tmp_path, LATE) == []


def test_what_stays_of_a_secret_while_somebody_reads_goes_afterwards(cells, tmp_path, monkeypatch):
    execution = cells.start(f"login = {LATE!r}\npassword = login")
    cells.tracker.flush()
    monkeypatch.setattr("nbmlops.store.sqlite.BUSY_SECONDS", 0.01)
    with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM executions").fetchone()
        cells.end(execution, {"login": LATE, "password": LATE})
        cells.tracker.flush()
        assert files_with(tmp_path, LATE) == ["store.db-wal"]
    cells.tracker.writer._do_idle()
    assert files_with(tmp_path, LATE) == []
