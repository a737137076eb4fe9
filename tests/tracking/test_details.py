import pytest

from nbmlops.records import Execution, Metric, Run, RunDetail, RunExecution, RunSummary
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
