import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.comparison import compare_runs
from nbmlops.records import Execution, Run, RunDetail, RunExecution, RunSummary

SPLIT = "train, test = split(frame, seed=0)"
FIT = "model = Forest(n_estimators=100)\nmodel.fit(train)"
FIT_MORE = FIT.replace("100", "500")
SCORE = "accuracy = model.score(test)"


def detail(number, cells):
    """Make a run of cells, each ``(cell id or None, source, *tags)``."""
    run = Run(f"run{number}", "session", "churn", 100.0)
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
        )
        executions.append((execution, RunExecution(run.id, made)))
    return RunDetail(RunSummary(run), tuple(executions))


def changes(before, after):
    found = compare_runs([detail(1, before), detail(2, after)]).cells
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
