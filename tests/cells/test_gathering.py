"""The parameters of an extracted notebook: cells in, cells out."""

import pytest

from tests.cells.extracting import executions_of, extracted, failed, sources

PARAMS = "%%nbmlops params\n"


@pytest.mark.parametrize(
    ("cells", "expected", "values"),
    [
        pytest.param(
            ["x = 1", f"{PARAMS}# how\nC = 0.1  # cost\nname = 'a=b'", "y = C, name, x"],
            ["# how\nC = 0.1  # cost\nname = 'a=b'", "x = 1", "y = C, name, x"],
            {"C": 0.1, "name": "a=b"},
            id="before everything else, as written",
        ),
        pytest.param(
            ["rows = [1, 2]", f"{PARAMS}C = -1\nn = len(rows)\nhalf = C / 2", "y = C, n, half"],
            ["C = -1", "rows = [1, 2]", "n = len(rows)\nhalf = C / 2", "y = C, n, half"],
            {"C": -1},
            id="computed ones stay where they are",
        ),
        pytest.param(
            [f"{PARAMS}a = 1", f"{PARAMS}b = None", "y = a, b"],
            ["a = 1\nb = None", "y = a, b"],
            {"a": 1, "b": None},
            id="of two cells",
        ),
        pytest.param(
            [f"{PARAMS}C = 0.1\nseed = 0", "x = seed", f"{PARAMS}C = 0.001", "y = C, x"],
            ["seed = 0\nC = 0.001", "x = seed", "y = C, x"],
            {"seed": 0, "C": 0.001},
            id="set again: the last value counts where nothing needs the one before",
        ),
        pytest.param(
            [f"{PARAMS}C = 0.1", "x = C", f"{PARAMS}C = 0.001", "y = C, x"],
            ["C = 0.1", "x = C", "C = 0.001", "y = C, x"],
            {},
            id="set again, and both values needed: both stay",
        ),
        pytest.param(
            [f"{PARAMS}C = 0.1", "x = C", f"{PARAMS}C = 0.1", "y = C, x"],
            ["C = 0.1", "x = C", "y = C, x"],
            {"C": 0.1},
            id="set again to the same",
        ),
        pytest.param(
            [f"{PARAMS}C = 1", "x = C", f"{PARAMS}C = True", "y = C, x"],
            ["C = 1", "x = C", "C = True", "y = C, x"],
            {},
            id="values that are equal and not the same",
        ),
        pytest.param(
            [f"{PARAMS}C = []", "C.append(1)", "x = len(C)", f"{PARAMS}C = []", "y = C, x"],
            ["C = []", "C.append(1)", "x = len(C)", "C = []", "y = C, x"],
            {},
            id="set again to the same, and changed in between",
        ),
        pytest.param(
            [f"{PARAMS}C = 1\nC = 2\nD = 3", "y = C, D"],
            ["C = 2\nD = 3", "y = C, D"],
            {"C": 2, "D": 3},
            id="set twice in one cell",
        ),
        pytest.param(
            ["C = 5\nx = C", f"{PARAMS}C = 1", "y = C, x"],
            ["C = 5\nx = C", "C = 1", "y = C, x"],
            {},
            id="name of something before it",
        ),
        pytest.param(
            [f"{PARAMS}C = 1", "C = C + 1", "y = C"],
            ["C = 1", "C = C + 1", "y = C"],
            {"C": 1},
            id="changed later by another cell",
        ),
        pytest.param(
            [f"{PARAMS}lr: float = 0.1\nkind: Optional[int] = None", "y = lr, kind"],
            ["lr: float = 0.1", "kind: Optional[int] = None", "y = lr, kind"],
            {"lr": 0.1},
            id="annotated by a name that has to be there first",
        ),
        pytest.param(
            [f"{PARAMS}import os\nC = 1\npath = os.sep", "y = C, path"],
            ["import os", "C = 1", "path = os.sep", "y = C, path"],
            {"C": 1},
            id="behind the imports",
        ),
        pytest.param(
            [f"{PARAMS}a, b = 1, 2", "y = a + b"], ["a, b = 1, 2", "y = a + b"], {},
            id="unpacked ones stay",
        ),
        pytest.param(
            [f"{PARAMS}a = 1; b = 2", "y = a + b"], ["a = 1; b = 2", "y = a + b"], {},
            id="two on one line stay",
        ),
        pytest.param(["C = 1", "y = C"], ["C = 1", "y = C"], {}, id="no parameters cell"),
    ],
)  # fmt: skip
def test_parameters_are_gathered_in_one_cell(cells, expected, values):
    found = extracted(*cells)
    assert sources(found) == expected
    assert dict(found.parameters) == values


@pytest.mark.parametrize(
    ("cells", "tagged"),
    [
        ([f"{PARAMS}C = 1", "y = C"], "C = 1"),
        (["import os\nx = os.sep", f"{PARAMS}n = len(x)", "y = n"], "n = len(x)"),
        ([f"{PARAMS}C = 0.1", "x = C", f"{PARAMS}C = 2", "y = C, x"], "C = 2"),
        ([f"{PARAMS}C = 1\nn = len('a')", "y = C, n"], "C = 1"),
        ([failed(f"{PARAMS}C = 1"), "y = C"], "C = 1"),
        (["C = 1", "y = C"], None),
    ],
)
def test_one_cell_has_the_tag_of_papermill(cells, tagged):
    found = [cell.source for cell in extracted(*cells).cells if "parameters" in cell.tags]
    assert found == ([tagged] if tagged else [])


def test_parameters_given_to_a_headless_run_take_the_place_of_the_defaults():
    from dataclasses import replace

    default, given, last = executions_of(
        f"{PARAMS}C = 0.1\nseed = 0", "# Parameters\nC = 5", "y = C, seed"
    )
    given = replace(given, tags=("injected-parameters",))
    found = extracted(default, given, last)
    assert sources(found) == ["seed = 0\n# Parameters\nC = 5", "y = C, seed"]
    assert [cell.tags for cell in found.cells] == [("parameters",), ()]
