"""How a status is drawn and written, from records made by hand."""

import json

import pytest

from nbmlops.cells.run_again import to_run_again
from nbmlops.cells.staleness import Freshness, Reason, Stale
from nbmlops.cells.ties import notebook_cell, tied
from nbmlops.drawing.html import html
from nbmlops.records import Run, RunSummary, Session
from nbmlops.tracking.notebook_file import NotebookFile
from nbmlops.tracking.status_json import Used
from nbmlops.tracking.status_page import StatusPage, is_question
from tests.cells.sessions import session

SESSION = Session("s", 1.0, "jupyter", "churn", notebook="/work/churn.ipynb")


def page(steps=(), *, file=None, **fields):
    """Make the page of a session, with a file of cells by id."""
    executions = session(*steps)
    fresh = Freshness()
    for execution in executions:
        fresh.add(execution)
    notebook = ties = None
    if file is not None:
        notebook = NotebookFile("/work/churn.ipynb", saved=1e9, cells=tuple(file))
        ties = tied(file, executions, saved=1e9)
    stale = fresh.stale(ties.places if ties else None)
    made = {
        "session": SESSION, "is_recording": True, "count": len({e.cell_key for e in executions}),
        "stale": stale, "to_run_again": to_run_again(fresh, stale), "notebook": notebook,
        "ties": ties, "store": "sqlite:///x",
    }  # fmt: skip
    return StatusPage(**{**made, **fields})


def lines(made):
    return [line.strip() for line in str(made).splitlines() if line.strip()]


X, Y = "a: x = 1", "b: y = x"
OPEN = RunSummary(Run("7k44y93v" * 2, "s", "churn", 1.0, name="baseline"))


@pytest.mark.parametrize(
    ("made", "line"),
    [
        pytest.param(StatusPage(), "nothing is recorded: %load_ext nbmlops", id="nothing"),
        pytest.param(page(), "cells are recorded · churn · run: none open · no cell has run yet",
                     id="no cell yet"),
        pytest.param(page([X]), "cells are recorded · churn · run: none open · "
                     "up to date: what 1 cell shows holds now", id="one cell"),
        pytest.param(page([X, Y], run=OPEN), "cells are recorded · churn · run baseline 7k44y93v "
                     "is open · up to date: what 2 cells show holds now", id="run open"),
        pytest.param(page([X, Y], is_recording=False), "cells are not recorded; %nbmlops on goes on"
                     " · churn · run: none open · up to date: what 2 cells show holds now",
                     id="switched off"),
        pytest.param(page([X], file=[notebook_cell("x = 1", "a"), notebook_cell("y = x", "b")]),
                     "cells are recorded · churn · run: none open · up to date: what 1 cell shows "
                     "holds now; 1 cell not run", id="not all run"),
        pytest.param(page([X], file=[notebook_cell("x = 1", "a"), notebook_cell(" ", "b"),
                                     notebook_cell("%nbmlops status", "c")]),
                     "cells are recorded · churn · run: none open · up to date: what 1 cell shows "
                     "holds now", id="empty cells and questions"),
    ],
)  # fmt: skip
def test_one_line_says_that_all_is_up_to_date(made, line):
    assert " ".join(lines(made)) == line


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        pytest.param([X, Y, "a: x = 2"],
                     "used `x` as [1] made it; that cell was edited and run again as [3]",
                     id="edited"),
        pytest.param(["a: x = f()", Y, "f: f = 2", "a: x = f()"],
                     "used `x` as [1] made it; that cell was run again as [4]", id="run again"),
        pytest.param([X, Y, "c: x = 3"], "used `x` as [1] made it; [3] has written it since",
                     id="written elsewhere"),
        pytest.param(["a: x = []", Y, "c: x.append(y)"],
                     "used `x` as [1] made it; [3] has changed it since", id="changed"),
        pytest.param([X, Y, "c: del x"], "used `x` as [1] made it; [3] has deleted it since",
                     id="deleted"),
        pytest.param([X, Y, "a: w = 1"], "used `x` as [1] made it; its cell, edited and run again "
                     "as [3], does not make it any more", id="left over"),
        pytest.param([X, Y, "a: 1!"], "used `x` as [1] made it; its cell, run again as [3], "
                     "failed", id="failed"),
        pytest.param([Y, "a: x = 1"], "used `x` as it was before the recording; [2] has written "
                     "it since", id="from outside"),
        pytest.param(["a: x = w = 1", "b: y = x + w", "a: x = w = 2"],
                     "used `w`, `x` as [1] made it; that cell was edited and run again as [3]",
                     id="several names"),
    ],
)  # fmt: skip
def test_why_a_cell_is_stale_is_said_in_a_sentence(steps, why):
    text = " ".join(" ".join(lines(page(steps))).split())
    assert f"{why} " in text.replace("`x`, `w`", "`w`, `x`")
    assert "stale" in text


def test_stale_cells_below_say_on_which_they_stand_and_the_order_is_given():
    text = " ".join(lines(page([X, Y, "c: z = y", "d: w = y + z", "a: x = 2"])))
    text = " ".join(text.split())
    assert "3 of 4 cells stale" in text
    assert "[3] z = y stands on [2] (`y`), which is stale" in text
    assert "stands on [2] (`y`), [3] (`z`), which are stale" in text
    assert "→ run again, in this order: [2] [3] [4]" in text


def test_cells_to_run_again_that_are_not_stale_are_said_to_be_lost_changes():
    steps = ["a: d = []", "b: d.append(1)", "c: y = d", "a: d = [0]"]
    text = " ".join(" ".join(lines(page(steps))).split())
    assert "run again, in this order: [2] [3]" in text
    assert "made anew before" not in text  # [2] is stale itself
    steps = ["a: d = []", "b: d.append(1)", "c: d.append(2)", "r: len(d)", "b: d.append(3)"]
    text = " ".join(" ".join(lines(page(steps))).split())
    assert "1 of 4 cells stale" in text
    assert text.endswith(
        "→ run again, in this order: [3] [4] [3] too: what it changes is made anew before"
    )


def test_files_and_hidden_inputs_have_their_own_words():
    [execution] = session(X)
    reasons = (
        Reason("changed", "data/a.csv", is_file=True),
        Reason("written", "<os.environ:HOME>", None, execution),
    )
    text = " ".join(str(page([X], stale=(Stale(execution, reasons),))).split())
    assert "file `data/a.csv` has changed on disk since it was read" in text
    assert "environment variable HOME as it was before the recording" in text


def test_the_notebook_tells_what_was_edited_deleted_and_not_run():
    steps = [X, Y, "c: z = y", "d: w = z"]
    file = [notebook_cell("y = x + 1", "b"), notebook_cell("z = y", "c"),
            notebook_cell("z = y", "copy"), notebook_cell("new = 1", "n"),
            notebook_cell("%%nbmlops scratch\nlook = 1", "s")]  # fmt: skip
    executions = session(*steps)
    text = " ".join(
        str(page(steps, file=file, used=(Used(executions[0], ((executions[1], "x"),)),))).split()
    )
    assert "1 edited since, 1 deleted cell still in use" in text
    assert "churn.ipynb, saved" in text
    assert "edited since it ran [2]" in text
    assert "deleted, still in use [1], whose `x` is used by [2]" in text
    assert "not run cell 3 `z = y` (a copy of [3]), cell 4 `new = 1`" in text
    assert "scratch" not in text  # is not recorded, so that nobody knows whether it ran


def test_a_file_that_cannot_be_read_is_said_where_it_matters():
    problem = "is not valid JSON; is it being saved?"
    notebook = NotebookFile("/work/churn.ipynb", saved=1.0, problem=problem)
    assert lines(page([X], notebook=notebook))[-1] == (
        "churn.ipynb is not valid JSON; is it being saved?; where its cells stand is not known"
    )


def test_json_has_stable_keys():
    written = json.loads(json.dumps(page([X, Y, "a: x = 2"], run=OPEN).to_json()))
    assert [*written] == [
        "recording", "store", "experiment", "session_id", "run_id", "started", "ended",
        "up_to_date", "cells", "stale", "run_again", "notebook", "waiting", "away", "unsaved",
    ]  # fmt: skip
    assert written["stale"] == [
        {
            "execution": 2, "execution_count": 2, "cell": "b",
            "reasons": [
                {"kind": "written", "name": "x", "is_file": False, "columns": [], "made_by": 1,
                 "since": 3,
                 "text": "used `x` as [1] made it; that cell was edited and run again as [3]"},
            ],
        },
    ]  # fmt: skip
    assert (written["run_again"], written["up_to_date"]) == ([2], False)


def test_many_stale_cells_are_counted_not_drawn():
    steps = [X, *(f"c{n}: y{n} = x" for n in range(40)), "a: x = 2"]
    text = str(page(steps))
    assert "40 of 41 cells stale" in " ".join(text.split())
    assert "and 10 more, --json has all" in text
    assert "[13] + 28" in text


def test_code_in_a_page_is_never_markup():
    steps = ["a: x = '<b>'", "b: y = x + '<script>'", "a: x = 2"]
    assert "<script>" not in html(page(steps).page())


@pytest.mark.parametrize(
    ("source", "expected"),
    [("%nbmlops status", True), ("%nbmlops runs\n\n%nbmlops show", True), ("x = 1", False),
     ("%nbmlops status\nx = 1", False), ("", False), ("%%nbmlops params\nx = 1", False)],
)  # fmt: skip
def test_cells_that_only_ask_are_told_apart(source, expected):
    assert is_question(source) is expected
