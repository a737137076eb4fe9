import ast

import pytest

from nbmlops.cells.touches import Touch, touches_by_line


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x", {}),
        ("x = y", {}),
        ("x.sort()", {(1, "x"): {Touch("x", method="sort")}}),
        ("x.a[0].sort()", {(1, "x"): {Touch("x", method="sort")}}),
        ("\nx.drop(1, inplace=True)", {(2, "x"): {Touch("x", method="drop", inplace=True)}}),
        ("x[0] = y", {(1, "x"): {Touch("x")}}),
        ("x.a = y", {(1, "x"): {Touch("x")}}),
        ("del x[0], y.a", {(1, "x"): {Touch("x")}, (1, "y"): {Touch("y")}}),
        ("x += y", {(1, "x"): {Touch("x")}}),
        ("x[0] += y", {(1, "x"): {Touch("x")}}),
        ("for x[0] in y: pass", {(1, "x"): {Touch("x")}}),
        ("f(x, *y, key=z.a, **w)",
         {(1, name): {Touch(name, function="f")} for name in ("x", "y", "z", "w")}),
        ("m.f(x)", {(1, "m"): {Touch("m", method="f")}, (1, "x"): {Touch("x", function=".f")}}),
        ("f()(x)", {(1, "x"): {Touch("x", function="")}}),
        ("print(x, len(y))", {}),
        ("f(x + y)", {}),
        ("def g(a):\n  a.pop()\n  x.pop()", {(2, "a"): {Touch("a", method="pop")},
                                             (3, "x"): {Touch("x", method="pop")}}),
        ("f(\n x,\n y)", {(2, "x"): {Touch("x", function="f")},
                          (3, "y"): {Touch("y", function="f")}}),
        ("x.a(); x.b()", {(1, "x"): {Touch("x", method="a"), Touch("x", method="b")}}),
    ],
)  # fmt: skip
def test_touches_by_line(source, expected):
    assert touches_by_line(ast.parse(source)) == expected
