import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.cells.names import names_of
from nbmlops.comparison import compare_runs
from nbmlops.records import Execution, Run, RunDetail, RunExecution, RunSummary

SPLIT = "train, test = split(frame, seed=0)"
FIT = "model = Forest(n_estimators=100)\nmodel.fit(train)"
FIT_MORE = FIT.replace("100", "500")
SCORE = "accuracy = model.score(test)"


def detail(number, cells, *, results=(), status="finished"):
    """Make a run of cells, each ``(cell id or None, source, *tags)``; ``results`` are sources."""
    run = Run(f"run{number}", "session", "churn", 100.0, status=status)
    executions = []
    for sequence, (cell_id, source, *tags) in enumerate(cells, 1):
        made = f"{run.id}-{sequence}"
        execution = Execution(
            made,
            "session",
            sequence,
            source,
            1.0,
            cell_id or f"source:{source}",
            cell_id=cell_id,
            tags=tuple(tags),
            outcome="error" if source.startswith("raise") else "ok",
            names=names_of(source),
        )
        executions.append((execution, RunExecution(run.id, made, source in results)))
    return RunDetail(RunSummary(run), tuple(executions))


def changes(before, after, **options):
    found = compare_runs([detail(1, before, **options), detail(2, after, **options)]).cells
    return [(cell.change, cell.before, cell.after) for cell in found]


def by_source(*sources):
    return [(None, source) for source in sources]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param([("a", SPLIT)], [("a", SPLIT)], [], id="same"),
        pytest.param([("a", SPLIT)], [("a", f"\n{SPLIT}\n\n")], [], id="empty lines"),
        pytest.param([("a", FIT)], [("a", FIT_MORE)], [("edited", FIT, FIT_MORE)], id="same id"),
        pytest.param([("a", FIT)], [("a", "x")], [("edited", FIT, "x")], id="same id, all new"),
        pytest.param([("a", FIT)], [("b", FIT)], [], id="other id, same source"),
        pytest.param(
            [("a", FIT)], [("b", FIT_MORE)], [("edited", FIT, FIT_MORE)], id="other id, similar"
        ),
        pytest.param(
            by_source(FIT), by_source(FIT_MORE), [("edited", FIT, FIT_MORE)], id="no ids, similar"
        ),
        pytest.param(
            by_source(FIT),
            by_source("plot()"),
            [("added", "", "plot()"), ("removed", FIT, "")],
            id="no ids, nothing alike",
        ),
        pytest.param(
            by_source("accuracy=.75"),
            by_source("arr[3] = -1; accuracy=.7"),
            [("added", "", "arr[3] = -1; accuracy=.7"), ("removed", "accuracy=.75", "")],
            id="no ids, a short cell within another",
        ),
        pytest.param([], by_source(SCORE), [("added", "", SCORE)], id="added"),
        pytest.param(by_source(SCORE), [], [("removed", SCORE, "")], id="removed"),
        pytest.param(
            [("a", FIT), ("b", SCORE)],
            [("a", SCORE), ("b", FIT)],
            [("edited", FIT, SCORE), ("edited", SCORE, FIT)],
            id="the id wins over the source",
        ),
        pytest.param(
            by_source(SPLIT, FIT, SCORE),
            by_source(FIT, SCORE, SPLIT),
            [("moved", SPLIT, SPLIT)],
            id="moved to the end",
        ),
        pytest.param(
            by_source(SPLIT, FIT, SCORE),
            by_source("import this", SPLIT, FIT, SCORE),
            [("added", "", "import this")],
            id="moved by what was added is not moved",
        ),
        pytest.param(
            by_source(SPLIT, FIT, SCORE),
            by_source(SPLIT, SCORE),
            [("removed", FIT, "")],
            id="moved by what was removed is not moved",
        ),
        pytest.param(
            [("a", SPLIT), ("b", FIT), ("c", SCORE)],
            [("b", FIT_MORE), ("c", SCORE), ("a", SPLIT)],
            [("edited", FIT, FIT_MORE), ("moved", SPLIT, SPLIT)],
            id="one edited, one moved",
        ),
        pytest.param(
            [("a", FIT), ("a", FIT_MORE)], [("a", FIT_MORE)], [], id="the last execution counts"
        ),
        pytest.param(
            [("a", SPLIT), ("b", FIT), ("a", SPLIT)],
            [("b", FIT), ("a", SPLIT)],
            [],
            id="the last execution's place counts",
        ),
        pytest.param(
            [("p", "lr = 0.1", "parameters")], [("p", "lr = 0.2", "parameters")], [], id="params"
        ),
        pytest.param(
            [("p", "lr = 0.1", "parameters")],
            [("p", "lr = 0.1", "parameters"), (None, "lr = 0.5", "injected-parameters")],
            [],
            id="injected params",
        ),
    ],
)
def test_cells_are_matched_by_id_then_source_then_likeness(before, after, expected):
    assert changes(before, after) == expected


LOAD, CLEAN = "frame = load('a.csv')", "frame = frame.dropna()"
PLOT = "print(frame)"
WHOLE = f"{LOAD}\n{CLEAN}"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            [("a", LOAD), ("b", SPLIT), ("c", FIT), ("d", SCORE)],
            [("c", FIT), ("d", SCORE), ("a", LOAD), ("b", SPLIT)],
            [("moved", FIT, FIT), ("moved", SCORE, SCORE)],
            id="re-ordered",
        ),
        pytest.param(
            by_source(LOAD, SPLIT, FIT, SCORE),
            by_source(SCORE, FIT, SPLIT, LOAD),
            [("moved", source, source) for source in (SCORE, FIT, SPLIT)],
            id="turned round, without ids",
        ),
        pytest.param(
            by_source("a", "b", "c", "d", "e", "f"),
            by_source("d", "a", "e", "b", "f", "c"),
            [("moved", source, source) for source in ("d", "e", "f")],
            id="shuffled into each other",
        ),
        pytest.param(
            [("a", LOAD), ("b", FIT), ("c", SCORE)],
            [("x", LOAD), ("y", FIT), ("z", SCORE)],
            [],
            id="every id another",
        ),
        pytest.param(
            [("a", LOAD), ("b", FIT), ("c", SCORE)],
            [("x", LOAD), ("y", FIT_MORE), ("z", SCORE)],
            [("edited", FIT, FIT_MORE)],
            id="every id another, one edited",
        ),
        pytest.param(
            [("a", LOAD), ("b", FIT)],
            [("b", FIT), ("x", LOAD)],
            [("moved", FIT, FIT)],
            id="another id and moved",
        ),
        pytest.param(
            [("a", FIT)], [("a", FIT), ("b", FIT)], [("added", "", FIT)], id="copied"
        ),
        pytest.param([("a", FIT)], [("b", FIT)], [], id="copied, and only the copy executed"),
        pytest.param(
            [("a", FIT)],
            [("a", FIT_MORE), ("b", FIT)],
            [("edited", FIT, FIT_MORE), ("added", "", FIT)],
            id="copied, and the first one edited",
        ),
        pytest.param(
            [("a", WHOLE), ("b", FIT)],
            [("a", LOAD), ("n", CLEAN), ("b", FIT)],
            [("edited", WHOLE, LOAD), ("added", "", CLEAN)],
            id="split",
        ),
        pytest.param(
            by_source(WHOLE, FIT),
            by_source(LOAD, CLEAN, FIT),
            [("added", "", LOAD), ("edited", WHOLE, CLEAN)],
            id="split without ids: the likelier part",
        ),
        pytest.param(
            [("a", LOAD), ("b", CLEAN), ("c", FIT)],
            [("a", WHOLE), ("c", FIT)],
            [("edited", LOAD, WHOLE), ("removed", CLEAN, "")],
            id="merged",
        ),
        pytest.param(
            by_source("total = sum(a)", "total = sum(b)"),
            by_source("total = sum(b) + 1", "total = sum(a) + 1"),
            [
                ("edited", "total = sum(b)", "total = sum(b) + 1"),
                ("edited", "total = sum(a)", "total = sum(a) + 1"),
                ("moved", "total = sum(b)", "total = sum(b) + 1"),
            ],
            id="the most similar one, not the first",
        ),
    ],
)  # fmt: skip
def test_a_notebook_that_was_rearranged_does_not_look_all_new(before, after, expected):
    assert changes(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param([LOAD, PLOT, SPLIT, FIT, SCORE], [LOAD, SPLIT, FIT, SCORE], [],
                     id="looked at in one run only"),
        pytest.param([LOAD, SPLIT, FIT, "x = 1", SCORE], [LOAD, SPLIT, "y = 2", FIT, SCORE], [],
                     id="tried something else in each"),
        pytest.param([LOAD, SPLIT, FIT, SCORE], [LOAD, CLEAN, SPLIT, FIT, SCORE],
                     [("added", "", CLEAN)], id="one more that counts"),
        pytest.param([LOAD, SPLIT, FIT, PLOT], [LOAD, SPLIT, FIT, "x = 1"],
                     [("added", "", "x = 1"), ("removed", PLOT, "")], id="no results"),
    ],
)  # fmt: skip
def test_what_the_results_do_not_depend_on_is_not_compared(before, after, expected):
    assert changes(by_source(*before), by_source(*after), results=[SCORE]) == expected


def test_what_led_to_a_failure_is_compared_beside_the_results():
    before = detail(1, by_source(LOAD, SPLIT, FIT, SCORE), results=[SCORE])
    failed = by_source(LOAD, SPLIT, FIT, SCORE, PLOT, "bad = 0", "raise bad")
    after = detail(2, failed, results=[SCORE], status="failed")
    found = [(cell.change, cell.after) for cell in compare_runs([before, after]).cells]
    assert found == [("added", "bad = 0"), ("added", "raise bad")]


def test_likeness_of_long_cells_goes_by_their_lines():
    lines = [f"column_{number} = frame['c{number}'].astype(float)" for number in range(200)]
    before, after = "\n".join(lines), "\n".join([*lines[:100], "print(1)", *lines[100:]])
    assert changes(by_source(before), by_source(after)) == [("edited", before, after)]


def test_diff_shows_what_was_edited_and_no_more():
    (cell,) = compare_runs([detail(1, [("a", FIT)]), detail(2, [("a", FIT_MORE)])]).cells
    assert cell.diff.splitlines() == [
        "@@ -1,2 +1,2 @@",
        "-model = Forest(n_estimators=100)",
        "+model = Forest(n_estimators=500)",
        " model.fit(train)",
    ]


def test_every_run_is_compared_with_the_baseline():
    runs = [detail(1, [("a", FIT)]), detail(2, [("a", FIT_MORE)]), detail(3, [("a", FIT)])]
    assert [(cell.run, cell.change) for cell in compare_runs(runs).cells] == [(1, "edited")]


sources = st.lists(st.sampled_from([SPLIT, FIT, FIT_MORE, SCORE, "x", "import this"]), max_size=6)


@given(sources)
def test_the_same_code_under_new_ids_is_the_same(cells):
    before = [(f"old{number}", source) for number, source in enumerate(cells)]
    after = [(f"new{number}", source) for number, source in enumerate(cells)]
    assert changes(before, after) == []


@given(sources, sources)
def test_every_cell_is_accounted_for_once(before, after):
    one = [(f"one{number}", source) for number, source in enumerate(before)]
    other = [(f"other{number}", source) for number, source in enumerate(after)]
    found = [change for change, _, _ in changes(one, other)]
    kept = len(before) - found.count("removed")
    assert kept == len(after) - found.count("added")
    assert found.count("edited") <= kept
    assert found.count("moved") <= max(kept - 1, 0)


@given(st.permutations(range(7)))
def test_as_few_cells_as_can_be_are_told_to_have_moved(order):
    """By an independent way: the longest of all selections that stand in their old order."""
    steady = max(
        sum(chosen)
        for chosen in itertools.product((0, 1), repeat=len(order))
        if (kept := list(itertools.compress(order, chosen))) == sorted(kept)
    )
    cells = [(f"c{number}", f"x = {number}") for number in range(7)]
    found = changes(cells, [cells[number] for number in order])
    assert len(found) == len(order) - steady
    assert {change for change, _, _ in found} <= {"moved"}
