"""A slice as the cells of a notebook: sources, ids and tags of what comes out."""

from dataclasses import replace

import pytest

from nbmlops.cells.extraction import extract
from nbmlops.cells.statements import lines_of
from tests.cells.extracting import executions_of, extracted, failed, sources, steps_of


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(["a = 1", "b = 2", "c = a"], ["a = 1", "c = a"], id="only cells that matter"),
        pytest.param(
            ["%load_ext nbmlops\nimport nbmlops\na = 1", "%nbmlops metric a\nb = a"],
            ["a = 1", "b = a"],
            id="what asks for nbmlops goes",
        ),
        pytest.param(
            ["a = 1", "\n%%nbmlops step train\n\nb = a"],
            ["a = 1", "b = a"],
            id="headers go",
        ),
        pytest.param(
            ["if 1:\n    %nbmlops runs\na = 1", "b = a"],
            ["if 1:\n    pass\na = 1", "b = a"],
            id="a line alone in a block leaves one that does nothing",
        ),
        pytest.param(
            ["%%time\n%nbmlops metric a\na = 1", "b = a"],
            ["%%time\na = 1", "b = a"],
            id="within a cell that is timed",
        ),
        pytest.param(
            ["%%writefile a.txt\n%nbmlops runs", "text = '''\n%nbmlops runs\n'''"],
            ["%%writefile a.txt\n%nbmlops runs", "text = '''\n%nbmlops runs\n'''"],
            id="not out of a file or a text",
        ),
        pytest.param(
            ["%matplotlib inline\nfiles = !ls\nlen?\n!ls -l\na = files", "b = a"],
            ["%matplotlib inline\nfiles = !ls\nlen?\n!ls -l\na = files", "b = a"],
            id="what only IPython knows stays",
        ),
        pytest.param(
            ["größe = 1\r\nif größe:\r\n\tx = '\u2028'\r\n", "ü = x"],
            ["größe = 1\r\nif größe:\r\n\tx = '\u2028'", "ü = x"],
            id="tabs, other line ends and letters",
        ),
        pytest.param(
            ["import os\r\nx = os.sep\r\n", "y = x"],
            ["import os", "x = os.sep", "y = x"],
            id="an import with another line end",
        ),
        pytest.param(
            ["\n\n# first\n\nx = 1\n\n\n# last\n", "y = x"],
            ["# first\n\nx = 1\n\n\n# last", "y = x"],
            id="no empty lines around",
        ),
        pytest.param(["x = input()", "y = await x"], ["x = input()", "y = await x"], id="waiting"),
        pytest.param(
            ["a = 1", "x = = a"], ["x = = a"], id="no Python: only what was asked for itself"
        ),
    ],
)
def test_sources_come_as_they_were_run(cells, expected):
    targets = [1, 2] if cells[0].startswith("%%") else ()
    assert sources(extracted(*cells, targets=targets)) == expected


def test_cells_keep_their_ids_and_tags():
    first, last = executions_of("%%nbmlops step load\na = 1", "b = a")
    first = replace(first, tags=("step:load", "slow"))
    found = extracted(first, last)
    assert [(cell.id, cell.tags) for cell in found.cells] == [
        ("c1", ("step:load", "slow")),
        ("c2", ()),
    ]


def test_a_cell_executed_twice_is_there_twice_as_it_was_run_each_time():
    cells = executions_of("rows = []", "rows.append(1)", "rows.append(2)", "n = len(rows)")
    cells[2] = replace(cells[2], cell_id="c2", cell_key="c2")
    found = extracted(*cells)
    assert [(cell.id, cell.source) for cell in found.cells][1:3] == [
        ("c2", "rows.append(1)"),
        ("c2-2", "rows.append(2)"),
    ]


@pytest.mark.parametrize(
    "cell_id", [None, "", "vscode-notebook-cell:/a.ipynb#W0sZmlsZQ==", "a" * 99]
)
def test_a_cell_without_an_id_that_notebooks_allow_gets_one_that_lasts(cell_id):
    cells = [replace(cell, cell_id=cell_id) for cell in executions_of("a = 1", "b = a")]
    once, again = extracted(*cells), extracted(*cells)
    ids = [cell.id for cell in once.cells]
    assert ids == [cell.id for cell in again.cells]
    assert len(set(ids)) == 2
    assert all(found.isalnum() or "-" in found for found in ids)
    assert all(0 < len(found) <= 64 for found in ids)


def test_ids_stay_unique_whatever_cells_are_called():
    cells = executions_of(
        "import os\na = os.sep", "%%nbmlops params\nC = 1\nn = len('a')", "b = a, C, n"
    )
    named = [
        replace(cell, cell_id=name)
        for cell, name in zip(cells, ["imports", "imports-2", "parameters"], strict=True)
    ]
    ids = [cell.id for cell in extracted(*named).cells]
    assert len(ids) == len(set(ids)) == 5


@pytest.mark.parametrize("outcome", ["error", "interrupted", "running"])
def test_a_cell_that_failed_and_matters_lets_the_notebook_go_on(outcome):
    found = extracted(failed("a = 1\n1 / 0", outcome), "b = a")
    assert [(cell.source, cell.tags) for cell in found.cells] == [
        ("a = 1\n1 / 0", ("raises-exception",)),
        ("b = a", ()),
    ]
    assert [step.execution.sequence for step in found.failed] == [1]


@pytest.mark.parametrize(
    ("cells", "needs"),
    [
        (["import nbmlops\na = 1", "nbmlops.log_metric('a', a)"], True),
        (["from nbmlops import log_metric\na = 1", "log_metric('a', a)"], True),
        (["import nbmlops as nb\na = 1", "nb.log_metric('a', a)"], True),
        (["%load_ext nbmlops\nimport nbmlops\na = 1", "b = a"], False),
        (["a = 'nbmlops'", "b = a"], False),
    ],
)
def test_code_that_calls_nbmlops_keeps_its_import_and_is_told(cells, needs):
    found = extracted(*cells)
    assert found.needs_nbmlops is needs
    code = [line for source in sources(found) for line in lines_of(source) if "%" not in line]
    assert any("import" in line and "nbmlops" in line for line in code) is needs


def test_nothing_comes_of_nothing():
    assert extract((), str).cells == ()


def test_a_cell_of_ten_thousand_lines_comes_line_for_line():
    big = "import os\n" + "\n".join(f"x{number} = {number}  # {number}" for number in range(10_000))
    found = sources(extracted(big, "y = x7"))
    assert found == ["import os", big.removeprefix("import os\n"), "y = x7"]


def test_an_expression_too_deep_to_be_read_leaves_its_cell_whole():
    deep = "import os\nx = " + " + ".join(["1"] * 5_000)
    assert sources(extracted(deep, "y = 1", targets=[1, 2])) == [deep, "y = 1"]


def test_lines_that_are_not_empty_are_counted():
    assert extracted("a = 1\n\n# b\n", "c = a").line_count == 3


def test_steps_are_told_with_the_cells_that_come_from_them():
    steps = steps_of("import os", "a = os.sep", "b = a")
    found = extract(steps, str)
    assert [cell.step for cell in found.cells] == [None, *steps[1:]]
