"""What makes big stores fast changes nothing of what is found, and is what the database uses."""

import pytest
from sqlalchemy import event

from nbmlops.records import Execution as Cell
from nbmlops.records import Metric, Param, Run, RunExecution, Session, Tag
from nbmlops.store.base import RunSearch
from nbmlops.store.search_indexes import speed_up

SESSION = Session("s1", 1.0, "jupyter", "churn", ended=9.0)


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
            RunExecution(run, "x1"),
        ])  # fmt: skip
    return store


SEARCHES = [
    RunSearch("auc > 0.5 and tags.stage = 'test'", "metrics.auc asc", limit=5),
    RunSearch("params.lr = 'none' or auc < 0.1", "params.lr, duration", limit=7),
    RunSearch("not lr ~ 'no'", "auc"),
    RunSearch("cell.source = 'f()' and tags = 'stage'", "tags.stage, id"),
]


def faster(store):
    with store.engine.connect().execution_options(writes=True) as connection, connection.begin():
        speed_up(connection)
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    return store


@pytest.mark.parametrize("search", SEARCHES, ids=lambda search: search.filter)
def test_search_finds_the_same_in_a_faster_store(filled, search):
    before = filled.search(search), filled.count_found(search)
    assert before[0].summaries
    assert (filled.search(search), filled.count_found(search))[1] == before[1]
    faster(filled)
    after = filled.search(search), filled.count_found(search)
    assert (after[0].summaries, after[1]) == (before[0].summaries, before[1])


def test_a_faster_store_can_be_written(filled):
    faster(filled).save([Metric("r1", "auc", 9.0, 9.0, 9.0, 1, 0, 1.0)])
    assert filled.search(RunSearch("auc > 5")).summaries[0].run.id == "r1"


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
def test_page_is_found_in_an_index(filled, search, step):
    sent = []

    def note(_connection, _cursor, statement, parameters, *_):
        sent.append((statement, parameters))

    faster(filled)
    event.listen(filled.engine, "before_cursor_execute", note)
    filled.search(search)
    event.remove(filled.engine, "before_cursor_execute", note)
    [(statement, parameters)] = [one for one in sent if "AS key0" in one[0]]
    with filled.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    assert step in "\n".join(row[3] for row in plan)
