"""What is no difference, since cells that nothing needs had done it."""

from dataclasses import replace

import pytest

from nbmlops.records import Items, Names
from nbmlops.replaying.aside import Aside
from nbmlops.replaying.traces import Version
from nbmlops.replaying.verdicts import Compared
from tests.cells.extracting import executions_of


def changing(*items, is_new=False):
    return Names(
        defined=("df",) if is_new else (),
        touched=() if is_new else ("df",),
        items_changed=(Items("df", items),),
    )


@pytest.mark.parametrize(
    ("changes", "in_slice", "columns"),
    [
        pytest.param([Names(defined=("df",)), changing("a")], {"e1"}, {"a"}, id="made aside"),
        pytest.param([Names(defined=("df",)), changing("a")], {"e1", "e2"}, set(), id="needed"),
        pytest.param(
            [Names(defined=("df",)), changing("a", ""), changing("a", "b")], {"e1", "e3"}, set(),
            id="made anew by a needed one",
        ),
        pytest.param(
            [changing("a"), Names(defined=("df",)), changing("b", is_new=True)], {"e2"}, {"b"},
            id="of the value that the name holds",
        ),
    ],
)  # fmt: skip
def test_columns_that_only_cells_beside_the_slice_made(changes, in_slice, columns):
    executions = [
        replace(execution, names=names)
        for execution, names in zip(executions_of(*"xyz"), changes, strict=False)
    ]
    found = Aside(executions, frozenset(in_slice)).columns(executions[-1], "df")
    assert found == columns


@pytest.mark.parametrize(
    ("cells", "in_slice", "verdict"),
    [
        pytest.param(["a = 1", "def f():\n    return a"], {"e2"}, "not comparable", id="function"),
        pytest.param(["a = 1", "f = lambda: a"], {"e2"}, "not comparable", id="lambda"),
        pytest.param(
            ["a = 1", "class C:\n    def g(self):\n        return a", "def h():\n    return C()",
             "f = h()"], {"e2", "e3", "e4"}, "not comparable", id="an object by a function",
        ),
        pytest.param(["a = 1", "def f():\n    return a"], {"e1", "e2"}, "different", id="needed"),
        pytest.param(
            ["a = 1", "def g():\n    return a", "f = random()"], {"e2", "e3"}, "different",
            id="something else",
        ),
    ],
)  # fmt: skip
def test_functions_that_name_what_cells_beside_the_slice_set(cells, in_slice, verdict):
    executions = executions_of(*cells)
    aside = Aside(executions, frozenset(in_slice))
    versions = {"f": Version("d")}
    [found] = aside.excused(executions[-1], [Compared("f", "different")], versions)
    assert found.verdict == verdict
