import math

import numpy as np
import pytest

from nbmlops.cells.parameters import Declared, Text, checked, declared_in
from nbmlops.errors import ParameterMismatch, ParameterUnknown


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("x = 1", [("x", "1", 1, "")], id="int"),
        pytest.param("x = 0.10", [("x", "0.10", 0.1, "")], id="as it is written"),
        pytest.param("x = -1", [("x", "-1", -1, "")], id="negative"),
        pytest.param("x = 1_000  # rows", [("x", "1_000", 1000, "rows")], id="comment"),
        pytest.param("s = 'a#b'  # real", [("s", "'a#b'", "a#b", "real")], id="# in a text"),
        pytest.param("s = 'a=b'", [("s", "'a=b'", "a=b", "")], id="= in a text"),
        pytest.param("s = '''a\n# b\nc = d'''", [("s", "'''a\n# b\nc = d'''", "a\n# b\nc = d", "")],
                     id="text over lines"),
        pytest.param("s = (\n    'a'\n    'b'\n)  # both", [("s", "'a'\n    'b'", "ab", "both")],
                     id="text in parts"),
        pytest.param("x = [\n    1,  # one\n    2,\n]  # all", [("x", "[\n    1,  # one\n    2,\n]",
                     [1, 2], "all")], id="list over lines"),
        pytest.param("x = {'a': [1, (2,)], None: {3}}", [("x", "{'a': [1, (2,)], None: {3}}",
                     {"a": [1, (2,)], None: {3}}, "")], id="nested"),
        pytest.param("a = b = 3", [("a", "3", 3, ""), ("b", "3", 3, "")], id="chain"),
        pytest.param("a = 1; b = 2", [("a", "1", 1, ""), ("b", "2", 2, "")], id="one line"),
        pytest.param("x = 1\ny = 2\nx = 3", [("y", "2", 2, ""), ("x", "3", 3, "")], id="twice"),
        pytest.param("x = None", [("x", "None", None, "")], id="none"),
        pytest.param("ü = 'é'  # ñ", [("ü", "'é'", "é", "ñ")], id="letters"),
        pytest.param("x = 1\r\ny = 2", [("x", "1", 1, ""), ("y", "2", 2, "")], id="Windows"),
        pytest.param("", [], id="empty"),
        pytest.param("x = = 1", [], id="no Python"),
        pytest.param("a, b = 1, 2", [], id="unpacking declares nothing"),
        pytest.param("x[0] = 1; x.a = 2", [], id="items and attributes"),
        pytest.param("x += 1", [], id="augmented"),
        pytest.param("x: int", [], id="annotation alone"),
        pytest.param("if a:\n    x = 1", [], id="not at the top"),
        pytest.param("import os\nprint(1)\nx = 1", [("x", "1", 1, "")], id="code beside"),
    ],
)  # fmt: skip
def test_declared_are_the_assignments_at_the_top(source, expected):
    found = declared_in(source)
    assert [(each.name, each.default, each.value, each.help) for each in found] == expected
    assert all(each.is_literal for each in found)


@pytest.mark.parametrize(
    "source", ["x = f()", "x = y + 1", "x = f'{y}'", "x = [a]", "x = {[1]: 2}"]
)
def test_value_that_needs_running_is_declared_without_being_known(source):
    (found,) = declared_in(source)
    assert (found.name, found.value, found.is_literal, found.kind) == ("x", None, False, None)
    assert found.default == source.removeprefix("x = ")


@pytest.mark.parametrize(
    ("source", "kind", "expected"),
    [
        ("x = 1", int, "a whole number"),
        ("x = 1.0", float, "a number"),
        ("x = True", bool, "true or false"),
        ("x = 'a'", str, "a text"),
        ("x = b'a'", bytes, "bytes"),
        ("x = [1]", list, "a list"),
        ("x = (1,)", tuple, "a tuple"),
        ("x = {}", dict, "a dict"),
        ("x = {1}", set, "a set"),
        ("x = None", None, "any value"),
        ("x = f()", None, "any value"),
        ("x = ...", None, "any value"),
        ("x = 1j", None, "any value"),
        ("x: float = 1", float, "a number"),
        ("x: int = f()", int, "a whole number"),
        ("x: float | None = None", None, "any value"),
        ("x: 'Frame' = 1", None, "any value"),
    ],
)
def test_type_is_the_annotations_else_the_values(source, kind, expected):
    (found,) = declared_in(source)
    assert (found.kind, found.expected) == (kind, expected)


@pytest.mark.parametrize(
    ("default", "text", "value"),
    [
        ("1", "2", 2),
        ("1", " -2 ", -2),
        ("1.0", "2", 2.0),
        ("1.0", "1e-3", 0.001),
        ("1.0", "inf", math.inf),
        ("True", "false", False),
        ("False", "TRUE", True),
        ("'a'", "2", "2"),
        ("'a'", "", ""),
        ("'a'", "None", "None"),
        ("[1]", "[2, 'b']", [2, "b"]),
        ("[1]", '["b", null, true]', ["b", None, True]),
        ("(1,)", "(2, 3)", (2, 3)),
        ("(1,)", "[2, 3]", (2, 3)),
        ("{1}", "[2, 2]", {2}),
        ("{}", '{"a": true}', {"a": True}),
        ("{}", "{'a': (1,)}", {"a": (1,)}),
        ("b'a'", "b'c'", b"c"),
        ("None", "3", 3),
        ("None", "three", "three"),
        ("None", "null", None),
        ("None", "{[1]: 2}", "{[1]: 2}"),
        ("f()", "0.5", 0.5),
        ("...", "x y", "x y"),
    ],
)
def test_text_of_a_command_line_is_read_as_the_declared_type(default, text, value):
    found = checked({"x": Text(text)}, declared_in(f"x = {default}"))["x"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("default", "value"),
    [
        ("1", Text("1.0")),
        ("1", Text("one")),
        ("1", Text("")),
        ("1", Text("9" * 5_000)),
        ("1", Text("True")),
        ("1.0", Text("1,5")),
        ("True", Text("1")),
        ("True", Text("yes")),
        ("[1]", Text("1")),
        ("[1]", Text("{}")),
        ("(1,)", Text("1")),
        ("{1}", Text("[[1]]")),
        ("{}", Text("[]")),
        ("{}", Text("{[1]: 2}")),
        ("{}", Text("a: 1")),
        ("b'a'", Text("c")),
        ("1", True),
        ("1", 1.0),
        ("1", "1"),
        ("1", None),
        ("1", np.float64(1.0)),
        ("1", np.bool_(True)),
        ("1.0", True),
        ("1.0", "1"),
        ("True", 1),
        ("True", "true"),
        ("'a'", 1),
        ("'a'", None),
        ("[1]", (1,)),
        ("(1,)", [1]),
        ("{}", []),
        ("{1}", frozenset({1})),
        ("1", np.ones(2)),
    ],
)
def test_a_value_of_another_type_is_refused(default, value):
    with pytest.raises(ParameterMismatch) as caught:
        checked({"x": value}, declared_in(f"x = {default}"))
    assert caught.value.name == "x"
    assert f"x = {default}" in str(caught.value)
    assert isinstance(caught.value, TypeError)


@pytest.mark.parametrize(
    ("default", "value", "expected"),
    [
        ("1.0", 2, 2.0),
        ("1.0", np.float32(0.5), 0.5),
        ("1.0", np.int64(2), 2.0),
        ("1", np.int64(2), 2),
        ("1", np.array(2), 2),
        ("True", np.bool_(False), False),
        ("'a'", np.str_("b"), "b"),
        ("None", 1.5, 1.5),
        ("None", np.float64(1.5), 1.5),
        ("...", {"a": 1}, {"a": 1}),
    ],
)
def test_an_int_becomes_a_float_and_numpy_becomes_python_and_no_more(default, value, expected):
    found = checked({"x": value}, declared_in(f"x = {default}"))["x"]
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("source", "has_cell", "hints"),
    [
        pytest.param("lr = 1; seed = 2", True, ["'sed'", "Did you mean seed?", "lr"], id="near"),
        pytest.param("depth = 1", True, ["There is: depth."], id="nothing near"),
        pytest.param("", True, ["assigns no name"], id="empty cell"),
        pytest.param("", False, ["tagged `parameters`"], id="no cell"),
    ],
)
def test_an_unknown_name_says_which_there_are(source, has_cell, hints):
    with pytest.raises(ParameterUnknown) as caught:
        checked({"sed": 1}, declared_in(source), has_cell=has_cell)
    assert [hint for hint in hints if hint not in str(caught.value)] == []


def test_only_what_is_given_comes_back():
    assert checked({}, [Declared("x", "1", 1, is_literal=True)]) == {}
