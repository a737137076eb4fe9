"""Cells taken apart: their lines, and what stands on them."""

import pytest

from nbmlops.capture.python_of import python_of
from nbmlops.cells.statements import cells_of, lines_of
from tests.cells.extracting import failed, steps_of


def taken_apart(source):
    return cells_of(steps_of(source), python_of)[0]


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("", []),
        ("# nothing", []),
        ("a = 1\nb = 2", [(0, 0, True), (1, 1, True)]),
        ("\n\na = (\n    1,\n)", [(2, 4, True)]),
        ("a = 1; b = 2\nc = 3", [(0, 0, False), (0, 0, False), (1, 1, True)]),
        ("@f\n@g\ndef h():\n    pass", [(0, 3, True)]),
        ("%matplotlib inline\nx = !ls\nlen?", [(0, 0, True), (1, 1, True), (2, 2, True)]),
        ("if a:\n    !ls\nb = 1", [(0, 1, True), (2, 2, True)]),
        ("  a = 1\n  b = 2", [(0, 0, False), (1, 1, False)]),
        ("a = '''\n%nbmlops\n'''", [(0, 2, True)]),
    ],
)
def test_statements_are_known_by_their_lines(source, parts):
    found = taken_apart(source).parts
    assert [(part.first, part.last, part.is_alone) for part in found] == parts
    assert all(part.node is not None for part in found)


@pytest.mark.parametrize(
    "source", ["%%time\na = 1", "x = = 1", "!ls \\\n  -l\na = 1", "%%bash\nls", "def f(:\n  pass"]
)
def test_what_has_no_python_line_for_line_is_one_part(source):
    [part] = taken_apart(source).parts
    assert part.node is None
    assert taken_apart(source).is_whole
    assert taken_apart(source).source == source


@pytest.mark.parametrize(
    ("source", "is_whole"),
    [
        ("a = 1", False),
        ("a = input()", True),
        ("a = await b", True),
        ("async def f():\n    await b", False),
        ("get_ipython().run_cell('a = 1')", True),
        ("%run script.py", True),
        ("%time a = 1", False),
        ("exec('a = 1')", True),
        ("a.eval('b')", False),
    ],
)
def test_a_cell_that_hides_what_it_does_stays_whole(source, is_whole):
    assert taken_apart(source).is_whole is is_whole


def test_a_cell_that_failed_stays_whole():
    assert cells_of(steps_of(failed("a = 1")), python_of)[0].is_whole


def test_taking_parts_out_leaves_the_other_lines_as_they_were():
    cell = taken_apart("# 1\na = 1  # 2\n\n# 3\nb = 2\n\n\tc = 3".replace("\tc", "c"))
    assert cell.without([cell.parts[0]]).source == "# 1\n\n# 3\nb = 2\n\nc = 3"
    assert cell.without(cell.parts[:2]).without([cell.parts[2]]).source == ""
    assert cell.without([]) is cell


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("", []),
        ("a", ["a"]),
        ("a\n", ["a\n"]),
        ("a\r\n\r\nb\rc", ["a\r\n", "\r\n", "b\r", "c"]),
        ("a\x0cb\u2028c\x85d", ["a\x0cb\u2028c\x85d"]),
    ],
)
def test_lines_end_where_python_ends_them(source, lines):
    assert lines_of(source) == lines
