import pytest

from nbmlops.records import (
    Execution,
    Metric,
    Run,
    RunDetail,
    RunExecution,
    RunSummary,
    Session,
)
from nbmlops.tracking.details import RunPage


@pytest.mark.parametrize(
    ("execution_count", "shown"),
    [pytest.param(7, "[7]", id="prompt"), pytest.param(None, "[3]", id="its place without one")],
)
def test_cell_has_the_number_that_the_notebook_shows(execution_count, shown):
    run = Run("r", "s", "e", 1.0)
    cell = Execution("x", "s", 3, "auc = 0.5", 1.0, "key", execution_count=execution_count)
    metric = Metric("r", "auc", 0.5, 0.5, 0.5, 1, 0, 0.0, execution_id="x")
    page = RunPage(RunDetail(RunSummary(run, metrics=(metric,)), ((cell, RunExecution("r", "x")),)))
    assert str(page).count(shown) == 2
    [written] = page.to_json()["executions"]
    assert (written["sequence"], written["execution_count"]) == (3, execution_count)


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        ("running", "packages, git    not known yet"),
        ("interrupted", "packages, git    unknown: the process ended before they were kept"),
        ("finished", None),
    ],
)
def test_a_run_without_its_environment_says_why(status, shown):
    session = Session("s", 1.0, "jupyter", "e", python="3.12.1")
    summary = RunSummary(Run("r", "s", "e", 1.0, status=status))
    drawn = str(RunPage(RunDetail(summary, session=session)))
    assert ("Environment" in drawn) == (shown is not None)
    if shown is not None:
        assert shown in drawn
        assert "3.12.1" in drawn
