"""Measurements compared with those of another execution."""

import math
from dataclasses import replace

import pytest

from nbmlops.records import Execution, Metric, Point, Run, RunSummary
from nbmlops.replaying.measuring import compared_metrics, compared_numbers
from nbmlops.replaying.traces import Series, Trace

NAN = math.nan


@pytest.mark.parametrize(
    ("before", "after", "rtol", "verdict", "words"),
    [
        pytest.param([0.5], [0.5], 0, "identical", "", id="same"),
        pytest.param([NAN], [NAN], 0, "identical", "", id="not a number"),
        pytest.param([NAN], [0.5], 0.1, "different", "", id="a number now"),
        pytest.param([0.0], [-0.0], 0, "equal", "", id="negative zero"),
        pytest.param([0.0], [1e-300], 0.9, "different", "", id="zero is near to nothing"),
        pytest.param([0.5], [0.5 + 1e-12], 0, "different", "", id="the last bits"),
        pytest.param([0.5], [0.5 + 1e-12], 1e-9, "within tolerance", "", id="within tolerance"),
        pytest.param([100.0], [101.0], 0.01, "within tolerance", "", id="at the tolerance"),
        pytest.param([100.0], [101.1], 0.01, "different", "", id="beyond the tolerance"),
        pytest.param([math.inf], [math.inf], 0.1, "identical", "", id="infinite"),
        pytest.param([1.0], [math.inf], 1.0, "different", "", id="infinite now"),
        pytest.param(
            [1.0, 2.0, 3.0], [1.0, 2.5, 3.0], 0, "different", "measurement 2 of 3", id="midway",
        ),
        pytest.param(
            [1.0, 2.0], [1.0], 0, "different", "1 measurement instead of 2", id="fewer",
        ),
        pytest.param([1.0], [], 0, "different", "it was not measured this time", id="none"),
        pytest.param(
            [1.0, 2.0], [1.0 + 1e-12, 2.0], 1e-9, "within tolerance", "", id="the worst counts",
        ),
    ],
)  # fmt: skip
def test_numbers_are_compared_bit_by_bit_unless_a_tolerance_is_given(
    before, after, rtol, verdict, words
):
    found = compared_numbers("auc", before, after, rtol)
    assert (found.verdict, found.words) == (verdict, words)


def test_numbers_that_look_the_same_are_written_in_full():
    found = compared_numbers("auc", [0.912345], [0.9123456], 0)
    assert (found.before, found.after) == ("0.912345", "0.9123456")


def execution(number, session="s"):
    return Execution(f"{session}{number}", session, number, "x", 10.0 * number, "c")


def series(*points, name=None):
    """Make the measurements of a run, each at a time."""
    run = Run(f"run {points}", "s", "e", 0.0, name=name)
    metric = replace(Metric.empty(run.id, "auc", "logged", None), last=points[-1][1])
    made = tuple(Point(step, *point) for step, point in enumerate(points))
    return Series(RunSummary(run, metrics=(metric,)), made)


def compared(recorded, again, executed=(1, 2, 3)):
    """Compare where execution N became N again."""
    before = Trace(tuple(map(execution, executed)), {}, {"auc": (recorded,)})
    new = {number: execution(number, "again") for number in executed}
    after = Trace(tuple(new.values()), {}, {"auc": tuple(again)})
    [found] = compared_metrics(before, after, {f"s{number}": new[number] for number in executed})
    return found.verdict


@pytest.mark.parametrize(
    ("recorded", "again", "verdict"),
    [
        pytest.param(
            series((25, 0.5)), [series((15, 0.4), (25, 0.5))], "identical",
            id="measured by another cell of the slice, too",
        ),
        pytest.param(
            series((25, 0.5)), [series((15, 0.5))], "different", id="measured by another cell",
        ),
        pytest.param(
            series((25, 0.5), name="b"), [series((25, 0.4), name="a"), series((26, 0.5), name="b")],
            "identical", id="the run of the same name",
        ),
        pytest.param(
            series((25, 0.5), name="a"), [series((25, 0.4), name="a"), series((26, 0.5), name="b")],
            "different", id="never one of another name",
        ),
        pytest.param(
            series((26, 0.5)), [series((25, 0.4)), series((26, 0.5))], "identical",
            id="one of several without names",
        ),
        pytest.param(series((25, 0.5)), [], "different", id="no run"),
    ],
)  # fmt: skip
def test_what_the_same_execution_measured_is_compared(recorded, again, verdict):
    assert compared(recorded, again) == verdict
