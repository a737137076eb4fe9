import json
import os

import pytest

from nbmlops.cells.sources import source_digest
from nbmlops.tracking.notebook_file import notebook_file


def code(source, **more):
    return {"cell_type": "code", "source": source, "outputs": [], "metadata": {}, **more}


def test_code_cells_are_read_in_order_with_their_ids(tmp_path):
    cells = [code(["x = 1\n", "y = 2"], id="a"), {"cell_type": "markdown", "source": "text"},
             code("z = 3")]  # fmt: skip
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps({"cells": cells, "nbformat": 4}))
    os.utime(path, (100.0, 100.0))
    found = notebook_file(str(path))
    assert [(cell.id, cell.source) for cell in found.cells] == [
        ("a", "x = 1\ny = 2"),
        (None, "z = 3"),
    ]
    assert found.cells[1].digest == source_digest("z = 3\n")
    assert (found.saved, found.problem) == (100.0, None)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param('{"cells": [', "is not valid JSON; is it being saved?", id="half written"),
        pytest.param("", "is not valid JSON; is it being saved?", id="empty"),
        pytest.param("[1]", "is no notebook of format 4", id="not a notebook"),
        pytest.param('{"worksheets": []}', "is no notebook of format 4", id="format 3"),
        pytest.param("[" * 100_000, "is not valid JSON; is it being saved?", id="too deep"),
    ],
)
def test_what_cannot_be_read_is_said_not_raised(tmp_path, text, problem):
    path = tmp_path / "n.ipynb"
    path.write_text(text)
    found = notebook_file(str(path))
    assert (found.cells, found.problem) == ((), problem)


def test_what_is_not_there_or_no_text_is_said(tmp_path):
    assert notebook_file(str(tmp_path / "no.ipynb")).problem == "is not there; was it renamed?"
    (tmp_path / "b.ipynb").write_bytes(b"\xff\xfe\x00")
    assert notebook_file(str(tmp_path / "b.ipynb")).problem.startswith("cannot be read: ")
    assert notebook_file(str(tmp_path)).problem.startswith("cannot be read: ")


@pytest.mark.parametrize(
    "cell", [1, {"cell_type": "code"}, code(7), code(["x", 3]), code("", id=4)]
)
def test_odd_cells_do_no_harm(tmp_path, cell):
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps({"cells": [cell, code("z", id="last")]}))
    assert notebook_file(str(path)).cells[-1].id == "last"
