"""Pages of big stores are found in indexes, not by looking at every run."""

import contextlib
import json
from dataclasses import replace

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


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("tags.stage ~ '^f'", ["final"]), ("params.kind like '%e%'", ['"deep"', '"wide"'])],
    ids=["tag", "parameter"],
)
def test_pattern_over_few_texts_asks_for_those_that_fit(filled, text, wanted):
    kinds = ("deep", "flat", "wide")
    filled.save([Param.of(f"r{n}", "kind", kinds[n % 3], "cell") for n in range(30)])
    [(_, parameters)] = finding(filled, RunSearch(text, "started"))
    assert [*parameters[1:]] == wanted


@pytest.mark.parametrize(
    "values",
    [[f"text {n}" for n in range(30)], ["deep", 0.1] * 15, ["deep", object()] * 15],
    ids=["many texts", "numbers among them", "values that were not kept"],
)
def test_pattern_over_other_values_is_held_against_each(filled, values, monkeypatch):
    monkeypatch.setattr("nbmlops.store.search_few_texts.MOST_TEXTS", 29)
    filled.save([Param.of(f"r{n}", "kind", value, "cell") for n, value in enumerate(values)])
    [(statement, parameters)] = finding(filled, RunSearch("params.kind !~ '^x'", "started"))
    assert "json_each" in statement
    assert len(json.loads(parameters[0])) == 30


def test_what_a_pattern_finds_is_asked_once_for_a_page_that_is_full(filled):
    search = RunSearch("params.lr ~ '^n'", "metrics.auc", limit=3)
    asked = [one for one in sent_by(filled, search) if "nbmlops_matches" in one[0]]
    assert len(asked) == 1


COUNTED = {
    "metrics.auc > 0.5 and params.lr = 'none'": 7,
    "metrics.auc > 0.5 or tags.stage = 'final'": 20,
    "metrics.auc > 0.5 and name is null and not tags.stage ~ '^t'": 4,
    "not (metrics.auc > 0.5 and status = 'finished')": 16,
    "tags.stage = 'final' and (params.lr = 'none' or started > 20)": 7,
    "metrics.auc is null or tags.other is null": 30,
    "params.lr = 'no' and tags.stage = 'final'": 0,
    "cell.source = 'f()'": 30,
    "cell.source != 'f()' or tags.stage = 'final'": 10,
    "not cell.source like 'g%' and metrics.auc > 0.5": 14,
    "cell.tag is null and data.frame.rows is null": 30,
}


@pytest.mark.parametrize("most_runs", [30, 29], ids=["by sets of ids", "in one statement"])
@pytest.mark.parametrize("few", [0, 2_000], ids=["none is few", "all are few"])
@pytest.mark.parametrize(("text", "count"), COUNTED.items(), ids=str)
def test_names_and_what_runs_contain_are_counted_without_a_step_for_each_run(
    filled, text, count, few, most_runs, monkeypatch
):
    monkeypatch.setattr("nbmlops.store.counting.MOST_RUNS", most_runs)
    monkeypatch.setattr("nbmlops.store.counting._FEW", few)
    monkeypatch.setattr("nbmlops.store.search_conditions._FEW_NAMED", few)
    with sending(filled) as sent:
        assert filled.count_found(RunSearch(text)) == count
    # Stretches of those sessions alone that have cells which fit, found before, are looked at.
    for_each = [one for one, _ in sent if "EXISTS" in one and "AS MATERIALIZED" not in one]
    assert not (for_each and most_runs == 30)


@pytest.mark.parametrize(
    "text",
    ["cell.source like '%x%'", "cell.source is not null or metrics.auc > 1"],
)
def test_counting_runs_makes_no_pairs_of_runs_and_cells(store, text):
    steps = [steps_of_counting(store, text, runs=100, cells=cells) for cells in (20, 220)]
    # Each of 200 more cells is looked at once, rather than with each of 100 runs.
    assert steps[1] - steps[0] < 200 * 100


def steps_of_counting(store, text, *, runs, cells):
    """Return how many steps SQLite takes, in tens, to count runs that all contain all cells."""
    session = f"s{cells}"
    store.save([
        replace(SESSION, id=session),
        *(Cell(f"{session}-{n}", session, n, f"x{n}", 1.0, "k") for n in range(cells)),
        *(Run(f"{session}-{n}", session, "churn", 1.0, status="finished") for n in range(runs)),
        *(Stretch(f"{session}-{n}", 0, cells - 1) for n in range(runs)),
    ])  # fmt: skip
    steps = []

    def note(driver, *_):
        driver.set_progress_handler(lambda: steps.append(1), 10)

    event.listen(store.engine.pool, "checkout", note)
    assert store.count_found(RunSearch(text)) > 0
    event.remove(store.engine.pool, "checkout", note)
    return len(steps)


def test_runs_in_the_trash_are_counted_apart_from_all_others(filled):
    filled.save([Mark(f"r{number}", "trashed", True, 1.0) for number in range(20, 24)])
    text = "metrics.auc > 0.5 and tags.stage = 'test'"
    assert filled.count_found(RunSearch(text)) == 7
    assert filled.count_found(RunSearch(text, trashed=True)) == 3


def finding(store, search):
    """Return the statements that find a page of a search, with their parameters."""
    return [one for one in sent_by(store, search) if "AS key0" in one[0]]


def sent_by(store, search):
    """Return all statements of a search, with their parameters."""
    with sending(store) as sent:
        store.search(search)
    return sent


@contextlib.contextmanager
def sending(store):
    """Give the list of what is sent meanwhile, statements with their parameters."""
    sent = []

    def note(_connection, _cursor, statement, parameters, *_):
        sent.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", note)
    yield sent
    event.remove(store.engine, "before_cursor_execute", note)
