"""Statements that a target does not need: cells in, what is left of them out."""

from dataclasses import replace

import pytest

from nbmlops.cells.pruning import Wanted
from nbmlops.records import Names
from tests.cells.extracting import executions_of, extracted, failed, sources

FRAME = "import pandas as pd\ndf = pd.DataFrame({'a': [1]})"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(["a = 1\nb = 2", "y = a"], ["a = 1", "y = a"], id="assignment of another"),
        pytest.param(["a = 1\na = 2", "y = a"], ["a = 2", "y = a"], id="value written over"),
        pytest.param(["a = 1\na += 2", "y = a"], ["a = 1\na += 2", "y = a"], id="built upon"),
        pytest.param(
            [f"{FRAME}\ndf.head()", "n = len(df)\nprint(n)\ny = df.a.sum()\ny"],
            ["import pandas as pd", "df = pd.DataFrame({'a': [1]})", "y = df.a.sum()"],
            id="what only shows",
        ),
        pytest.param(
            ["rows = []\nrows.append(1)\nother = []\nother.append(1)", "y = rows"],
            ["rows = []\nrows.append(1)", "y = rows"],
            id="changes in place of what is needed alone",
        ),
        pytest.param(
            ["a = [1]\nfor each in a:\n    print(each)\nassert len(a) == 1", "y = a"],
            ["a = [1]", "y = a"],
            id="loops and checks without effect",
        ),
        pytest.param(
            ["a = []\nfor each in range(3):\n    a.append(each)\nb = 1", "y = a"],
            ["a = []\nfor each in range(3):\n    a.append(each)", "y = a"],
            id="loops that fill",
        ),
        pytest.param(
            ["a = 1\nif a:\n    b = 2\nelse:\n    b = 3\nc = b", "y = c"],
            ["a = 1\nif a:\n    b = 2\nelse:\n    b = 3\nc = b", "y = c"],
            id="both branches",
        ),
        pytest.param(
            ["b = 1\nif len('a'):\n    b = 2", "y = b"],
            ["b = 1\nif len('a'):\n    b = 2", "y = b"],
            id="what a branch may leave as it was",
        ),
        pytest.param(
            ["import numpy as np\nimport os\nimport seaborn\nimport a.b\nx = 1", "y = x"],
            ["import seaborn\nimport a.b", "x = 1", "y = x"],
            id="imports of nothing that is named, but for those that may have an effect",
        ),
        pytest.param(
            ["from math import *\nfrom sklearn.svm import SVC\nx = 1", "y = x"],
            ["from math import *\nx = 1", "y = x"],
            id="star imports stay",
        ),
        pytest.param(
            ["import random\nrandom.seed(1)\nx = 1", "y = x"],
            ["import random", "random.seed(1)\nx = 1", "y = x"],
            id="a call into a module stays",
        ),
        pytest.param(
            ["x = [1]", "import matplotlib.pyplot as plt\nz = x\nplt.plot(x)\nplt.show()", "y = z"],
            ["x = [1]", "z = x", "y = z"],
            id="drawing",
        ),
        pytest.param(
            ["x = 1\nwith open('a') as file:\n    z = file", "y = x"],
            ["x = 1\nwith open('a') as file:\n    z = file", "y = x"],
            id="with stays",
        ),
        pytest.param(
            ["x = 1\n%matplotlib inline\n!ls", "y = x"],
            ["x = 1\n%matplotlib inline\n!ls", "y = x"],
            id="magics stay",
        ),
        pytest.param(
            ["x = 1\nz = input()", "y = x"], ["x = 1\nz = input()", "y = x"],
            id="a cell that asks stays whole",
        ),
        pytest.param(
            ["x = 1\nz = 2\nexec('w = 3')", "y = x"], ["x = 1\nz = 2\nexec('w = 3')", "y = x"],
            id="a cell that executes texts stays whole",
        ),
        pytest.param(["%%time\nx = 1\nz = 2", "y = x"], ["%%time\nx = 1\nz = 2", "y = x"],
            id="a cell below a magic stays whole"),
        pytest.param(
            [failed("x = 1\nz = 2\n1 / 0"), "y = x"], ["x = 1\nz = 2\n1 / 0", "y = x"],
            id="a cell that failed stays whole",
        ),
        pytest.param(["x = 1; z = 2", "y = x"], ["x = 1; z = 2", "y = x"], id="one line"),
        pytest.param(["x = 1\na = 2; b = 3", "y = x"], ["x = 1", "y = x"], id="no line"),
        pytest.param(["x = 1\ny = x\ndel x\nz = 1"], ["x = 1\ny = x"], id="deletions"),
        pytest.param(
            ["# data\nx = 1\n# more\nz = 2", "y = x"], ["# data\nx = 1\n# more", "y = x"],
            id="comments stay",
        ),
        pytest.param(
            ["class A:\n    k = 1\nclass B(A):\n    pass\nclass C:\n    pass", "y = B().k"],
            ["class A:\n    k = 1\nclass B(A):\n    pass", "y = B().k"],
            id="classes",
        ),
        pytest.param(
            ["import functools\n@functools.cache\ndef f():\n    pass\nx = 1", "y = x"],
            ["import functools", "@functools.cache\ndef f():\n    pass\nx = 1", "y = x"],
            id="a decorator may do something",
        ),
    ],
)  # fmt: skip
def test_a_variable_needs_what_its_value_is_made_of(cells, expected):
    assert sources(extracted(*cells, wanted=Wanted("variable", frozenset("y")))) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(
            ["a = 1", "acc = a\nother = 2\nacc"], ["a = 1", "acc = a"], id="assigned at the top"
        ),
        pytest.param(
            ["import nbmlops\na = 1",
             "nbmlops.log_metric('acc', a)\nnbmlops.log_metric('b', 2)\nc = 3"],
            ["import nbmlops", "a = 1", "nbmlops.log_metric('acc', a)\nnbmlops.log_metric('b', 2)"],
            id="logged: another call of the module may matter too",
        ),
        pytest.param(
            ["a = {'acc': 1}", "run.log_metrics(a)\nc = 3"],
            ["a = {'acc': 1}", "run.log_metrics(a)"],
            id="logged with others",
        ),
        pytest.param(
            ["a = 1\nb = 2", "c = a\nfinish(c)\nd = 3"],
            ["a = 1", "c = a\nfinish(c)\nd = 3"],
            id="nobody can tell how: its cell stays whole",
        ),
    ],
)  # fmt: skip
def test_a_metric_needs_what_measures_it(cells, expected):
    found = extracted(*cells, wanted=Wanted("metric", frozenset(["acc"])))
    assert sources(found) == expected


def test_a_metric_measured_in_two_cells_keeps_both():
    cells = ["a = 1\nacc = a\nb = 2", "acc = a + 1\nb = 3"]
    found = extracted(*cells, targets=[1, 2], wanted=Wanted("metric", frozenset(["acc"])))
    assert sources(found) == ["a = 1\nacc = a", "acc = a + 1"]


def test_an_output_needs_what_shows_something():
    cells = ["a = 1\nb = 2\na", "c = 3\nprint(a)\nd = a\nd"]
    found = extracted(*cells, wanted=Wanted("output"))
    assert sources(found) == ["a = 1", "print(a)\nd = a\nd"]


def test_everything_leaves_its_own_cells_whole():
    cells = ["a = 1\nb = 2", "c = a\nd = 3"]
    assert sources(extracted(*cells, wanted=Wanted("everything"))) == ["a = 1", "c = a\nd = 3"]


def test_calls_stay_in_a_cell_that_is_needed_for_what_nobody_sees():
    cells = executions_of("import random\na = random.random()\nb = len('b')", "y = random.random()")
    hidden = Names(("random", "a", "b"), (), ("<random>",))
    cells[0] = replace(cells[0], names=hidden)
    cells[1] = replace(cells[1], names=Names(("y",), ("random", "<random>"), ("<random>",)))
    found = extracted(*cells, wanted=Wanted("variable", frozenset("y")))
    assert sources(found) == ["import random", "a = random.random()", "y = random.random()"]


def test_a_cell_whose_functions_write_what_is_needed_stays_whole():
    cells = executions_of("def f():\n    global k\n    k = 1", "f()\nz = 1", "y = k")
    cells[1] = replace(cells[1], names=Names(("k", "z"), ("f",)))
    found = extracted(*cells, wanted=Wanted("variable", frozenset("y")))
    assert sources(found) == ["def f():\n    global k\n    k = 1", "f()\nz = 1", "y = k"]


def test_what_a_needed_function_reads_is_needed_wherever_it_is_written():
    cells = ["def f():\n    return k\ndef g():\n    return j", "k = 1\nj = 2", "y = f()"]
    found = extracted(*cells, targets=[1, 2, 3], wanted=Wanted("variable", frozenset("y")))
    assert sources(found) == ["def f():\n    return k", "k = 1", "y = f()"]


def test_calls_of_modules_that_only_compute_can_go():
    cells = executions_of(
        "x = 1", "import numpy as np\nz = x\nprint(np.sqrt(x))\nprint(np.random.rand())", "y = z"
    )
    cells[1] = replace(cells[1], names=Names(("np", "z"), ("x",)))
    found = extracted(*cells, wanted=Wanted("variable", frozenset("y")))
    assert sources(found) == [
        "import numpy as np",
        "x = 1",
        "z = x\nprint(np.random.rand())",
        "y = z",
    ]


def test_what_looked_unchanged_when_it_ran_can_go():
    cells = executions_of("a = open('x')", "a.upper()\nother(a)\nb = a", "y = a, b")
    seen = Names(("b",), ("a", "other"))
    cells[1] = replace(cells[1], names=seen)
    found = extracted(*cells, wanted=Wanted("variable", frozenset("y")))
    assert sources(found)[1] == "other(a)\nb = a"  # what a function does nobody knows
