import pytest

from nbmlops.cells.order import order_of
from nbmlops.cells.slices import slice_of
from nbmlops.cells.ties import notebook_cell, tied
from tests.cells.sessions import session


def order(steps, file="", *, target=None, saved=1_000.0):
    """Judge what is behind the last step, in a file with cells of these letters."""
    executions = session(*steps)
    wanted = f"e{target or len(executions)}"
    ties = None
    if file:
        sources = {each.cell_key: each.source for each in executions}
        cells = [notebook_cell(sources.get(cell, "new"), cell) for cell in file]
        ties = tied(cells, executions, saved=saved)
    return order_of(slice_of(executions, [wanted], ""), executions, ties=ties)


def told(found):
    return [
        (finding.kind + "?" * finding.is_harmless, *(each.sequence for each in finding.executions),
         *finding.names)
        for finding in found.findings
    ]  # fmt: skip


X, Y, Z = "a: x = 1", "b: y = x", "c: z = y"


@pytest.mark.parametrize(
    ("steps", "file", "findings"),
    [
        pytest.param([X, Y, Z], "abc", [], id="top to bottom"),
        pytest.param([X, Y, Z], "", [], id="places not known"),
        pytest.param([X, "d: 1", Y, Z], "abcd", [], id="what is not behind it does not count"),
        pytest.param([X, "a: x = 2", Y, Z], "abc", [], id="only the last time counts"),
        pytest.param([X, Y, Z, "a: x = 2", Y, Z], "abc", [], id="all again"),
        pytest.param([X, Y, Z], "cab", [("out_of_order", 3, 2, "y")], id="reader above writer"),
        pytest.param(["a: x = 1", "w: w = 1", "c: z = x + w"], "wac", [("out_of_order?", 2, 1)],
                     id="two that do not need each other"),
        pytest.param(["a: x = []", "b: x.append(1)", "b: x.append(1)", "c: x"], "abc",
                     [("repeated", 2, 3, "x")], id="changed in place twice"),
        pytest.param(["a: x = 0", "b: x += 1", "b: x += 1", "c: x"], "",
                     [("repeated", 2, 3, "x")], id="added to twice"),
        pytest.param([X, Y, Z], "bc", [("deleted", 1, "x")], id="deleted cell in use"),
        pytest.param([X, "d: 1", Y, Z], "abc", [], id="deleted cell not in use"),
        pytest.param([X, Y, "a: x = 2", Z], "abc", [("edited", 1, 3, "x")],
                     id="edited while its old result is used"),
        pytest.param([X, Y, X, Z], "abc", [], id="the same again meanwhile"),
        pytest.param(["a: x = 1", Y, "a: w = 1", Z], "abc", [("edited", 1, 3, "x")],
                     id="edited, and does not make it any more"),
        pytest.param(["k: k = 1", "a: x = k", Y, "k: k = 2", "a: x = k", Z], "kabc",
                     [("stale", 3, 5, "x")], id="its input made anew meanwhile"),
        pytest.param([X, Y, "d: x = 5", Z], "abcd", [], id="written again below, no matter"),
        pytest.param([X, Y, "d: x = 5", Z], "adbc", [("stale", 2, 3, "x")],
                     id="written again above"),
        pytest.param([X, "d: x = 2", "a: x = 3", "b: y = x"], "adb", [("out_of_order", 3, 2, "x")],
                     id="from top to bottom another one writes it last"),
        pytest.param(["a: x = 1!", "b: y = x"], "ab", [("failed", 1, "x")],
                     id="half of a cell that failed"),
        pytest.param(["a: w = 1", "b: w!", "c: w"], "abc", [], id="a failure that nobody needs"),
        pytest.param(["b: y = x", Z], "bc", [("missing", 1, "x")], id="not recorded"),
    ],
)  # fmt: skip
def test_what_was_not_linear(steps, file, findings):
    assert told(order(steps, file)) == findings


def test_what_happens_after_the_result_does_not_count():
    steps = [X, Y, Z, "a: x = 2", "b: y = x + 1"]
    assert order(steps, "abc", target=3).is_linear


def test_what_ran_out_of_order_without_need_is_reproducible_all_the_same():
    found = order(["a: x = 1", "w: w = 1", "c: z = x + w"], "wac")
    assert (found.is_linear, found.is_reproducible) == (False, True)
    assert not order([X, Y, Z], "cab").is_reproducible


def test_a_cell_that_the_file_does_not_have_yet_is_not_deleted():
    assert order([X, Y, Z], "a", saved=5.0).findings == ()


def test_nothing_behind_it_is_no_order():
    assert order_of(slice_of([], [], ""), []).is_linear
