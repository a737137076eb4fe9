"""What every store promises to those who look again and again: a panel, say."""

import math
import subprocess
import sys
import textwrap

import pytest

from nbmlops.records import (
    Annotation,
    Content,
    Execution,
    Mark,
    Output,
    Point,
    Points,
    Run,
    Session,
    Stretch,
)
from nbmlops.store import open_store
from nbmlops.store.base import ExperimentTally, RunQuery, SessionQuery

SHOWN = (Output("stdout", (Content("text/plain", 2, "hi"),)),)


@pytest.fixture
def filled(store):
    """A store with two sessions, three runs and five executions."""
    store.save(
        [
            Session("s1", 1.0, "jupyter", "churn", "/n/a.ipynb", "k1", ended=9.0),
            Session("s2", 2.0, "jupyter", "spend", "/n/b.ipynb", "k1"),
            Session("s3", 3.0, "jupyter", "spend", "/n/a.ipynb", "k2"),
            *(Execution(f"e{n}", "s1", n, "f()", n, "c", outputs=SHOWN) for n in range(1, 6)),
            Run("r1", "s1", "churn", 1.0, status="finished", closed=5.0),
            Run("r2", "s1", "churn", 2.0, status="finished", closed=5.0),
            Run("r3", "s2", "spend", 3.0),
            Stretch("r1", 1, 3), Stretch("r1", 2, 3, gave_result=True),
            Stretch("r2", 1, 5), Stretch("r2", 5, 5, gave_result=True),
        ]
    )  # fmt: skip
    return store


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param({}, ["s3", "s2", "s1"], id="all, the latest first"),
        pytest.param({"kernel_id": "k1"}, ["s2", "s1"], id="of a kernel"),
        pytest.param({"notebook": "/n/a.ipynb"}, ["s3", "s1"], id="of a notebook"),
        pytest.param({"notebook": "/n/a.ipynb", "kernel_id": "k1"}, ["s1"], id="of both"),
        pytest.param({"limit": 1, "offset": 1}, ["s2"], id="a page"),
        pytest.param({"kernel_id": "k\udcff\0"}, [], id="no text"),
    ],
)
def test_sessions_are_found(filled, query, expected):
    assert [session.id for session in filled.sessions(SessionQuery(**query))] == expected


def test_experiments_are_counted_without_the_trash_in_one_query(filled, queries):
    filled.save([Mark("r1", "trashed", True, 6.0)])
    queries.clear()
    spend, churn = filled.experiments()
    assert (spend.name, spend.run_count, spend.latest) == ("spend", 1, 3.0)
    assert churn == ExperimentTally("churn", 1, 0, 2.0)
    assert len(queries) == 1


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        pytest.param({}, [1, 2, 3, 4, 5], id="all"),
        pytest.param({"limit": 2}, [1, 2], id="first page"),
        pytest.param({"after": 2, "limit": 2}, [3, 4], id="next page"),
        pytest.param({"after": 5}, [], id="behind the last"),
    ],
)
def test_executions_come_in_pages(filled, page, expected):
    of_session = filled.session_executions("s1", with_outputs=False, **page)
    of_run = filled.executions("r2", with_outputs=False, **page)
    assert [execution.sequence for execution in of_session] == expected
    assert [execution.sequence for execution, _ in of_run] == expected


def test_one_execution_of_a_run_is_read_with_its_outputs(filled):
    assert filled.execution("r1", "e3").outputs == SHOWN


@pytest.mark.parametrize(
    ("run", "execution"),
    [
        pytest.param("r1", "e4", id="of the session, not of the run"),
        pytest.param("r3", "e1", id="of another session"),
        pytest.param("r1", "x" * 100_000, id="endless"),
        pytest.param("nope", "e1", id="no run"),
    ],
)
def test_execution_that_a_run_does_not_contain_is_none(filled, run, execution):
    with pytest.raises(KeyError):
        filled.execution(run, execution)


def test_results_of_a_session_are_stretches_of_its_runs(filled):
    assert filled.results("s1") == [
        Stretch("r1", 2, 3, gave_result=True),
        Stretch("r2", 5, 5, gave_result=True),
    ]
    assert filled.results("s2") == []


def test_series_of_many_runs_are_those_of_each_in_one_query(filled, queries):
    values = [0.5, math.inf, *(float(n % 7) for n in range(100))]
    points = [Point(n, float(n), value) for n, value in enumerate(values)]
    filled.save(
        [
            *(Points.pack(run, name, 0, points[:50]) for run in ("r1", "r2") for name in "ab"),
            *(Points.pack(run, name, 1, points[50:]) for run in ("r1", "r2") for name in "ab"),
        ]
    )
    queries.clear()
    found = filled.series_of_runs(["r1", "r2", "r3"], ["a", "b", "none"], buckets=10)
    assert len(queries) == 1
    assert found == {
        (run, name): filled.series(run, name, buckets=10) for run in ("r1", "r2") for name in "ab"
    }


WRITES = [
    pytest.param([Annotation("r1", "note", "x", 5.0)], id="a note"),
    pytest.param([Mark("r1", "trashed", True, 5.0)], id="trash"),
    pytest.param([Execution("e9", "s1", 9, "f()", 9.0, "c")], id="an execution"),
    pytest.param([Points.pack("r3", "loss", 0, [Point(0, 1.0, 0.5)])], id="a measurement"),
]


@pytest.mark.parametrize("records", WRITES)
@pytest.mark.parametrize("by_other", [False, True], ids=["by itself", "by another"])
def test_change_is_another_one_when_something_was_saved(filled, url, records, by_other):
    before = filled.change()
    writer = open_store(url) if by_other else filled
    writer.save(records)
    if by_other:
        writer.close()
    assert filled.change() != before


def test_change_is_the_same_while_nothing_is_saved(filled):
    before = filled.change()
    filled.runs(RunQuery()), filled.experiments(), filled.session_executions("s1")
    assert filled.change() == before


def test_change_is_seen_of_another_process(filled, url):
    before = filled.change()
    script = f"""
        from nbmlops.records import Annotation
        from nbmlops.store import open_store
        store = open_store({url!r})
        store.save([Annotation("r1", "note", "x", 5.0)])
        store.close()
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=True, timeout=60)
    assert filled.change() != before
