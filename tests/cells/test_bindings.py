import pytest

from nbmlops.cells.bindings import bindings_of, say_the_same


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("import a.b, c as d", {"a": "import a", "d": "import c"}, id="imports"),
        pytest.param("from a.b import c as d, e",
                     {"d": "from a.b import c", "e": "from a.b import e"}, id="imports of names"),
        pytest.param("x = -1\ny = [1, 'a']  # said", {"x": "-1", "y": "[1, 'a']"}, id="literals"),
        pytest.param("x = y\nz = f(1)\nw = x", {}, id="what needs names"),
        pytest.param("x = 1\nx = 2", {}, id="bound twice"),
        pytest.param("x = 1\nfor x in y: pass", {}, id="bound again in a loop"),
        pytest.param("if y:\n    x = 1", {}, id="bound in a branch"),
        pytest.param("def f(a, b=1):\n    return a + k", {"f": "def f(a, b=1):\n    return a + k"},
                     id="function"),
        pytest.param("@cache\ndef f(): pass\ndef g(a=k): pass", {}, id="function made of others"),
        pytest.param("%load_ext nbmlops\nimport os\n!ls", {"os": "import os"}, id="magics"),
        pytest.param("%%nbmlops params\nx = 1", {"x": "1"}, id="own header"),
        pytest.param("%%time\nx = 1", {}, id="another header"),
        pytest.param("x = (", {}, id="no Python"),
    ],
)  # fmt: skip
def test_what_a_statement_says_whole(source, expected):
    assert bindings_of(source) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("import os", "import os\nimport re", True, id="one import more"),
        pytest.param("import os", "import re, os", True, id="one more in the same statement"),
        pytest.param("import os", "import re as os", False, id="another module"),
        pytest.param("x = 1\ny = 2", "x = 1\ny = 3", True, id="another name changed"),
        pytest.param("x = 1", "x = 2", False, id="changed"),
        pytest.param("def x():\n    return 1", "def x():\n    return 2", False, id="body changed"),
        pytest.param(
            "def x():\n    return 1", "def x():\n    # one\n    return 1", True, id="comment"
        ),
        pytest.param("x = y", "x = y\n1", False, id="what it says needs others"),
        pytest.param("x = 1", "x = 1\nx = 2", False, id="bound again"),
        pytest.param("for x in y: pass", "for x in y: pass", False, id="not said at all"),
    ],
)
def test_two_cells_say_the_same_of_a_name(one, other, same):
    assert say_the_same("x" if "x" in one else "os", one, other) is same
