import copy
import json
import math

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.errors import NotebookInvalid, NotebookMissing, ParameterMismatch
from nbmlops.pipelines.notebooks import (
    kernel_name_of,
    language_of,
    literal,
    parameter_cells,
    parameters_of,
    parsed_notebook,
    read_notebook,
    with_parameters,
)


def code(source, **more):
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    return {**cell, "source": source, **more}


def document(*cells, version=(4, 5), **metadata):
    major, minor = version
    return {"nbformat": major, "nbformat_minor": minor, "metadata": metadata, "cells": [*cells]}


def read(tree):
    return parsed_notebook(json.dumps(tree), "work.ipynb")


def tagged(source, *tags, cell_id="one"):
    return code(source, id=cell_id, metadata={"tags": [*tags]})


OLDER = {
    "nbformat": 3,
    "nbformat_minor": 0,
    "metadata": {"name": ""},
    "worksheets": [
        {
            "metadata": {},
            "cells": [
                {"cell_type": "code", "input": "x = 1", "outputs": [], "language": "python",
                 "metadata": {}, "collapsed": False},
            ],
        }
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    "tree",
    [
        pytest.param(document(code("x = 1"), code("x = 1"), version=(4, 4)), id="nbformat 4.4"),
        pytest.param(document(code("x = 1"), version=(4, 0)), id="nbformat 4.0"),
        pytest.param(OLDER, id="nbformat 3"),
        pytest.param(document(code("x = 1"), code("y = 2", id="b")), id="4.5 with an id missing"),
        pytest.param(
            document(code("x = 1", id="a"), code("y = 2", id="a")), id="4.5 with an id used twice"
        ),
    ],
)
def test_cells_without_an_id_of_their_own_get_the_same_one_each_time(tree):
    first, second = (
        [cell.id for cell in read(copy.deepcopy(tree)).cells] for _ in range(2)
    )  # fmt: skip
    assert first == second
    assert len(set(first)) == len(first)


def test_ids_that_cells_have_are_kept():
    notebook = read(document(code("x = 1", id="a"), code("y = 2"), code("z = 3", id="c")))
    assert [notebook.cells[0].id, notebook.cells[2].id] == ["a", "c"]


def test_id_given_to_a_cell_changes_with_its_source_alone():
    before = read(document(code("x = 1"), code("y = 2"), version=(4, 4)))
    after = read(document(code("x = 1"), code("y = 3"), version=(4, 4)))
    assert before.cells[0].id == after.cells[0].id
    assert before.cells[1].id != after.cells[1].id


def test_notebook_read_from_any_version_is_a_valid_notebook_of_today():
    for tree in (OLDER, document(code("x = 1"), version=(4, 0))):
        notebook = read(copy.deepcopy(tree))
        nbformat.validate(notebook)
        assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
        assert [cell.source for cell in notebook.cells] == ["x = 1"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("", "it is not JSON", id="empty file"),
        pytest.param("x = 1\n", "it is not JSON", id="a script"),
        pytest.param('{"cells": [', "it is not JSON", id="cut off"),
        pytest.param("{}", "has no cells", id="an empty object"),
        pytest.param('{"cells": []}', "has no cells", id="cells of no version"),
        pytest.param(
            '{"cells": 3, "nbformat": 4}', "structure is wrong", id="cells that are a number"
        ),
        pytest.param("[]", "structure is wrong", id="a list"),
        pytest.param("null", "structure is wrong", id="null"),
        pytest.param(json.dumps(document(version=(5, 0))), "Unsupported", id="a later format"),
        pytest.param(json.dumps(document({"x": 1})), "structure is wrong", id="cells of no type"),
        pytest.param(json.dumps(document("x")), "structure is wrong", id="cells that are texts"),
        pytest.param(
            json.dumps(document(code("x", id="a", metadata={"tags": "parameters"}))),
            "structure is wrong: 'parameters' is not of type 'array'",
            id="tags that are a text",
        ),
    ],
)
def test_what_is_no_notebook_is_refused_with_the_reason(text, reason):
    with pytest.raises(NotebookInvalid) as caught:
        parsed_notebook(text, "work.ipynb")
    assert reason in caught.value.reason
    assert str(caught.value).startswith("work.ipynb is not a notebook that can be run: ")


def test_notebook_that_is_not_there_is_a_missing_file(tmp_path):
    with pytest.raises(NotebookMissing, match=r"there is no notebook .*gone\.ipynb"):
        read_notebook(str(tmp_path / "gone.ipynb"))


def test_folder_and_binary_file_are_no_notebooks(tmp_path):
    (tmp_path / "image.ipynb").write_bytes(b"\x89PNG\xff\xfe")
    for name, reason in (("", "a folder"), ("image.ipynb", "not text")):
        with pytest.raises(NotebookInvalid, match=reason):
            read_notebook(str(tmp_path / name))


@pytest.mark.parametrize(
    ("metadata", "language", "kernel"),
    [
        pytest.param({}, "python", "python3", id="nothing said"),
        pytest.param({"language_info": {"name": "R"}}, "r", "python3", id="language alone"),
        pytest.param(
            {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}, "r", "ir",
            id="kernel",
        ),
    ],
)  # fmt: skip
def test_language_and_kernel_are_read_from_the_metadata(metadata, language, kernel):
    notebook = read(document(**metadata))
    assert (language_of(notebook), kernel_name_of(notebook)) == (language, kernel)


DEFAULTS = tagged("lr = 0.1", "parameters", cell_id="defaults")
EARLIER = tagged("lr = 0.2", "injected-parameters", cell_id="earlier")
HEADED = code("\n%%nbmlops params\nlr = 0.3  # how fast", id="headed")
USE = code("print(lr)", id="use")


@pytest.mark.parametrize(
    ("cells", "sources"),
    [
        pytest.param([USE], ["# Parameters\nlr = 0.5", "print(lr)"], id="first without defaults"),
        pytest.param(
            [code("import os", id="top"), DEFAULTS, USE],
            ["import os", "lr = 0.1", "# Parameters\nlr = 0.5", "print(lr)"],
            id="behind the defaults",
        ),
        pytest.param(
            [DEFAULTS, code("x = 1", id="between"), EARLIER, USE],
            ["lr = 0.1", "x = 1", "# Parameters\nlr = 0.5", "print(lr)"],
            id="in place of an earlier one",
        ),
        pytest.param(
            [code("import os", id="top"), HEADED, USE],
            ["import os", HEADED["source"], "# Parameters\nlr = 0.5", "print(lr)"],
            id="behind a header",
        ),
        pytest.param(
            [EARLIER, HEADED, USE],
            [HEADED["source"], "# Parameters\nlr = 0.5", "print(lr)"],
            id="earlier one above a header",
        ),
        pytest.param(
            [HEADED, DEFAULTS, USE],
            [HEADED["source"], "# Parameters\nlr = 0.5", "lr = 0.1", "print(lr)"],
            id="behind the first of several",
        ),
    ],
)
def test_parameters_are_injected(cells, sources):
    notebook = with_parameters(read(document(*copy.deepcopy(cells))), {"lr": 0.5})
    assert [cell.source for cell in notebook.cells] == sources
    [injected] = [cell for cell in notebook.cells if cell.source.startswith("# Parameters")]
    assert injected.metadata.tags == ["injected-parameters"]
    assert notebook.metadata.papermill["parameters"] == {"lr": 0.5}
    nbformat.validate(notebook)


@pytest.mark.parametrize(
    ("cells", "declared", "places"),
    [
        pytest.param([USE], [], [], id="none"),
        pytest.param([USE, DEFAULTS], [("0.1", "")], [1], id="tag"),
        pytest.param([USE, HEADED], [("0.3", "how fast")], [1], id="header"),
        pytest.param(
            [{**HEADED, "metadata": {"tags": ["parameters"]}}], [("0.3", "how fast")], [0],
            id="both are one",
        ),
        pytest.param([HEADED, USE, DEFAULTS], [("0.3", "how fast")], [0, 2], id="header first"),
        pytest.param([DEFAULTS, HEADED], [("0.1", "")], [0, 1], id="tag first"),
        pytest.param([code("%%nbmlops scratch\nlr = 1", id="a")], [], [], id="another header"),
        pytest.param(
            [{"cell_type": "markdown", "id": "m", "metadata": {}, "source": "%%nbmlops params"}],
            [], [], id="text that looks like it",
        ),
    ],
)  # fmt: skip
def test_first_cell_tagged_or_headed_declares_the_parameters(cells, declared, places):
    notebook = read(document(*copy.deepcopy(cells)))
    assert parameter_cells(notebook) == places
    assert [(found.default, found.help) for found in parameters_of(notebook)] == declared


def test_parameters_in_the_metadata_are_json_whatever_they_are():
    values = {"nan": math.nan, "by pair": {(1, 2): {3}}, "bytes": b"\xff", "complex": 1j}
    notebook = with_parameters(read(document()), values)
    json.dumps(notebook, allow_nan=False)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.text()
    | st.binary()
)
HASHABLE = st.recursive(
    SCALARS,
    lambda inner: st.tuples(inner) | st.tuples(inner, inner) | st.frozensets(inner, max_size=3),
    max_leaves=5,
)
VALUES = st.recursive(
    HASHABLE,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner, inner)
        | st.dictionaries(HASHABLE, inner, max_size=3)
        | st.sets(HASHABLE, max_size=3)
    ),
    max_leaves=10,
)


@given(VALUES)
def test_a_literal_evaluates_to_the_value(value):
    found = eval(literal("x", value), {"__builtins__": {
        "float": float, "complex": complex, "set": set, "frozenset": frozenset,
    }})  # fmt: skip
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("value", "source"),
    [
        pytest.param(math.nan, "float('nan')", id="nan"),
        pytest.param(-math.inf, "float('-inf')", id="minus infinity"),
        pytest.param(-0.0, "-0.0", id="minus zero"),
        pytest.param(True, "True", id="bool"),
        pytest.param((1,), "(1,)", id="tuple of one"),
        pytest.param(set(), "set([])", id="empty set"),
        pytest.param([{"a": math.inf}], "[{'a': float('inf')}]", id="nested"),
    ],
)
def test_literal_of_what_is_easily_written_wrong(value, source):
    assert literal("x", value) == source


def test_value_without_a_literal_is_refused_by_name():
    with pytest.raises(ParameterMismatch, match="parameter 'when'") as caught:
        literal("when", [object()])
    assert "can be written as Python" in str(caught.value)
