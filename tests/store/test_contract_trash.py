"""What every store promises about the trash, pins, and what was written on a run last."""

from dataclasses import replace
from itertools import permutations

import pytest

from nbmlops.errors import RunNotFound
from nbmlops.records import (
    Annotation,
    Execution,
    Mark,
    Metric,
    Param,
    Run,
    Session,
    Stretch,
    Tag,
    Use,
    Value,
)
from nbmlops.store.base import DataQuery, RunQuery, RunSearch

SESSION = Session("s1", 1.0, "jupyter", "churn", ended=9.0)


@pytest.fixture
def filled(store):
    """A store of three runs, alike but for their numbers; the second is in the trash."""
    runs = [Run(f"r{n}", "s1", "churn", float(n), name=f"run {n}") for n in (1, 2, 3)]
    parts = [
        part
        for n in (1, 2, 3)
        for part in (
            Metric(f"r{n}", "auc", n / 10, n / 10, n / 10, 1, 0, 1.0),
            Param.of(f"r{n}", "lr", n, "cell"),
            Tag(f"r{n}", "kept", "yes"),
            Stretch(f"r{n}", 1, 1),
        )
    ]
    store.save([SESSION, Execution("e1", "s1", 1, "fit()", 1.0, "c"), *runs, *parts])
    store.save([Use("e1", "df", "read", "aa"), Value("aa", "frame", "DataFrame", "exact", "{}")])
    store.save([Mark("r2", "trashed", True, 5.0, "ada")])
    return store


def ids(summaries):
    return [summary.run.id for summary in summaries]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (RunQuery(), ["r3", "r1"]),
        (RunQuery(experiment="churn"), ["r3", "r1"]),
        (RunQuery(used="aa"), ["r3", "r1"]),
        (RunQuery(trashed=True), ["r2"]),
        (RunQuery(trashed=None), ["r3", "r2", "r1"]),
        (RunQuery(ids=("r1", "r2")), ["r1"]),
        (RunQuery(ids=("r1", "r2"), trashed=None), ["r2", "r1"]),
    ],
)
def test_listing_leaves_out_the_trash_unless_asked_for_it(filled, query, expected):
    assert ids(filled.runs(query)) == expected
    assert filled.count_runs(query) == len(expected)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("", "opened DESC"),
        ("", "metrics.auc DESC"),
        ("metrics.auc > 0", "params.lr DESC"),
        ("tags.kept = 'yes' or auc is nan", "name DESC"),
        ("cell.source like 'fit%'", "opened DESC"),
        ("not metrics.auc > 5", "opened DESC"),
    ],
)
def test_search_finds_what_is_not_in_the_trash_or_only_what_is(filled, text, order):
    kept, trashed = RunSearch(text, order), RunSearch(text, order, trashed=True)
    assert ids(filled.search(kept).summaries) == ["r3", "r1"]
    assert ids(filled.search(trashed).summaries) == ["r2"]
    assert (filled.count_found(kept), filled.count_found(trashed)) == (2, 1)


@pytest.mark.parametrize(
    ("view", "column"), [("runs", "id"), ("params", "run_id"), ("executions", "run_id"),
                         ("data", "run_id"), ("metrics", "run_id")],
)  # fmt: skip
def test_views_leave_out_the_trash(filled, view, column):
    statement = f"select {column} from {view} order by 1"
    found = filled.select(statement, limit=9, timeout_seconds=9)
    assert found.rows == (("r1",), ("r3",))


def test_data_is_used_by_the_runs_that_are_not_in_the_trash(filled):
    assert [data.run_count for data in filled.data(DataQuery())] == [2]


@pytest.mark.parametrize(
    ("reference", "in_trash", "expected"),
    [
        ("@1", False, "r3"),
        ("@2", False, "r1"),
        ("@1", True, "r2"),
        ("r2", False, "r2"),  # who says the whole id means it
        ("r2", True, "r2"),
        ("run 2", True, "r2"),
        ("run 2", False, RunNotFound),
        ("@3", False, RunNotFound),
        ("@2", True, RunNotFound),
        ("r1", True, RunNotFound),
        ("run 1", True, RunNotFound),
    ],
)
def test_runs_are_meant_in_the_trash_or_outside_of_it(filled, reference, in_trash, expected):
    if isinstance(expected, str):
        assert filled.find_run(reference, in_trash=in_trash) == expected
    else:
        with pytest.raises(expected):
            filled.find_run(reference, in_trash=in_trash)


def test_run_taken_out_of_the_trash_is_as_it_was(filled):
    filled.save([Mark("r2", "trashed", False, 6.0, "bob")])
    assert ids(filled.runs(RunQuery())) == ["r3", "r2", "r1"]
    assert filled.runs(RunQuery(trashed=True)) == []


@pytest.mark.parametrize("field", ["trashed", "pinned"])
def test_mark_stays_whatever_the_process_that_has_the_run_open_knows(filled, field):
    filled.save([Mark("r1", field, True, 7.0, "ada")])
    run = Run("r1", "s1", "churn", 1.0, name="run 1", status="finished", closed=9.0)
    filled.save([run])
    [found] = filled.runs(RunQuery(ids=("r1",), trashed=None))
    assert found.run == replace(run, **{field: 7.0})


WRITTEN = [
    Annotation("r1", "note", "first", 5.0, "ada"),
    Annotation("r1", "note", "later", 6.0, "bob"),
    Annotation("r1", "tags.stage", "test", 5.0, "ada"),
    Annotation("r1", "tags.stage", "final", 6.0, "bob"),
    Mark("r1", "pinned", True, 5.0, "ada"),
    Mark("r1", "pinned", False, 6.0, "bob"),
]


@pytest.mark.parametrize("is_one_batch", [True, False], ids=["at once", "one by one"])
@pytest.mark.parametrize("order", [*permutations(range(2))], ids=["as written", "the other way"])
def test_what_was_written_later_stays_in_whatever_order_it_comes(filled, order, is_one_batch):
    batch = [WRITTEN[2 * field + place] for field in range(3) for place in order]
    for part in [batch] if is_one_batch else [[record] for record in batch]:
        filled.save(part)
    [found] = filled.runs(RunQuery(ids=("r1",)))
    assert (found.run.note, found.run.pinned) == ("later", None)
    assert found.tags == (Tag("r1", "kept", "yes"), Tag("r1", "stage", "final"))


@pytest.mark.parametrize("field", ["name", "note", "hypothesis", "verdict", "tags.kept", "tags.no"])
def test_what_was_written_is_taken_away_and_stays_away(filled, field):
    filled.save([Annotation("r1", field, None, 6.0, "bob")])
    filled.save([Annotation("r1", field, "of before", 5.0, "ada")])
    [found] = filled.runs(RunQuery(ids=("r1",)))
    tags = {f"tags.{tag.name}": tag.value for tag in found.tags}
    assert tags.get(field) is None
    assert getattr(found.run, field, None) is None


def test_what_was_written_nobody_knows_when_gives_way_to_what_was_written_later(filled):
    filled.save([Annotation("r1", "note", "old")])
    filled.save([Annotation("r1", "note", "new", 5.0)])
    filled.save([Annotation("r1", "note", "left behind by an earlier version")])
    assert filled.runs(RunQuery(ids=("r1",)))[0].run.note == "new"


PINNED, TRASHED = Mark("r1", "pinned", True, 5.0, "ada"), Mark("r1", "trashed", True, 6.0, "bob")


@pytest.mark.parametrize("is_one_batch", [True, False], ids=["at once", "one by one"])
@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([PINNED, TRASHED], (None, 6.0)),
        ([TRASHED, PINNED], (None, 6.0)),
        ([replace(PINNED, at=7.0), TRASHED], (7.0, None)),
        ([TRASHED, replace(PINNED, at=7.0)], (7.0, None)),
        ([TRASHED, replace(PINNED, at=6.0)], (6.0, None)),
    ],
    ids=["deleted later", "the other way", "pinned later", "the other way", "at one moment"],
)
def test_of_pinning_and_deleting_the_later_holds(filled, marks, expected, is_one_batch):
    for part in [marks] if is_one_batch else [[mark] for mark in marks]:
        filled.save(part)
    [found] = filled.runs(RunQuery(ids=("r1",), trashed=None))
    assert (found.run.pinned, found.run.trashed) == expected
