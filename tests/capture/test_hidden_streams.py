"""Standard streams that a cell puts aside, and others bring back."""

import sys

import pytest

from tests.capture.hidden_cases import case, hidden
from tests.capture.notebooks import open_notebook

STDOUT = "<sys.stdout>"
ASIDE = "import sys, io\nusual = sys.stdout\nsys.stdout = io.StringIO()"


@pytest.fixture
def notebook():
    usual = sys.stdout, sys.stderr
    with open_notebook() as opened:
        yield opened
        sys.stdout, sys.stderr = usual
        assert not opened.faults


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        case("put aside", ASIDE, defined=[STDOUT]),
        case("the usual one is read", "import sys", "sys.stdout"),
        case("printed to", ASIDE, "print('x')", changed=[STDOUT]),
        case("not printed to", ASIDE, "x = 1"),
        case("asked for", ASIDE, "x = sys.stdout.getvalue()", used=[STDOUT]),
        case("brought back", ASIDE, "sys.stdout = usual", defined=[STDOUT]),
        case("asked for and brought back", ASIDE, "x = sys.stdout.getvalue(); sys.stdout = usual",
             defined=[STDOUT], used=[STDOUT]),
        case("after that", ASIDE, "sys.stdout = usual", "print('x'); sys.stdout"),
        case("what cannot be compared",
             "import sys\nsys.stderr = type('Stream', (), {'write': len, 'flush': id})()",
             "x = 1", changed=["<sys.stderr>"]),
    ],
)  # fmt: skip
def test_streams_put_aside_are_hidden_inputs(notebook, cells, expected):
    found = [notebook.run(cell) for cell in cells][-1]
    assert hidden(found) == expected


def test_who_prints_changes_the_variable_that_is_printed_to(notebook):
    notebook.run("import sys, io\nusual = sys.stdout\nbuffer = sys.stdout = io.StringIO()")
    assert notebook.run("print('x')").touched == (STDOUT, "buffer")
    assert notebook.run("x = 1").touched == ()
    assert "buffer" not in notebook.run("sys.stdout = usual").touched
    assert notebook.run("print('x')").touched == ()


def test_a_patch_that_wraps_what_was_there_depends_on_it(notebook):
    patches = "<patches of builtins>"
    notebook.run("import builtins\nusual = print")
    try:
        assert hidden(notebook.run("builtins.print = len")).defined == (patches,)
        wraps = notebook.run("builtins.print = [builtins.print][0].__call__")
        assert (patches in wraps.used, patches in wraps.touched) == (True, True)
        anew = notebook.run("builtins.print = usual")
        assert (patches in anew.defined, patches in anew.used) == (True, False)
    finally:
        notebook.quietly("builtins.print = usual")
