from dataclasses import replace

import pandas as pd
import pytest

from nbmlops.comparison import compare_runs
from nbmlops.data_changes import columns_to_compare, data_changes
from nbmlops.fingerprint_records import profile_records
from nbmlops.fingerprints.asking import fingerprint
from nbmlops.records import DataUse, FileUse, Run, RunDetail, RunSummary
from tests.described import array, frame, part, value_record

RAW = frame(9, "delay float64 d", "origin string o")
FEWER = frame(7, "delay float64 d2", "origin string o2")
CLEAN = frame(8, "delay float64 d3", "origin string o3")
X, X_FEWER = value_record(array(9, 2)), value_record(array(7, 2))
UNCLEAR = value_record(array(9, 2, strength="opaque", reason="a generator"))
CONFIG = FileUse("e1", "config.json", "read", "aa", 10)


def used(name, value, role="input", written_in=1, files=()):
    return DataUse(name, value, role, written_in, (), tuple(files))


def detail(number, *data, files=(), name=None):
    run = Run(f"run{number}", "session", "churn", 100.0 + number, name=name)
    return RunDetail(RunSummary(run), data=data, files=tuple(files))


def compared(*sides, profiles=None):
    return data_changes([detail(place, *side) for place, side in enumerate(sides)], profiles)


@pytest.mark.parametrize(
    ("before", "after", "changes", "same"),
    [
        pytest.param([], [], [], [], id="no data"),
        pytest.param([used("df", RAW)], [used("df", RAW)], [], ["df"], id="the same"),
        pytest.param(
            [used("df", RAW)],
            [used("df", FEWER)],
            [("df", "changed", RAW, FEWER)],
            [],
            id="changed",
        ),
        pytest.param([used("df", RAW)], [], [("df", "removed", RAW, None)], [], id="removed"),
        pytest.param([], [used("df", RAW)], [("df", "added", None, RAW)], [], id="added"),
        pytest.param(
            [used("df", RAW)], [used("flights", RAW)], [], [], id="the same under another name"
        ),
        pytest.param(
            [used("df", RAW)],
            [used("df", RAW), used("alias", RAW)],
            [],
            ["df"],
            id="the same under a second name",
        ),
        pytest.param(
            [used("df", RAW)],
            [used("flights", FEWER)],
            [("df", "removed", RAW, None), ("flights", "added", None, FEWER)],
            [],
            id="other data under another name",
        ),
        pytest.param(
            [used("df", RAW, written_in=1), used("df", CLEAN, "derived", 2)],
            [used("df", CLEAN, "derived", 2), used("df", RAW, written_in=1)],
            [],
            ["df"],
            id="several values in the order of their writing",
        ),
        pytest.param(
            [used("df", RAW), used("df", CLEAN, "derived", 2)],
            [used("df", RAW), used("df", FEWER, "derived", 2)],
            [("df", "changed", CLEAN, FEWER)],
            [],
            id="the later of two differs",
        ),
        pytest.param(
            [used("df", RAW), used("df", CLEAN, "derived", 2)],
            [used("df", FEWER), used("df", X, "derived", 2)],
            [("df", "changed", RAW, FEWER)],
            [],
            id="the first that differs is told",
        ),
        pytest.param(
            [used("df", RAW)],
            [used("df", RAW), used("df", FEWER, "derived", 2)],
            [("df", "changed", RAW, FEWER)],
            [],
            id="changed once more at the end",
        ),
        pytest.param(
            [used("x", UNCLEAR)],
            [used("x", UNCLEAR)],
            [("x", "unclear", UNCLEAR, UNCLEAR)],
            [],
            id="not looked at as a whole",
        ),
    ],
)
def test_data_is_matched_by_name(before, after, changes, same):
    found = compared(before, after)
    assert [(each.name, each.change, each.before, each.after) for each in found.changes] == changes
    assert list(found.same) == same


def test_inputs_come_before_what_is_derived():
    found = compared(
        [used("X", X, "derived"), used("df", RAW)],
        [used("X", X_FEWER, "derived"), used("df", FEWER)],
    )
    assert [(each.name, each.role) for each in found.changes] == [
        ("df", "input"), ("X", "derived"),
    ]  # fmt: skip


def test_every_run_is_compared_with_the_first():
    found = compared([used("df", RAW)], [used("df", FEWER)], [used("df", RAW)], [used("df", CLEAN)])
    assert [(each.run, each.name) for each in found.changes] == [(1, "df"), (3, "df")]
    assert found.same == ()


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        pytest.param([CONFIG], [CONFIG], [], id="the same"),
        pytest.param(
            [CONFIG], [replace(CONFIG, digest="bb")], [("config.json", "changed")], id="changed"
        ),
        pytest.param([CONFIG], [], [("config.json", "removed")], id="not read"),
        pytest.param([CONFIG], [replace(CONFIG, path="c.json")], [], id="read from elsewhere"),
        pytest.param([replace(CONFIG, digest=None)], [CONFIG], [("config.json", "added")],
                     id="not looked at"),
        pytest.param(
            [replace(CONFIG, role="written")], [replace(CONFIG, role="written", digest="bb")], [],
            id="written",
        ),
    ],
)  # fmt: skip
def test_files_that_are_behind_no_data_are_matched_by_path(before, after, changed):
    found = data_changes([detail(1, files=before), detail(2, files=after)])
    assert [(each.name, each.change) for each in found.changes] == changed


def test_a_file_behind_data_is_told_by_the_data():
    sides = [
        detail(1, used("df", RAW, files=[CONFIG]), files=[CONFIG]),
        detail(2, used("df", FEWER, files=[replace(CONFIG, digest="bb")]),
               files=[replace(CONFIG, digest="bb")]),
    ]  # fmt: skip
    assert [each.name for each in data_changes(sides).changes] == ["df"]


@pytest.mark.parametrize(
    ("before", "after", "sentences"),
    [
        pytest.param([used("df", RAW)], [used("df", RAW)], [], id="nothing"),
        pytest.param([used("df", RAW)], [], [], id="removed"),
        pytest.param([used("x", UNCLEAR)], [used("x", UNCLEAR)], [], id="unclear"),
        pytest.param(
            [used("df", RAW)], [used("df", FEWER)], ["df: 2 fewer rows"], id="one data set"
        ),
        pytest.param(
            [used("df", RAW), used("X", X, "derived")],
            [used("df", FEWER), used("X", X_FEWER, "derived")],
            ["df: 2 fewer rows"],
            id="what is derived follows from the inputs",
        ),
        pytest.param(
            [used("df", RAW), used("X", X, "derived")],
            [used("df", RAW), used("X", X_FEWER, "derived")],
            ["X: 2 fewer rows"],
            id="what is derived from the same inputs in another way",
        ),
        pytest.param(
            [used("X", X, "derived")],
            [used("X", X_FEWER, "derived")],
            ["X: 2 fewer rows"],
            id="only what is derived",
        ),
        pytest.param(
            [used(name, RAW) for name in "abcdefg"],
            [*(used(name, FEWER) for name in "abcde"), used("f", CLEAN), used("g", X)],
            ["a, b, c and 2 more: 2 fewer rows", "f: 1 fewer row", "1 other data set not the same"],
            id="many",
        ),
    ],
)
def test_sentence_tells_the_inputs_that_changed(before, after, sentences):
    assert list(compared(before, after).sentences()) == sentences


def test_comparison_says_it_beside_the_causes_and_in_json():
    found = compare_runs([detail(1, used("df", RAW)), detail(2, used("df", FEWER))])
    assert found.sentence == "df: 2 fewer rows: no metric differs"
    [change] = found.to_json()["data"]
    assert (change["run"], change["name"], change["change"]) == ("run2", "df", "changed")
    assert (change["before"]["shape"], change["after"]["shape"]) == ([9, 2], [7, 2])
    assert change["words"] == ["9 → 7 rows"]
    assert [(each["name"], each["change"]) for each in change["columns"]] == [
        ("delay", "changed"), ("origin", "changed"),
    ]  # fmt: skip
    assert found.data[0].headline == "df: 2 fewer rows"


def test_comparison_of_the_same_data_says_so():
    found = compare_runs([detail(1, used("df", RAW)), detail(2, used("df", RAW))])
    assert found.sentence == "same parameters, data, code and packages: no metric differs"
    assert found.to_json()["data"] == []
    assert "Data\nall the same" in str(found)


def test_comparison_of_runs_without_data_does_not_speak_of_it():
    found = compare_runs([detail(1), detail(2)])
    assert "Data" not in str(found)
    assert found.to_json()["data"] == []


def test_comparison_draws_inputs_in_full_and_three_lines_of_the_rest():
    wide = frame(9, *(f"c{number} int64 x" for number in range(9)), "kept int64 k")
    other = frame(8, "kept int32 k", "z bool z", "i int64 i index")
    found = compare_runs([
        detail(1, used("df", wide), used("X", wide, "derived"), used("y", X), used("old", RAW),
               name="base"),
        detail(2, used("df", other), used("X", other, "derived"), used("y", X), name="new"),
    ])  # fmt: skip
    text = str(found)
    lines = [line.strip() for line in text.splitlines()]
    assert sum(line.startswith("X") for line in lines) == 1
    assert any(line.startswith("df") and "9 → 8 rows" in line for line in lines)
    of_derived = lines[next(place for place, line in enumerate(lines) if line.startswith("X")) :]
    assert of_derived[3] == "and 2 more changes; --json has them"
    assert "in base, not in new: old" in lines
    assert "1 the same" in lines


def test_profiles_are_wanted_of_columns_of_data_that_changed():
    details = [detail(1, used("df", RAW)), detail(2, used("df", FEWER)), detail(3, used("df", RAW))]
    names = "delay float64 d", "delay float64 d2", "origin string o", "origin string o2"
    assert columns_to_compare(details) == [part(name).digest for name in names]
    assert columns_to_compare([]) == columns_to_compare(details[:1]) == []


def test_how_far_distributions_are_apart_is_in_the_json_as_figures_with_their_errors():
    before, after = (
        fingerprint(pd.DataFrame({"x": [*range(100)], "y": [*"ab"] * 50, "z": 1}), profile=True),
        fingerprint(pd.DataFrame({"x": [*range(50)] * 2, "y": ["a"] * 100, "z": 1}), profile=True),
    )
    profiles = {
        record.digest: record for found in (before, after) for record in profile_records(found)
    }
    sides = [[used("df", value_record(found))] for found in (before, after)]
    [change] = compared(*sides, profiles=profiles).to_json(["r1", "r2"])
    x, y = (column["distances"] for column in change["columns"])
    assert x["kolmogorov_smirnov"] == {"value": pytest.approx(0.5), "error": 0.0, "reason": None}
    assert x["wasserstein"]["value"] == pytest.approx(25)
    assert y["total_variation"]["value"] == pytest.approx(0.5)
    assert y["chi_squared"]["statistic"]["value"] == pytest.approx(200 / 3)
    assert y["kolmogorov_smirnov"]["reason"]
    drawn = [column["distributions"] for column in change["columns"]]
    assert (drawn[0]["ends"], sum(drawn[0]["after"][:12])) == (
        ["0", "99"],
        pytest.approx(1, abs=0.01),
    )
    assert drawn[1] == {"edges": [], "ends": [], "before": [0.5, 0.5, 0], "after": [1, 0, 0]}
    [silent] = compared(*sides).to_json(["r1", "r2"])
    for key in ("distances", "distributions"):
        assert [column[key] for column in silent["columns"]] == [None, None]
