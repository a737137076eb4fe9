"""What every store promises about data; `nbmlops.store.base` says it in words."""

import sqlite3
from dataclasses import replace
from itertools import permutations

import pytest

from nbmlops.errors import DataAmbiguous, DataNotFound
from nbmlops.records import (
    DATA_KINDS,
    DataSet,
    Execution,
    FileUse,
    Profile,
    Run,
    Session,
    Stretch,
    Use,
    Value,
)
from nbmlops.store.base import DataQuery, RunQuery

SESSION = Session("s1", 1.0, "jupyter", "churn", ended=9.0)


def value(digest, kind="frame", **fields):
    return Value(digest, kind, f"pandas.{kind}", "exact", "{}", **fields)


def execution(number, started=None):
    return Execution(f"e{number}", "s1", number, "x", started or float(number), f"c{number}")


FLIGHTS = value("f11aaaaa", row_count=300, column_count=19, size_bytes=4_000)


@pytest.fixture
def filled(store):
    """Flights read from a file, cleaned, and used again later by a second run."""
    store.save([
        SESSION, *map(execution, range(1, 6)),
        Run("r1", "s1", "churn", 1.0), Run("r2", "s1", "churn", 2.0),
        Stretch("r1", 1, 3), Stretch("r2", 1, 1), Stretch("r2", 4, 4),
        FLIGHTS, value("f11bbbbb"), value("0123abcd", "array"), value("9999", "model"),
        value("cafe", "column"),
        Use("e1", "df", "written", "f11aaaaa"), FileUse("e1", "b.csv", "read", "bb"),
        FileUse("e1", "a.csv", "read"), FileUse("e1", "out.csv", "written"),
        Use("e2", "df", "read", "f11aaaaa"), Use("e2", "clean", "written", "f11bbbbb"),
        Use("e3", "clean", "read", "f11bbbbb"), Use("e3", "model", "written", "9999"),
        Use("e3", "pending", "written"),
        Use("e4", "flights", "written", "f11aaaaa"), FileUse("e4", "c.csv", "read"),
        Use("e5", "X", "read", "0123abcd"), FileUse("e5", "d.csv", "read"),
    ])  # fmt: skip
    return store


def digests(store, **query):
    return [found.value.digest for found in store.data(DataQuery(**query))]


def test_data_is_what_was_used_the_latest_first(filled):
    assert digests(filled) == ["0123abcd", "f11aaaaa", "f11bbbbb"]
    assert filled.count_data(DataQuery()) == 3


def test_a_data_set_says_its_names_the_files_it_first_came_from_and_its_users(filled):
    assert filled.data(DataQuery(digests=("f11aaaaa",))) == [
        DataSet(
            FLIGHTS, names=("flights", "df"), files=("a.csv", "b.csv"), run_count=2,
            execution_count=3, first_seen=1.0, last_seen=4.0,
        )
    ]  # fmt: skip


def test_data_that_was_never_written_came_from_no_file(filled):
    (found,) = filled.data(DataQuery(name="X"))
    assert (found.names, found.files, found.run_count) == (("X",), (), 0)


def test_a_file_is_a_data_set_under_its_path(filled):
    filled.save([value("bb", "file", size_bytes=7), Use("e3", "path", "read", "bb")])
    (found,) = filled.data(DataQuery(kinds=("file",)))
    assert (found.names, found.files) == (("path", "b.csv"), ())
    assert (found.run_count, found.execution_count, found.first_seen) == (2, 2, 1.0)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param({"limit": 2}, ["0123abcd", "f11aaaaa"], id="limit"),
        pytest.param({"limit": 1, "offset": 1}, ["f11aaaaa"], id="second page"),
        pytest.param({"limit": 5, "offset": 3}, [], id="beyond the end"),
        pytest.param({"name": "df"}, ["f11aaaaa"], id="name"),
        pytest.param({"name": "d"}, [], id="not by a part of a name"),
        pytest.param({"name": "pending"}, [], id="not looked at"),
        pytest.param({"name": "model"}, [], id="no data"),
        pytest.param({"kinds": ("model",)}, ["9999"], id="other kinds"),
        pytest.param({"digests": ("f11bbbbb", "cafe", "?")}, ["f11bbbbb"], id="digests"),
        pytest.param({"digests": ()}, [], id="none"),
    ],
)
def test_data_is_chosen_by(filled, query, expected):
    assert digests(filled, **query) == expected
    counted = DataQuery(**{**query, "limit": None, "offset": 0})
    assert filled.count_data(DataQuery(**query)) == len(filled.data(counted))


PACKAGE = "/py/lib/python3.12/site-packages/sklearn/iris.csv"


def test_files_of_packages_are_left_out_where_they_are_not_wanted(store):
    store.save([
        SESSION, execution(1), value("aaaa", "file"), value("bbbb", "file"), FLIGHTS,
        FileUse("e1", PACKAGE, "read", "aaaa"),
        FileUse("e1", f"{PACKAGE}.gz", "read", "bbbb"), FileUse("e1", "iris.csv", "read", "bbbb"),
        Use("e1", "site-packages/df", "written", "f11aaaaa"),
    ])  # fmt: skip
    assert set(digests(store)) == {"aaaa", "bbbb", "f11aaaaa"}
    assert set(digests(store, packages=False)) == {"bbbb", "f11aaaaa"}
    assert store.count_data(DataQuery(packages=False)) == 2


@pytest.mark.parametrize("kind", DATA_KINDS)
def test_every_kind_of_data_is_listed(store, kind):
    store.save([SESSION, execution(1), value("aa", kind), Use("e1", "x", "written", "aa")])
    assert digests(store) == ["aa"]


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        pytest.param("f11aaaaa", "f11aaaaa", id="whole digest"),
        pytest.param("f11b", "f11bbbbb", id="beginning"),
        pytest.param("F11B", "f11bbbbb", id="beginning in capitals"),
        pytest.param("df", "f11aaaaa", id="name"),
        pytest.param("clean", "f11bbbbb", id="other name"),
        pytest.param("X", "0123abcd", id="name of one character"),
    ],
)
def test_data_is_found_as_people_refer_to_it(filled, reference, expected):
    assert filled.find_data(reference) == expected


def test_the_latest_that_had_a_name_is_meant(filled):
    filled.save([execution(6), Use("e6", "df", "written", "f11bbbbb")])
    assert filled.find_data("df") == "f11bbbbb"


def test_a_name_wins_over_the_beginning_of_a_digest(filled):
    filled.save([execution(6), Use("e6", "f11b", "written", "f11aaaaa")])
    assert filled.find_data("f11b") == "f11aaaaa"


@pytest.mark.parametrize(
    ("reference", "hint"),
    [
        pytest.param("flihgts", "Did you mean flights?", id="misspelt"),
        pytest.param("f11", r"There is: X, b\.csv, clean, df", id="too short a beginning"),
        pytest.param("pending", "There is", id="not looked at"),
        pytest.param("cafe", "There is", id="described and never used"),
        pytest.param("9999", "There is", id="no data"),
        pytest.param("f11_", "There is", id="underscore is no wildcard"),
        pytest.param("", "There is", id="nothing"),
    ],
)
def test_data_that_is_not_there_is_answered_with_what_is(filled, reference, hint):
    with pytest.raises(DataNotFound, match=hint):
        filled.find_data(reference)


def test_the_beginning_of_several_digests_is_answered_with_them(filled):
    filled.save([execution(6), value("f11abbbb"), Use("e6", "y", "read", "f11abbbb")])
    with pytest.raises(DataAmbiguous, match="f11aaaaa, f11abbbb"):
        filled.find_data("f11a")


def test_runs_are_found_by_the_data_they_used(filled):
    used = {
        digest: {one.run.id for one in filled.runs(RunQuery(used=digest))}
        for digest in ("f11aaaaa", "f11bbbbb", "0123abcd", "bb", "nowhere")
    }
    assert used == {
        "f11aaaaa": {"r1", "r2"}, "f11bbbbb": {"r1"}, "0123abcd": set(), "bb": {"r1", "r2"},
        "nowhere": set(),
    }  # fmt: skip


@pytest.mark.parametrize("count", [1, 20])
def test_data_takes_five_queries_whatever_its_amount(store, queries, count):
    store.save([SESSION])
    for number in range(1, count + 1):
        store.save([execution(number), value(f"aa{number}"), FileUse(f"e{number}", "a", "read")])
        store.save([Use(f"e{number}", f"x{n}", "written", f"aa{number}") for n in range(3)])
    queries.clear()
    assert len(store.data(DataQuery(limit=50))) == count
    assert len(queries) <= 5


def test_more_data_than_one_statement_has_variables_for_comes_all(store):
    with store.engine.connect() as connection:
        database = connection.connection.driver_connection
        if isinstance(database, sqlite3.Connection):  # the limit until SQLite 3.32
            database.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)
    count = 1_203
    all_digests = [f"d{number}" for number in range(count)]
    store.save([SESSION, *map(value, all_digests), *(Profile(each, "{}") for each in all_digests)])
    store.save([execution(number) for number in range(1, count + 1)])
    store.save([Use(f"e{n}", f"x{n}", "written", f"d{n - 1}") for n in range(1, count + 1)])
    assert {one.value.digest: one.names for one in store.data(DataQuery())} == {
        f"d{n - 1}": (f"x{n}",) for n in range(1, count + 1)
    }
    assert {*store.values(all_digests)} == {*store.profiles(all_digests)} == {*all_digests}
    assert len(store.uses([f"e{n}" for n in range(1, count + 1)])) == count


KNOWN, LATER = replace(FLIGHTS, document="[1]"), replace(FLIGHTS, document="[2]")
PROFILED = replace(FLIGHTS, document="[3]", is_profiled=True)
AGAIN = replace(FLIGHTS, document="[4]", is_profiled=True)
LOOKED_AT, NOT_YET = Use("e1", "df", "read", "f11aaaaa"), Use("e1", "df", "read")
OTHER = replace(LOOKED_AT, digest="f11bbbbb")
FILE, NO_FILE = FileUse("e1", "a", "read", "bb", 7, 1.5), FileUse("e1", "a", "read", reason="gone")


@pytest.mark.parametrize("at_once", [True, False], ids=["in one batch", "one by one"])
@pytest.mark.parametrize(
    ("records", "stays"),
    [
        pytest.param([KNOWN, LATER], KNOWN, id="a value stays"),
        pytest.param([KNOWN, PROFILED, LATER], PROFILED, id="a profiled value completes it"),
        pytest.param([PROFILED, AGAIN], PROFILED, id="a profiled value stays"),
        pytest.param([Profile("c", "[1]"), Profile("c", "[2]")], Profile("c", "[1]"), id="profile"),
        pytest.param([NOT_YET, LOOKED_AT], LOOKED_AT, id="a use is looked at later"),
        pytest.param([LOOKED_AT, NOT_YET], LOOKED_AT, id="a digest stays"),
        pytest.param([LOOKED_AT, OTHER], OTHER, id="a later digest wins"),
        pytest.param([FILE, NO_FILE], FILE, id="a file's digest stays, and what came with it"),
        pytest.param([NO_FILE, FILE], FILE, id="a file is looked at later"),
        pytest.param([FILE, replace(FILE, digest="cc", size_bytes=None)],
                     replace(FILE, digest="cc", size_bytes=None), id="a file as a whole"),
    ],
)  # fmt: skip
def test_what_is_known_of_data_is_never_lost_again(store, records, stays, at_once):
    store.save([SESSION, execution(1)])
    for batch in [records] if at_once else [[record] for record in records]:
        store.save(batch)
    asked = {
        Value: lambda: [*store.values(["f11aaaaa"]).values()],
        Profile: lambda: [*store.profiles(["c"]).values()],
        Use: lambda: store.uses(["e1"]),
        FileUse: lambda: store.file_uses(["e1"]),
    }
    assert asked[type(stays)]() == [stays]


def test_the_order_in_which_data_and_its_uses_are_given_does_not_matter(store):
    batch = [SESSION, execution(1), LOOKED_AT, FLIGHTS]
    for order in permutations(batch):
        store.save(order)
        assert digests(store) == ["f11aaaaa"]


def test_uses_come_by_execution_name_and_role(filled):
    filled.save([Use("e1", "df", "read"), Use("e1", "a", "written")])
    found = [(use.execution_id, use.name, use.role) for use in filled.uses(["e2", "e1", "e1"])]
    assert found == [
        ("e1", "a", "written"), ("e1", "df", "read"), ("e1", "df", "written"),
        ("e2", "clean", "written"), ("e2", "df", "read"),
    ]  # fmt: skip
    paths = [(use.path, use.role) for use in filled.file_uses(["e4", "e1"])]
    assert paths == [("a.csv", "read"), ("b.csv", "read"), ("out.csv", "written"),
                     ("c.csv", "read")]  # fmt: skip
