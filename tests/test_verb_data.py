"""``nbmlops data``: the data sets a store has seen, and one of them whole."""

import json
from dataclasses import replace

import click
import pandas
import pytest

import nbmlops
from nbmlops.completions import complete_data
from nbmlops.config import sqlite_url
from nbmlops.drawing.saved import saved
from nbmlops.drawing.terminal import plain
from nbmlops.errors import DataAmbiguous, DataNotFound, NbmlopsError, StoreMissing
from nbmlops.fingerprint_records import profile_records, value_record
from nbmlops.fingerprints.asking import fingerprint
from nbmlops.records import Execution, FileUse, Run, Session, Stretch, Use
from nbmlops.store import open_store
from nbmlops.verbs import group
from tests.described import array, table

FRAME = pandas.DataFrame({
    "delay": [2.5, 4.0, None, 11.0],
    "origin": ["JFK", "LGA", None, "JFK"],
    "day": pandas.to_datetime(["2013-01-01", "2013-01-03", "2013-01-05", "2013-01-07"]),
    "late\x1b[31m": [False, False, True, True],
})  # fmt: skip
FLIGHTS = fingerprint(FRAME, profile=True)
CLEAN = fingerprint(FRAME.dropna(), profile=True)
X = array(4, 3, size_bytes=96)
KEYS = (
    "digest kind class shape size_bytes strength reason names files runs executions first_seen "
    "last_seen"
).split()


def answer(*arguments):
    return group.main(["data", *arguments], prog_name="nbmlops", standalone_mode=False)


def as_json(*arguments):
    return json.loads(json.dumps(answer(*arguments, "--json").value.to_json(), allow_nan=False))


def as_text(*arguments, width=140):
    return plain(answer(*arguments).value.page(), width)


@pytest.fixture
def store(project):
    """A store of two runs: flights read from a file, cleaned; and only an array later."""
    opened = open_store(sqlite_url(project / ".nbmlops" / "store.db"))
    opened.save([
        Session("s1", 1.0, "jupyter", "churn", ended=9.0),
        *(Execution(f"e{n}", "s1", n, "x", 100.0 * n, f"c{n}") for n in range(1, 5)),
        Run("run1aaaa", "s1", "churn", 2.0, name="first", status="finished", closed=3.0),
        Run("run2bbbb", "s1", "churn", 4.0),
        Stretch("run1aaaa", 1, 2), Stretch("run2bbbb", 1, 1),
        *map(value_record, (FLIGHTS, CLEAN, X)), *profile_records(FLIGHTS),
        Use("e1", "df", "written", FLIGHTS.digest), FileUse("e1", "data/flights.csv", "read"),
        Use("e2", "df", "read", FLIGHTS.digest), Use("e2", "clean", "written", CLEAN.digest),
        Use("e4", "X", "read", X.digest),
    ])  # fmt: skip
    yield opened
    opened.close()


def test_data_is_listed_latest_first_with_stable_keys(store):
    found = as_json()
    assert found["total"] == 3
    assert [each["names"] for each in found["data"]] == [["X"], ["clean"], ["df"]]
    assert [[*each] for each in found["data"]] == [KEYS] * 3
    flights = found["data"][2]
    assert (flights["digest"], flights["kind"], flights["shape"]) == (
        FLIGHTS.digest, "frame", [4, 4],
    )  # fmt: skip
    assert (flights["files"], flights["runs"], flights["executions"]) == (
        ["data/flights.csv"], 2, 2,
    )  # fmt: skip
    assert (flights["first_seen"], flights["last_seen"]) == (
        "1970-01-01T00:01:40.000+00:00", "1970-01-01T00:03:20.000+00:00",
    )  # fmt: skip


def test_table_names_what_it_is_where_from_and_who_used_it(store):
    text = as_text()
    assert "3 data sets" in text
    line = next(line for line in text.splitlines() if FLIGHTS.digest[:8] in line)
    pieces = ["df 4×4", "pandas.DataFrame", " df ", "data/flights.csv", " 2 "]
    assert [piece for piece in pieces if piece not in line] == []
    assert "96 B" in text


def test_table_says_how_many_there_are_beyond_its_limit(store):
    assert "2 data sets of 3" in as_text("--limit", "2")


def test_table_keeps_its_first_columns_where_the_terminal_is_narrow(store):
    text = as_text(width=70)
    assert max(map(len, text.splitlines())) <= 70
    assert FLIGHTS.digest[:8] in text


def test_table_says_where_data_is_from_and_who_used_it_in_a_terminal_of_80_columns(store):
    line = next(line for line in as_text(width=80).splitlines() if FLIGHTS.digest[:8] in line)
    assert "data/flights.csv" in line
    assert line.split("data/flights.csv")[1].split()[0] == "2"


def test_table_cuts_paths_at_their_beginning(store):
    path = "/home/ada/project/.venv/lib/python3.12/site-packages/seaborn/penguins.csv"
    store.save([value_record(X), Use("e3", path, "read", X.digest)])
    assert "…/seaborn/penguins.csv" in as_text(width=200)


@pytest.mark.parametrize(
    "reference",
    ["df", FLIGHTS.digest, FLIGHTS.digest[:6], FLIGHTS.digest[:6].upper(),
     f"df:{FLIGHTS.digest[:4]}…", str(FLIGHTS), f"{FLIGHTS.digest[:8]}…"],
)  # fmt: skip
def test_one_is_found_by_name_digest_and_as_it_is_shown(store, reference):
    assert as_json(reference)["digest"] == FLIGHTS.digest


def test_one_is_shown_whole_under_stable_keys(store):
    found = as_json("df")
    assert [*found] == [*KEYS, "scheme", "unordered", "semantic", "columns", "columns_left_out",
                        "run_ids"]  # fmt: skip
    assert found["run_ids"] == ["run2bbbb", "run1aaaa"]
    columns = {each["name"]: each for each in found["columns"]}
    assert [each["type"] for each in found["columns"]] == [part.type for part in FLIGHTS.columns]
    delay = columns["delay"]["profile"]
    assert (delay["count"], delay["nulls"], delay["distinct"]) == (4, 1, 3)
    assert (delay["min"], delay["max"], delay["mean"]) == (2.5, 11.0, pytest.approx(17.5 / 3))
    assert columns["origin"]["profile"]["min"] is None


def test_one_is_drawn_with_its_columns_profile_runs_and_files(store):
    text = as_text("df")
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert lines[0].startswith(f"df {FLIGHTS.digest} df 4×4")
    assert "from data/flights.csv" in lines
    assert "used by 2 runs, 2 executions" in lines
    assert "delay float64 4 1 3 2.5 5.833 11 4.537" in lines
    assert "origin string 4 1 2" in lines
    assert any(
        line.startswith("day timestamp 4 0 4 2013-01-01 2013-01-04 2013-01-07 2 days")
        for line in lines
    )
    assert "\x1b" not in text
    assert any(line.startswith("run1aaaa first churn ✓ finished") for line in lines)


def test_one_without_a_profile_has_its_schema(store):
    text = as_text("clean")
    assert "origin" in text
    assert "nulls" not in text
    assert as_json("clean")["columns"][0]["profile"] == {}


def test_one_whose_profile_is_still_being_made_says_so(store):
    page = nbmlops.data("clean")
    assert "still looking" not in str(page)
    assert "no profile so far: still looking" in str(replace(page, is_looking=True))


def test_one_without_columns_has_no_such_table(store):
    text = as_text("X")
    assert "array 4×3" in text
    assert "Columns" not in text
    assert "Runs" not in text


def test_one_names_others_of_its_name(store):
    store.save([Use("e3", "df", "written", CLEAN.digest)])
    lines = [" ".join(line.split()) for line in as_text("df").splitlines()]
    assert lines[0].startswith(f"df, clean {CLEAN.digest}")
    assert f"same name {FLIGHTS.digest[:8]} (df 4×4)" in lines


def test_one_that_was_not_looked_at_as_a_whole_says_why(store):
    opaque = table(2, "a object x", strength="opaque", reason="a: a generator")
    store.save([value_record(opaque), Use("e3", "odd", "written", opaque.digest)])
    lines = [" ".join(line.split()) for line in as_text("odd").splitlines()]
    assert "looked at opaque" in lines
    assert "because a: a generator" in lines


def test_many_columns_are_counted_beyond_those_drawn(store):
    wide = table(2, *(f"g{number} float64 {number}" for number in range(2_005)))
    store.save([value_record(wide), Use("e3", "wide", "written", wide.digest)])
    text = as_text("wide")
    assert "and 1,940 more columns; --json has them" in text
    assert "5 columns beyond these are not listed in the store" in text
    assert "no profile: more than 2,000 columns" in text
    assert as_json("wide")["columns_left_out"] == 5


@pytest.mark.parametrize(
    ("reference", "error", "hint"),
    [
        pytest.param("flights", DataNotFound, "There is: X, clean, df", id="no such name"),
        pytest.param("claen", DataNotFound, r"Did you mean clean\?", id="misspelt"),
        pytest.param("0000:0000", DataNotFound, "0000", id="no such digest"),
        pytest.param("", DataNotFound, "There is", id="nothing"),
    ],
)
def test_data_that_is_not_there_is_answered_with_what_is(store, reference, error, hint):
    with pytest.raises(error, match=hint):
        answer(reference)


def test_beginning_of_several_digests_is_answered_with_them(store):
    for end in "ab":
        value = value_record(array(1, content=end))
        store.save([value.__class__(f"ffff{end}", "array", "x", "exact", value.document)])
        store.save([Use("e3", f"v{end}", "read", f"ffff{end}")])
    with pytest.raises(DataAmbiguous, match="ffffa, ffffb"):
        answer("ffff")


def test_without_a_store_there_is_no_data_yet_and_it_says_how_to_record_some(project):
    assert as_json() == {"total": 0, "data": []}
    assert as_text().startswith("no data yet. Put %load_ext nbmlops into a notebook")
    assert list(project.iterdir()) == []
    with pytest.raises(StoreMissing):
        answer("df")
    with pytest.raises(StoreMissing):
        answer("--store", "typo.db")


def test_a_store_without_data_says_so(project):
    store = open_store(sqlite_url(project / ".nbmlops" / "store.db"))
    store.save([Session("s1", 1.0, "jupyter", "churn", ended=9.0), Run("r1", "s1", "churn", 2.0)])
    store.close()
    assert as_text().startswith("no data yet.")
    with pytest.raises(DataNotFound, match="See: nbmlops data"):
        answer("df")
    assert group.main(["show"], "nbmlops", standalone_mode=False).value.to_json()["data"] == []


@pytest.mark.parametrize(
    ("begun", "offered"),
    [
        pytest.param("", ["X", "clean", "df"], id="names"),
        pytest.param("cl", ["clean"], id="begun name"),
        pytest.param(FLIGHTS.digest[:5], [FLIGHTS.digest], id="begun digest"),
        pytest.param("zz", [], id="nothing"),
    ],
)
def test_completion_offers_names_and_digests(store, begun, offered):
    context = click.Context(group.commands["data"])
    assert complete_data(context, context.command.params[0], begun) == offered


def test_completion_without_a_store_offers_nothing(project):
    context = click.Context(group.commands["data"])
    context.params["store"] = "typo.db"
    assert complete_data(context, context.command.params[0], "") == []


def test_python_gets_a_table_that_is_a_sequence_and_a_frame(store):
    found = nbmlops.data()
    assert len(found) == 3
    assert [each.names for each in found[1:]] == [("clean",), ("df",)]
    assert found[2].value.digest == FLIGHTS.digest
    assert repr(nbmlops.data(limit=1)) == "<DataTable of 1 data set, 3 in all>"
    frame = found.to_pandas()
    assert list(frame.index) == [each.value.digest for each in found]
    assert frame.loc[FLIGHTS.digest, "rows"] == 4
    assert frame.loc[FLIGHTS.digest, "files"] == ["data/flights.csv"]
    assert str(frame["last_seen"].dt.tz) == "UTC"
    assert nbmlops.data(limit=None).to_pandas().equals(frame)


def test_python_gets_a_page_with_its_columns_as_a_frame(store):
    found = nbmlops.data("df")
    assert repr(found) == f"<DataPage of {FLIGHTS}>"
    frame = found.to_pandas().set_index("name")
    assert list(frame.index) == [part.name for part in FLIGHTS.columns]
    assert frame.loc["delay", "max"] == 11.0
    assert frame.loc["origin", "nulls"] == 1
    assert list(nbmlops.data("clean").to_pandas()["count"].isna()) == [True] * 5


def test_no_data_is_a_frame_without_rows(project):
    frame = nbmlops.data().to_pandas()
    assert (len(frame), frame.index.name) == (0, "digest")


@pytest.mark.parametrize("arguments", [[], ["df"], ["X"]], ids=["table", "page", "array"])
def test_answer_draws_itself_in_a_notebook(store, arguments):
    value = answer(*arguments).value
    bundle = value._repr_mimebundle_()
    assert (bundle["text/html"], bundle["text/plain"]) == saved(value.page())


@pytest.mark.parametrize(
    "arguments", [["--limit", "0"], ["a", "b"], ["--frobnicate"]], ids=" ".join
)
def test_wrong_usage_is_a_usage_error(project, arguments):
    with pytest.raises(click.UsageError):
        answer(*arguments)


def test_help_has_examples(capsys):
    answer("--help")
    text = capsys.readouterr().out
    assert "nbmlops data flights" in text
    assert "[NAME|DIGEST]" in text


def test_every_error_is_one_of_ours(store, project):
    store.close()
    (project / ".nbmlops" / "store.db").write_bytes(b"no database, but long enough " * 5)
    for arguments in ([], ["df"]):
        with pytest.raises(NbmlopsError, match="is not a store"):
            answer(*arguments)
