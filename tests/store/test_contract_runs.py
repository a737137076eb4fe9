"""What every store promises about finding runs; `nbmlops.store.base` says it in words."""

import math
import sqlite3
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nbmlops.canonical import new_id
from nbmlops.errors import RunAmbiguous, RunNotFound
from nbmlops.records import Artifact, Execution, Metric, Model, Param, Run, Session, Tag
from nbmlops.store.base import Order, RunQuery

SESSION = Session("s1", 1.0, "jupyter", "churn", ended=9.0)


def ids(store, **query):
    return [summary.run.id for summary in store.runs(RunQuery(**query))]


@pytest.fixture
def filled(store):
    """A store with four runs, opened in the order of their names."""
    store.save(
        [
            SESSION,
            replace(SESSION, id="s2"),
            Run("3kaa0", "s1", "churn", 1.0, name="base", status="finished", closed=5.0),
            Run("3kbb0", "s1", "churn", 2.0, name="tuned", status="failed", closed=2.5),
            Run("4kcc0", "s2", "spend", 3.0, name="base", status="running"),
            Run("5_%d0", "s2", "spend", 4.0, parent_id="4kcc0", status="finished", closed=6.0),
        ]
    )
    return store


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        pytest.param("3kaa0", "3kaa0", id="whole id"),
        pytest.param("3ka", "3kaa0", id="beginning"),
        pytest.param("3KA", "3kaa0", id="beginning in capitals"),
        pytest.param("4", "4kcc0", id="one character"),
        pytest.param("@1", "5_%d0", id="latest"),
        pytest.param("@4", "3kaa0", id="fourth latest"),
        pytest.param("tuned", "3kbb0", id="name"),
        pytest.param("base", "4kcc0", id="latest of the name"),
        pytest.param("5_", "5_%d0", id="underscore is no wildcard"),
        pytest.param("5_%", "5_%d0", id="percent is no wildcard"),
    ],
)
def test_a_run_is_found_as_people_refer_to_it(filled, reference, expected):
    assert filled.find_run(reference) == expected


@pytest.mark.parametrize(
    ("reference", "hint"),
    [
        pytest.param("zzz", "base, tuned", id="nothing alike"),
        pytest.param("tunde", "Did you mean tuned?", id="nearly a name"),
        pytest.param("@5", "@1 to @4", id="too far back"),
        pytest.param("@" + "9" * 40, "@1 to @4", id="farther back than there are numbers"),
        pytest.param("@0", "base", id="counting from zero"),
        pytest.param("@-1", "base", id="negative"),
        pytest.param("@", "base", id="no number"),
        pytest.param("", "base", id="nothing"),
        pytest.param("%", "base", id="wildcard"),
        pytest.param("_", "base", id="other wildcard"),
        pytest.param("\udcff", "base", id="no text"),
        pytest.param("x" * 100_000, "base", id="endless"),
        pytest.param("' OR 1=1 --", "base", id="SQL"),
    ],
)
def test_a_run_that_is_not_there_says_which_are(filled, reference, hint):
    with pytest.raises(RunNotFound) as caught:
        filled.find_run(reference)
    assert hint in str(caught.value)


def test_in_an_empty_store_no_run_is_found(store):
    for reference in ("@1", "abc"):
        with pytest.raises(RunNotFound):
            store.find_run(reference)


def test_a_beginning_of_several_ids_names_them(filled):
    with pytest.raises(RunAmbiguous) as caught:
        filled.find_run("3k")
    assert set(caught.value.found) == {"3kaa0", "3kbb0"}


def test_whole_id_goes_before_place_before_name_before_beginning(store):
    store.save(
        [
            SESSION,
            Run("abc", "s1", "x", 1.0, name="first"),
            Run("abcd", "s1", "x", 2.0, name="abc"),
            Run("xyz", "s1", "x", 3.0, name="@2"),
            Run("first0", "s1", "x", 4.0, name="ab"),
        ]
    )
    assert store.find_run("abc") == "abc"
    assert store.find_run("@2") == "xyz"
    assert store.find_run("@3") == "abcd"
    assert store.find_run("first") == "abc"
    assert store.find_run("ab") == "first0"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["5_%d0", "4kcc0", "3kbb0", "3kaa0"]),
        ({"experiment": "churn"}, ["3kbb0", "3kaa0"]),
        ({"experiment": "Churn"}, []),
        ({"status": "finished"}, ["5_%d0", "3kaa0"]),
        ({"status": "finished", "experiment": "churn"}, ["3kaa0"]),
        ({"session_id": "s2"}, ["5_%d0", "4kcc0"]),
        ({"parent_id": "4kcc0"}, ["5_%d0"]),
        ({"ids": ("3kaa0", "nowhere", "4kcc0")}, ["4kcc0", "3kaa0"]),
        ({"ids": ()}, []),
        ({"limit": 2}, ["5_%d0", "4kcc0"]),
        ({"limit": 2, "offset": 1}, ["4kcc0", "3kbb0"]),
        ({"offset": 3}, ["3kaa0"]),
        ({"offset": 9}, []),
        ({"limit": 0}, []),
    ],
    ids=str,
)
def test_conditions_narrow_down_and_limits_cut_off(filled, query, expected):
    assert ids(filled, **query) == expected
    conditions = {key: value for key, value in query.items() if key not in ("limit", "offset")}
    unlimited = expected if conditions == query else ids(filled, **conditions)
    assert filled.count_runs(RunQuery(**query)) == len(unlimited)


@pytest.mark.parametrize(
    ("field", "name", "ascending", "descending"),
    [
        ("opened", "", "abcde", "edcba"),
        ("closed", "", "cbaed", "ebacd"),
        ("duration", "", "cebad", "daebc"),
        ("name", "", "cbaed", "abced"),
        ("experiment", "", "dcbae", "eadcb"),
        ("status", "", "ecbad", "dbaec"),
        ("metrics", "auc", "bcaed", "cabed"),
        ("metrics", "nowhere", "edcba", "edcba"),
        ("params", "lr", "cabed", "acbed"),
        ("params", "nowhere", "edcba", "edcba"),
    ],
)
def test_runs_without_a_value_come_last_and_equal_ones_the_latest_first(
    store, field, name, ascending, descending
):
    metrics = {"a": 0.5, "b": -math.inf, "c": 0.5, "d": math.nan}
    params = {"a": 10, "b": "adaptive", "c": 9.5}
    store.save([
        SESSION,
        Run("a", "s1", "y", 1.0, name="n3", status="finished", closed=5.0),
        Run("b", "s1", "x", 2.0, name="n2", status="finished", closed=5.0),
        Run("c", "s1", "x", 3.0, name="n1", status="failed", closed=4.0),
        Run("d", "s1", "x", 4.0, status="running"),
        Run("e", "s1", "z", 5.0, status="failed", closed=8.0),
        *(Metric(run, "auc", last, last, last, 1, 0, 1.0) for run, last in metrics.items()),
        *(Param.of(run, "lr", value, "cell") for run, value in params.items()),
        Metric("e", "other", 9.0, 9.0, 9.0, 1, 0, 1.0),
    ])  # fmt: skip
    assert "".join(ids(store, order=Order(field, name, descending=False))) == ascending
    assert "".join(ids(store, order=Order(field, name, descending=True))) == descending


@given(st.lists(st.one_of(st.none(), st.floats()), max_size=8), st.booleans(), st.integers(1, 4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pages_of_an_order_put_together_are_the_whole(store, values, descending, size):
    session = replace(SESSION, id=new_id())
    runs = [Run(new_id(), session.id, "churn", float(number % 3)) for number in range(len(values))]
    store.save([session, *runs])
    store.save([
        Metric(run.id, "auc", value, value, value, 1, 0, 1.0)
        for run, value in zip(runs, values, strict=True)
        if value is not None
    ])  # fmt: skip
    query = {"session_id": session.id, "order": Order("metrics", "auc", descending=descending)}
    pages = [ids(store, limit=size, offset=start, **query) for start in range(0, 9, size)]
    assert [run for page in pages for run in page] == ids(store, **query)
    assert sorted(ids(store, **query)) == sorted(run.id for run in runs)


@pytest.mark.parametrize("count", [0, 1, 60])
def test_runs_take_six_queries_whatever_their_number(store, queries, count):
    store.save([SESSION, Execution("e1", "s1", 1, "x", 1.0, "c")])
    for number in range(count):
        run = f"r{number}"
        store.save([Run(run, "s1", "churn", 1.0), Param.of(run, "lr", 0.1, "cell"), Tag(run, "t")])
        store.save([Model(run, "m", "Forest", "{}", "e1"), Artifact(run, "a", "b", 1, "text/csv")])
        store.save([Metric(run, f"m{n}", 1.0, 1.0, 1.0, 1, 0, 1.0) for n in range(3)])
    queries.clear()
    found = store.runs(RunQuery())
    assert len(found) == count
    assert all(len(one.metrics) == 3 and one.models and one.artifacts for one in found)
    assert len(queries) <= 6


def test_more_runs_than_one_statement_has_variables_for_come_all(store, queries):
    with store.engine.connect() as connection:
        database = connection.connection.driver_connection
        if isinstance(database, sqlite3.Connection):  # the limit until SQLite 3.32
            database.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)
    count = 1_203
    store.save([SESSION, *(Run(f"r{number}", "s1", "x", 1.0) for number in range(count))])
    store.save([Tag(f"r{number}", "t", str(number)) for number in range(count)])
    queries.clear()
    found = store.runs(RunQuery(limit=None))
    assert len(queries) <= 6
    assert {one.run.id: one.tags[0].value for one in found} == {
        f"r{number}": str(number) for number in range(count)
    }
