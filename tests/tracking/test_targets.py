"""Which executions gave what is asked for: metrics, runs, variables, outputs of cells."""

from dataclasses import replace

import pytest

from nbmlops.errors import ExecutionNotFound, MetricNotFound, VariableNotFound
from nbmlops.records import Execution, Metric, Names, Run, RunSummary
from nbmlops.tracking.targets import (
    cell_target,
    measured_in,
    metric_target,
    run_target,
    until_next_run,
    variable_target,
    written_names,
)


def cells(*names, **fields):
    """Make a session of cells that take a second each, by what they did: ``+a ~b -c a``."""
    made = []
    for number, text in enumerate(names, 1):
        parts = {"+": [], "~": [], "-": [], "": []}
        for word in text.split():
            parts[word[0] if word[0] in parts else ""].append(word.lstrip("+~-"))
        did = Names(*(tuple(parts[sign]) for sign in ("+", "", "~", "-")))
        made.append(Execution(
            f"e{number}", "s", number, text, float(number), f"c{number}", names=did,
            duration_seconds=0.5, outcome="ok", **fields,
        ))  # fmt: skip
    return made


def summary(*metrics, **fields):
    found = tuple(
        Metric("r", name, 0.5, 0.5, 0.5, 1, 0, 1.0, execution_id=given)
        for name, given in metrics
    )  # fmt: skip
    return RunSummary(Run("r", "s", "x", 1.0, **fields), metrics=found)


AUC, LOSS = ("auc", "e2"), ("loss", None)


@pytest.mark.parametrize(
    ("name", "times", "givers", "expected"),
    [
        pytest.param("auc", [], ["e2"], {"e2"}, id="once"),
        pytest.param("auc", [], ["e2", "e3"], {"e2"}, id="other results beside it"),
        pytest.param("auc", [1.2, 2.1, 2.2], ["e1", "e2"], {"e1", "e2"}, id="in two cells"),
        pytest.param("auc", [1.2, 3.9], ["e1", "e3"], {"e1", "e2", "e3"}, id="the last counts"),
        pytest.param("auc", [1.2, 2.1], ["e2"], {"e2"}, id="a cell that gave the run nothing"),
        pytest.param("loss", [1.0], ["e1"], {"e1"}, id="told by its times alone"),
        pytest.param("loss", [0.5], ["e1"], set(), id="before anything was recorded"),
    ],
)
def test_all_executions_that_measured_a_metric_are_behind_it(name, times, givers, expected):
    target = metric_target(summary(AUC, LOSS), name, times, cells("", "", ""), givers)
    assert target.executions == expected
    assert target.words == f"metric {name}"
    assert (target.notes != ()) == (len(expected) > 1)


def test_a_metric_of_several_cells_says_how_they_are_known():
    target = metric_target(summary(AUC), "auc", [1.1, 2.1], cells("", ""), ["e1", "e2"])
    assert target.notes == ("measured in [1], [2], by the times of its points",)


def test_a_metric_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(MetricNotFound, match=r"Did you mean auc\?"):
        metric_target(summary(AUC, LOSS), "acu", [], [], [])


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ([], set()),
        ([0.9], set()),
        ([1.0], {"e1"}),
        ([1.9], {"e1"}),
        ([3.0, 1.5], {"e1", "e3"}),
        ([99.0], {"e3"}),
    ],
    ids=lambda given: str(sorted(given)),
)
def test_a_time_is_of_the_execution_that_had_begun_last(times, expected):
    assert measured_in(times, cells("", "", "")) == expected


@pytest.mark.parametrize(
    ("status", "outcomes", "givers", "expected"),
    [
        pytest.param("finished", "ok ok", {"e1"}, {"e1"}, id="what gave it results"),
        pytest.param("failed", "ok error", {"e1"}, {"e1"}, id="failed after a result"),
        pytest.param("failed", "error ok error", set(), {"e3"}, id="failed without one"),
        pytest.param("finished", "error", set(), set(), id="no result"),
        pytest.param("failed", "ok", set(), set(), id="failed outside of cells"),
    ],
)
def test_behind_a_run_is_what_gave_it_results_or_else_its_failure(
    status, outcomes, givers, expected
):
    executions = [
        replace(each, outcome=outcome)
        for each, outcome in zip(cells(*outcomes.split()), outcomes.split(), strict=True)
    ]
    target = run_target(summary(status=status), executions, givers)
    assert target.executions == expected
    assert target.words == ("failure of run r" if expected == {"e3"} else "run r")


@pytest.mark.parametrize(
    ("session", "expected"),
    [
        (["+x", "+y"], "e1"),
        (["+x", "+x"], "e2"),
        (["+x", "~x"], "e2"),
        (["+x", "x"], "e1"),
        (["+x", "-x", "+x"], "e3"),
        (["~x"], "e1"),
    ],
    ids=str,
)
def test_a_variable_is_as_its_last_writer_left_it(session, expected):
    target = variable_target("x", cells(*session))
    assert (target.executions, target.words) == ({expected}, "variable x")


@pytest.mark.parametrize(
    ("session", "says"),
    [
        pytest.param(["+df", "+model"], "no recorded execution wrote a variable 'dff'. Did you "
                     "mean df?", id="misspelt"),
        pytest.param(["+dff", "-dff"], r"'dff' was not there any more: \[2\] deleted it",
                     id="deleted"),
        pytest.param(["+df", "dff"], r"wrote 'dff'; \[2\] found it there already", id="older"),
        pytest.param([], "no recorded execution wrote a variable 'dff'.", id="nothing recorded"),
    ],
)  # fmt: skip
def test_a_variable_that_is_not_there_says_why(session, says):
    with pytest.raises(VariableNotFound, match=says):
        variable_target("dff", cells(*session))


def test_written_names_are_those_still_there_the_latest_first():
    assert written_names(cells("+a +b", "+c", "-c", "~a")) == ["a", "b"]


def test_a_cell_is_found_by_its_number_in_the_session():
    shown = [replace(each, execution_count=each.sequence + 2) for each in cells("", "")]
    target = cell_target(2, shown)
    assert (target.executions, target.words) == ({"e2"}, "output of [4] #2")
    with pytest.raises(ExecutionNotFound, match=r"no execution 4. There is 1 to 2"):
        cell_target(4, shown)
    with pytest.raises(ExecutionNotFound, match="Nothing was recorded"):
        cell_target(1, [])


def run(name, opened, parent=None):
    return Run(name, "s", "x", opened, parent_id=parent)


@pytest.mark.parametrize(
    ("runs", "givers", "expected"),
    [
        pytest.param([run("r", 2.0)], {"e2"}, 5, id="the latest run"),
        pytest.param([run("r", 2.0), run("next", 4.0)], {"e2"}, 3, id="automatic, with a cell"),
        pytest.param([run("r", 2.0), run("next", 4.2)], {"e2"}, 3, id="by hand, within a cell"),
        pytest.param([run("r", 2.0), run("next", 4.7)], {"e2"}, 4, id="between two cells"),
        pytest.param([run("old", 1.0), run("r", 2.0)], {"e2"}, 5, id="runs of before"),
        pytest.param([run("r", 2.1), run("next", 2.2)], {"e2"}, 2, id="both in one cell"),
        pytest.param([run("r", 2.0), run("a", 3.0, "r"), run("b", 3.1, "a"), run("n", 5.0)],
                     {"e2"}, 4, id="runs inside it"),
        pytest.param([run("out", 1.0), run("r", 2.0, "out"), run("n", 3.0, "out")],
                     {"e2"}, 2, id="beside it inside another"),
    ],
)  # fmt: skip
def test_a_run_lasts_until_the_next_one_of_its_session(runs, givers, expected):
    [this] = [each for each in runs if each.id == "r"]
    session = cells("", "", "", "", "")
    assert len(until_next_run(this, runs, session, givers)) == expected


def test_an_execution_whose_clock_ran_over_is_still_before_the_one_that_follows():
    session = [replace(each, duration_seconds=1.1) for each in cells("", "", "")]
    found = until_next_run(run("r", 1.0), [run("r", 1.0), run("n", 3.0)], session, {"e1"})
    assert len(found) == 2
