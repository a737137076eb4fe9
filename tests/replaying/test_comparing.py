"""What an execution wrote, compared with what it wrote again."""

import pytest

from nbmlops.fingerprint_records import value_record
from nbmlops.records import Execution, Names
from nbmlops.replaying.comparing import (
    Pair,
    compared_version,
    compared_versions,
    without_columns,
)
from nbmlops.replaying.traces import Trace, Version
from nbmlops.replaying.verdicts import worst
from tests.described import table


def data(*columns, rows=3, **fields):
    value = value_record(table(rows, *columns, **fields))
    return Version(value.digest, value)


FRAME = data("x float64 a", semantic="s", unordered="u")
UNSEEN = Version(None)
NUMBER = Version("1234abcd")


@pytest.mark.parametrize(
    ("before", "after", "verdict", "words"),
    [
        pytest.param(FRAME, FRAME, "identical", "", id="same data"),
        pytest.param(NUMBER, NUMBER, "identical", "", id="same value"),
        pytest.param(NUMBER, Version("ffff"), "different", "another value", id="other value"),
        pytest.param(
            FRAME, data("x float64 b", semantic="s", unordered="v"), "equal",
            "equal but for NaN or −0.0", id="semantically equal",
        ),
        pytest.param(
            FRAME, data("x float64 b", semantic="t", unordered="u"), "equal",
            "the same rows in another order", id="rows reordered",
        ),
        pytest.param(
            FRAME, data("x float64 b", rows=2), "different", "1 fewer row", id="fewer rows",
        ),
        pytest.param(
            data("x float64 a"), data("x float64 b"), "different", "column x not the same",
            id="without profiles",
        ),
        pytest.param(
            UNSEEN, FRAME, "not comparable",
            "it had changed before it was looked at, or could not be", id="not looked at",
        ),
        pytest.param(
            data("x float64 a", strength="opaque", reason="a lock"),
            data("x float64 a", strength="opaque", reason="a lock"),
            "not comparable", "a lock", id="opaque, though of one digest",
        ),
        pytest.param(
            FRAME, NUMBER, "different", "another value", id="data no more",
        ),
    ],
)  # fmt: skip
def test_versions_are_compared_by_what_is_known_of_them(before, after, verdict, words):
    found = compared_version("x", before, after)
    assert (found.verdict, found.words) == (verdict, words)


def test_data_that_looks_the_same_is_told_apart_by_its_digest():
    found = compared_version("x", data("x float64 a"), data("x float64 b"))
    assert found.before != found.after
    assert found.before.startswith("df 3×1 pandas.DataFrame ")


def execution(session, defined=(), touched=()):
    names = Names(defined=tuple(defined), touched=tuple(touched))
    return Execution(f"{session}1", session, 1, "x", 1.0, "c", names=names)


@pytest.mark.parametrize(
    ("defined", "touched", "again_defined", "again_touched", "verdict"),
    [
        pytest.param(["x"], [], [], [], "different", id="not written again"),
        pytest.param(["x"], [], ["x"], [], "not comparable", id="written, not looked at"),
        pytest.param([], ["x"], [], [], "not comparable", id="perhaps touched then"),
        pytest.param(["x"], [], [], ["x"], "not comparable", id="perhaps touched now"),
    ],
)
def test_a_name_that_one_of_both_tells_nothing_of(
    defined, touched, again_defined, again_touched, verdict
):
    was = execution("s", defined, touched)
    now = execution("t", again_defined, again_touched)
    before = Trace((was,), {was.id: {"x": NUMBER}})
    found = [*compared_versions(Pair(was, now), before, Trace((now,)), {"x"})]
    assert [(each.name, each.verdict) for each in found] == [("x", verdict)]


def test_what_is_needed_comes_first_and_what_was_not_executed_is_not_compared():
    was, now = execution("s", "ab"), execution("t", "ab")
    before = Trace((was,), {was.id: {"a": NUMBER, "b": NUMBER}})
    after = Trace((now,), {now.id: {"a": NUMBER, "b": NUMBER}})
    found = [*compared_versions(Pair(was, now), before, after, {"b"})]
    assert [(each.name, each.is_needed) for each in found] == [("b", True), ("a", False)]
    assert [*compared_versions(Pair(was, None), before, after, {"b"})] == []


@pytest.mark.parametrize(
    ("verdicts", "together"),
    [
        ([], None),
        (["identical", "equal"], "equal"),
        (["identical", "not comparable"], "not comparable"),
        (["not comparable", "different"], "different"),
        (["within tolerance", "identical"], "within tolerance"),
        (["different", "not run"], "not run"),
    ],
)
def test_the_worst_verdict_counts(verdicts, together):
    assert worst(verdicts) == together


def test_columns_are_left_out_of_both_to_be_compared():
    was = data("x float64 a", "u float64 b")
    now = data("x float64 a")
    other = data("x float64 c", "u float64 b")
    verdicts = [
        compared_version(
            "df", without_columns(was, columns), without_columns(each, columns)
        ).verdict
        for each, columns in ((now, {"u"}), (other, {"u"}), (now, {"x"}), (now, {"none"}))
    ]
    assert verdicts == ["identical", "different", "different", "different"]


def test_what_is_no_table_or_opaque_stays_what_it_is():
    opaque = data("x float64 a", "u float64 b", strength="opaque", reason="a lock")
    assert without_columns(NUMBER, {"u"}) == NUMBER
    found = compared_version("df", without_columns(opaque, {"u"}), without_columns(opaque, {"u"}))
    assert found.verdict == "not comparable"
