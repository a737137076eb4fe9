"""Asking a store in SQL: what the views show, and that nothing but reading gets through."""

import math
import socket

import pytest

from nbmlops.canonical import now
from nbmlops.errors import SelectFailed, SelectTooSlow
from nbmlops.records import (
    Execution,
    Metric,
    Model,
    Param,
    Point,
    Points,
    Run,
    Session,
    Stretch,
    Tag,
    Use,
    Value,
)
from nbmlops.store.search_views import VIEWS


@pytest.fixture
def filled(store):
    host = socket.gethostname()
    store.save([
        Session("s1", 1.0, "jupyter", "churn", ended=9.0, host=host),
        Session("s2", 1.0, "jupyter", "churn", host="another host", heartbeat=1.0),
        Run("a", "s1", "churn", 1.0, "base", "finished", 3.5, user="ada"),
        Run("b", "s2", "churn", now() - 100, status="running"),
        Param.of("a", "lr", 0.1, "cell"), Param.of("a", "on", True, "cell"),
        Param.of("a", "kind", "x", "cell"),
        Metric("a", "auc", 0.9, 0.9, 0.9, 1, 0, 1.0), Metric("b", "auc", math.nan, 1, 1, 1, 0, 1.0),
        Points.pack("a", "auc", 0, [Point(0, 1.0, 0.5), Point(1, 2.0, math.nan)]),
        Points.pack("a", "auc", 1, [Point(2, 3.0, 0.9)]),
        Tag("a", "stage", "test"), Model("a", "model", "Forest", "{}"),
        Execution("x1", "s1", 1, "f()", 1.0, "k"), Stretch("a", 1, 1, gave_result=True),
        Use("x1", "df", "read", "d1"), Value("d1", "frame", "DataFrame", "exact", "{}", 10, 2),
    ])  # fmt: skip
    return store


def rows(store, statement, **options):
    options = {"limit": 1000, "timeout_seconds": 30.0} | options
    return [*store.select(statement, **options).rows]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("select id, status, duration from runs order by id",
         [("a", "finished", 2.5), ("b", "interrupted", None)]),
        ("select r.user, r.\"user\" from runs r where id = 'a'", [("ada", "ada")]),
        ("select name, value, number from params order by name",
         [("kind", "x", None), ("lr", "0.1", 0.1), ("on", "True", 1.0)]),
        ("select run_id, last from metrics order by run_id", [("a", 0.9), ("b", None)]),
        ("select step, time, value from points where name = 'auc' order by step",
         [(0, 1.0, 0.5), (1, 2.0, None), (2, 3.0, 0.9)]),
        ("select name, value from tags", [("stage", "test")]),
        ("select run_id, class_name from models", [("a", "Forest")]),
        ("select run_id, gave_result, sequence, source from executions", [("a", 1, 1, "f()")]),
        ("select run_id, name, digest, row_count from data", [("a", "df", "d1", 10)]),
        ("with big as (select * from metrics where last > 0.5) select run_id from big", [("a",)]),
        ("select count(*) from runs r join params p on p.run_id = r.id", [(3,)]),
        ("-- a comment\nselect 1;", [(1,)]),
    ],
)  # fmt: skip
def test_views_show(filled, statement, expected):
    assert rows(filled, statement) == expected


@pytest.mark.parametrize("view", VIEWS)
def test_view_has_the_columns_that_are_documented(filled, view):
    found = filled.select(f"select * from {view}", limit=1, timeout_seconds=30.0)
    assert " ".join(found.columns) == VIEWS[view]


@pytest.mark.parametrize(
    "statement",
    [
        "delete from main.runs",
        "update main.runs set name = 'x'",
        "insert into main.tags values ('a', 'b', 'c')",
        "drop table main.runs",
        "create table t (x)",
        "create temp table t (x)",
        "drop view temp.runs",
        "attach database '{folder}/other.db' as other",
        "vacuum into '{folder}/copy.db'",
        "pragma query_only = off",
        "pragma user_version = 9",
        "select 1; delete from main.runs",
        "begin immediate",
        "select load_extension('x')",
        "with gone as (delete from main.runs returning id) select * from gone",
        "",
        "nonsense",
        "select * from nowhere",
        "select '\ud800'",
        "select \0",
    ],
)
def test_what_is_not_reading_is_refused_and_changes_nothing(filled, tmp_path, statement):
    before = {path.name for path in tmp_path.rglob("*")}
    with pytest.raises(SelectFailed, match="There is: runs, params"):
        rows(filled, statement.format(folder=tmp_path))
    assert rows(filled, "select count(*) from runs") == [(2,)]
    assert {path.name for path in tmp_path.rglob("*")} == before


@pytest.mark.parametrize(
    "statement",
    [
        "select length(randomblob(1000000000))",
        "select length(zeroblob(500000000))",
        "with recursive n(x) as (select 1 union all select x + 1 from n limit 1000) "
        "select randomblob(10000000) from n",
    ],
    ids=["one value", "one of zeros", "many"],
)
def test_answer_that_would_fill_the_memory_is_refused(filled, statement):
    with pytest.raises(SelectFailed):
        rows(filled, statement)


def test_statement_that_never_ends_is_given_up(filled):
    endless = "with recursive n(x) as (select 1 union all select x + 1 from n) select max(x) from n"
    with pytest.raises(SelectTooSlow):
        rows(filled, endless, timeout_seconds=0.05)


def test_rows_beyond_the_limit_are_left_out_and_it_says_so(filled):
    found = filled.select("select name from params", limit=2, timeout_seconds=30.0)
    assert (len(found.rows), found.is_cut) == (2, True)
    assert not filled.select("select name from params", limit=3, timeout_seconds=30.0).is_cut
