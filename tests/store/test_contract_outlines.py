"""What a store promises of sessions and of the outlines of notebooks."""

import pytest

from nbmlops.records import NotebookCell, Outline, Run, Session

SESSIONS = [Session("s1", 5.0, "jupyter", "one"), Session("s2", 9.0, "jupyter", "two"),
            Session("s3", 7.0, "jupyter", "three")]  # fmt: skip
RUN = Run("r1", "s1", "one", 6.0)


@pytest.mark.parametrize(
    "outline",
    [
        pytest.param(Outline("r1", "n.ipynb", 8.0, (NotebookCell("d1", "a"), NotebookCell("d2"))),
                     id="cells"),
        pytest.param(Outline("r1", "n.ipynb", 8.0, (NotebookCell("d", None, "x = '\ud800'"),)),
                     id="half of a character"),
        pytest.param(Outline("r1", "n.ipynb", None, (), "is not there"), id="problem"),
    ],
)  # fmt: skip
def test_an_outline_comes_back_as_it_was_saved(store, outline):
    store.save([SESSIONS[0], RUN, outline])
    found = store.outline("r1")
    assert (found.path, found.saved, found.problem) == (
        outline.path, outline.saved, outline.problem,
    )  # fmt: skip
    assert [cell.digest for cell in found.cells] == [cell.digest for cell in outline.cells]
    assert [cell.id for cell in found.cells] == [cell.id for cell in outline.cells]


def test_a_later_outline_replaces_an_earlier_one(store):
    store.save([SESSIONS[0], RUN, Outline("r1", "n.ipynb", 1.0)])
    store.save([Outline("r1", "n.ipynb", 2.0)])
    assert store.outline("r1").saved == 2.0


def test_a_run_without_an_outline_has_none(store):
    store.save([SESSIONS[0], RUN])
    assert store.outline("r1") is store.outline("nobody") is None


def test_the_latest_session_is_the_one_that_began_last(store):
    assert store.latest_session() is None
    store.save(SESSIONS)
    assert store.latest_session().id == "s2"
