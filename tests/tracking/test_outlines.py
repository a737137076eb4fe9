import json

import pytest

from nbmlops.tracking.outlines import Outlines


@pytest.fixture
def notebook(tmp_path):
    path = tmp_path / "n.ipynb"

    def write(**cells):
        made = [
            {"cell_type": "code", "source": source, "id": cell} for cell, source in cells.items()
        ]
        made.append({"cell_type": "code", "source": "without id"})
        path.write_text(json.dumps({"cells": made}))
        return str(path)

    return write


def as_it_is(cell):
    return cell


def looked(path, *runs, place="jupyter"):
    put = []
    outlines = Outlines(path, place, put.append, as_it_is)
    for run in runs:
        outlines.wanted_by(run)
    outlines.look()
    return put


def test_each_run_that_closed_gets_the_outline(notebook):
    first, second = looked(notebook(a="x = 1", b="y"), "r1", "r2")
    assert (first.run_id, second.run_id, first.problem) == ("r1", "r2", None)
    assert [cell.id for cell in first.cells] == ["a", "b", None]


def test_a_source_is_kept_only_where_no_id_tells_the_cell(notebook):
    [outline] = looked(notebook(a="x = 1"), "r1")
    assert [cell.source for cell in outline.cells] == [None, "without id"]


def test_a_file_that_cannot_be_read_is_an_outline_too(tmp_path):
    [outline] = looked(str(tmp_path / "gone.ipynb"), "r1")
    assert (outline.cells, outline.problem) == ((), "is not there; was it renamed?")


@pytest.mark.parametrize(("path", "place"), [(None, "jupyter"), ("n.ipynb", "headless"),
                                             ("a.py", "script")])  # fmt: skip
def test_without_a_front_end_there_is_none(path, place):
    assert looked(path, "r1", place=place) == []


def test_nothing_is_read_where_no_run_waits(tmp_path):
    assert looked(str(tmp_path / "n.ipynb")) == []


def test_a_notebook_that_is_saved_again_is_read_again(notebook):
    put = []
    outlines = Outlines(notebook(a="1"), "jupyter", put.append, as_it_is)
    for cells in ({"a": "1"}, {"a": "1", "b": "2"}):
        notebook(**cells)
        outlines.wanted_by("r")
        outlines.look()
    assert [len(outline.cells) for outline in put] == [2, 3]
