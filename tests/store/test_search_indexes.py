"""Pages of big stores are found in indexes, not by looking at every run."""

import pytest
from sqlalchemy import event

from nbmlops.records import Execution as Cell
from nbmlops.records import Mark, Metric, Param, Run, Session, Stretch, Tag
from nbmlops.store.base import RunSearch

SESSION = Session("s1", 1.0, "jupyter", "churn", ended=9.0)


@pytest.fixture
def url(tmp_path):
    """The URL of a store whose file can be looked into."""
    return f"sqlite:///{tmp_path}/project/.nbmlops/store.db"


@pytest.fixture
def filled(store):
    store.save([SESSION, Cell("x1", "s1", 1, "f()", 1.0, "k")])
    for number in range(30):
        run, share = f"r{number}", number / 30
        store.save([
            Run(run, "s1", "churn", float(number), status="finished", closed=90.0 - number),
            Metric(run, "auc", share, share, share, 1, 0, 1.0),
            Param.of(run, "lr", share if number % 2 else "none", "cell"),
            Tag(run, "stage", "test" if number % 3 else "final"),
            Stretch(run, 1, 1),
        ])  # fmt: skip
    return store


@pytest.mark.parametrize("in_trash", [0, 5], ids=["empty trash", "full trash"])
@pytest.mark.parametrize(
    ("search", "step"),
    [
        (RunSearch("", "metrics.auc", limit=3), "COVERING INDEX ix_metrics_name_last"),
        (RunSearch("", "metrics.auc asc", limit=3), "COVERING INDEX ix_metrics_name_last"),
        (RunSearch("", "started", limit=3), "ix_runs_opened"),
        (RunSearch("metrics.auc.min > 0.5", limit=3), "COVERING INDEX ix_metrics_name_last"),
        (RunSearch("params.lr = 'none'", limit=3), "COVERING INDEX ix_params_name_number"),
    ],
    ids=lambda part: getattr(part, "filter", None),
)
def test_page_is_found_in_an_index(filled, search, step, in_trash):
    filled.save([Mark(f"r{number}", "trashed", True, 1.0) for number in range(in_trash)])
    [(statement, parameters)] = finding(filled, search)
    with filled.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    steps = "\n".join(row[3] for row in plan)
    assert step in steps
    assert "COVERING INDEX ix_runs_trashed_id" in steps


def test_runs_that_a_pattern_found_are_one_value_to_the_next_statement(filled):
    [(_, parameters)] = finding(filled, RunSearch("params.lr ~ '^n'", "started"))
    assert len(parameters) == 1


def test_what_a_pattern_finds_is_asked_once_for_a_page_that_is_full(filled):
    search = RunSearch("params.lr ~ '^n'", "metrics.auc", limit=3)
    asked = [one for one in sent_by(filled, search) if "nbmlops_matches" in one[0]]
    assert len(asked) == 1


def finding(store, search):
    """Return the statements that find a page of a search, with their parameters."""
    return [one for one in sent_by(store, search) if "AS key0" in one[0]]


def sent_by(store, search):
    """Return all statements of a search, with their parameters."""
    sent = []

    def note(_connection, _cursor, statement, parameters, *_):
        sent.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", note)
    store.search(search)
    event.remove(store.engine, "before_cursor_execute", note)
    return sent
