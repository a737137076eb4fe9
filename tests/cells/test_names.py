import ast
import warnings

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from nbmlops.cells.names import Touch, merged, names_of
from nbmlops.records import Names


def case(title, source, defined="", used="", touched="", deleted=""):
    parts = (tuple(words.split()) for words in (defined, used, touched, deleted))
    return pytest.param(source, Names(*parts), id=title)


STATEMENTS = [
    case("nothing", ""),
    case("comment", "# x = y"),
    case("assignment", "x = y", "x", "y"),
    case("own value counts as before", "x = x + 1", "x", "x"),
    case("written first", "x = 1\ny = x", "x y"),
    case("chain", "a = b = c", "a b", "c"),
    case("unpacking", "a, (b, *c) = d", "a b c", "d"),
    case("swap", "a, b = b, a", "a b", "a b"),
    case("annotated", "x: int = y", "x", "int y"),
    case("annotation alone", "x: Frame", "", "Frame"),
    case("augmented", "x += y", "x", "x y", "x"),
    case("augmented after writing", "x = []\nx += y", "x", "y", "x"),
    case("augmented item", "x[i] += y", "", "i x y", "x"),
    case("augmented attribute", "x.n += y", "", "x y", "x"),
    case("item", "x[i] = y", "", "i x y", "x"),
    case("attribute", "x.a.b = y", "", "x y", "x"),
    case("deep item", "x.a[0].b[i] = y", "", "i x y", "x"),
    case("reading an item", "x[i]", "", "i x"),
    case("delete", "del x", "", "x", "", "x"),
    case("delete several", "del (x, y)", "", "x y", "", "x y"),
    case("delete what was made here", "x = 1\ndel x", "x", "", "", "x"),
    case("delete an item", "del x[i]", "", "i x", "x"),
    case("delete an attribute", "del x.a", "", "x", "x"),
    case("display", "x", "", "x"),
    case("formatted text", "f'{x!r:>{width}} {y.z}'", "", "width x y"),
    case("type alias", "type Row = dict[str, Cell]", "Row", "Cell dict str"),
    case("assert", "assert x, y", "", "x y"),
    case("raise", "raise x from y", "", "x y"),
]
CALLS = [
    case("method", "x.append(y)", "", "x y", "x y"),
    case("method of an attribute", "x.a.sort()", "", "x", "x"),
    case("function", "f(x, *y, key=z, **w)", "", "f w x y z", "w x y z"),
    case("function given an attribute", "f(x.a[0])", "", "f x", "x"),
    case("harmless function", "print(len(x))", "", "len print x"),
    case("harmless function around another", "print(f(x))", "", "f print x", "x"),
    case("expression leaves its parts alone", "f(x + y)", "", "f x y"),
    case("chain touches its root", "x.a().b(y)", "", "x y", "x y"),
    case("await", "x = await f(y)", "x", "f y", "y"),
]
BRANCHES = [
    case("both branches write", "if c:\n    x = 1\nelse:\n    x = 2\nx", "x", "c"),
    case("one branch writes", "if c:\n    x = 1", "x", "c x"),
    case("written before", "x = 0\nif c:\n    x = 1\nx", "x", "c"),
    case("else reads what if wrote", "if c:\n    x = 1\nelse:\n    x", "x", "c x"),
    case("elif", "if a:\n    x = 1\nelif b:\n    x = 2\nelse:\n    x = 3", "x", "a b"),
    case("conditional expression", "x = a if c else b", "x", "a b c"),
    case("for", "for i in xs:\n    t = i", "i t", "xs"),
    case("for carries over", "for i in xs:\n    t = t + i", "i t", "t xs"),
    case("for unpacks", "for i, (a, b) in enumerate(xs):\n    pass", "a b i", "enumerate xs"),
    case("for into an item", "for x[0] in xs:\n    pass", "", "x xs", "x"),
    case("for else", "for i in xs:\n    pass\nelse:\n    n = 1", "i n", "n xs"),
    case("while", "while c:\n    c = step(c)", "c", "c step", "c"),
    case("async for", "async for i in xs:\n    y = i", "i y", "xs"),
    case("with", "with open(p) as f:\n    t = f.read()", "f t", "open p", "f p"),
    case("with unpacks", "with a as (b, c), d:\n    pass", "b c", "a d"),
    case("async with", "async with a as b:\n    b", "b", "a"),
    case("try", "try:\n    x = f()\nexcept E:\n    x = 0", "x", "E f"),
    case("try may not come that far", "try:\n    x = f()\nexcept E:\n    pass", "x", "E f x"),
    case("except as is gone after", "try:\n    f()\nexcept E as e:\n    print(e)", "", "E f print"),
    case(
        "except as hides nothing before",
        "try:\n    f()\nexcept E as e:\n    pass\nprint(e)",
        "",
        "E e f print",
    ),
    case(
        "except as deletes what the body wrote",
        "try:\n    e = f()\nexcept E as e:\n    pass\nprint(e)",
        "e",
        "E e f print",
    ),
    case(
        "fallback import",
        "try:\n    import fast as m\nexcept ImportError:\n    import slow as m\nm.go()",
        "m",
        "ImportError",
        "m",
    ),
    case("finally", "try:\n    x = 1\nfinally:\n    y = 2", "x y"),
    case("except group", "try:\n    f()\nexcept* E as e:\n    e", "", "E f"),
    case("match captures", "match v:\n    case [a, *b]:\n        a", "a b", "a b v"),
    case(
        "match in every case",
        "match v:\n    case {'k': a, **r}:\n        x = a\n    case P(n=a) | a:\n        x = 0",
        "a r x",
        "P a r v x",
    ),
    case("match guard", "match v:\n    case a if a > limit:\n        pass", "a", "a limit v"),
]
SCOPES = [
    case("function", "def f(a, b=d, *c, k=e, **kw):\n    return a + b + g", "f", "d e g"),
    case("locals stay inside", "def f():\n    x = 1\n    return x", "f"),
    case("recursion", "def f(n):\n    return f(n - 1)", "f"),
    case("global", "def f():\n    global n\n    n += m", "f n", "m n", "n"),
    case("nested global", "def f():\n    def g():\n        global n\n        n = 1", "f n"),
    case("nonlocal", "def f():\n n = 0\n def g():\n  nonlocal n\n  n = m", "f", "m"),
    case("decorator", "@cache(size)\ndef f():\n    pass", "f", "cache size", "size"),
    case("annotations", "def f(a: A, *b: B, **c: C) -> D:\n    pass", "f", "A B C D"),
    case("function changes what is outside", "def f():\n    log.append(1)", "f", "log", "log"),
    case("function changes its own", "def f(a):\n    a.append(1)", "f"),
    case("async function", "async def f(a):\n    await a", "f"),
    case("lambda", "f = lambda a, b=c: a + b + d", "f", "c d"),
    case("generator", "total = sum(x * w for x in xs if x > t)", "total", "sum t w xs"),
    case("comprehension's own", "ys = [(i, j) for i in xs for j in i]", "ys", "xs"),
    case("dict comprehension", "d = {k: v + z for k, v in p.items()}", "d", "p z", "p"),
    case("loop name from outside", "ys = [x for x in x]", "ys", "x"),
    case("walrus", "if (n := f(x)) > m:\n    n", "n", "f m x", "x"),
    case("walrus in a comprehension", "ys = [y := f(x) for x in xs]", "y ys", "f xs"),
    case("walrus in a function", "def f():\n    return [y := x for x in xs]", "f", "xs"),
    case("class", "class A(B, metaclass=M):\n k = v\n def m(self):\n  g()", "A", "B M g v"),
    case("class reads before it writes", "class A:\n    x = x", "A", "x"),
    case("method sees past its class", "class A:\n    x = 1\n    def m(self):\n        return x",
         "A", "x"),
    case("class body uses its own", "class A:\n    x = 1\n    y = x", "A"),
    case("class body may branch", "class A:\n    if c:\n        x = 1", "A", "c"),
    case("class in a class", "class A:\n x = 1\n class B:\n  y = x", "A", "x"),
    case("class with a global", "class A:\n    global n\n    n = 1", "A n"),
    case("import", "import a.b, c as d", "a d"),
    case("import from", "from a.b import c, d as e", "c e"),
    case("star import is unseen", "from a import *\nx = b", "x", "b"),
    case("future import", "from __future__ import annotations", "annotations"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), STATEMENTS + CALLS + BRANCHES + SCOPES)
def test_names_of_a_cell(source, expected):
    assert names_of(source) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        case("line", "%time y = f(x)", "y", "f get_ipython x", "x"),
        case("line with options", "%timeit -n 10 -r3 f(x)", "", "f get_ipython x", "x"),
        case("line with a flag", "%timeit -q f(x)", "", "f get_ipython x", "x"),
        case("line with flag and option", "%timeit -q -n 10 f(x)", "", "f get_ipython x", "x"),
        case("cell", "%%time\ny = x\nz = y", "y z", "get_ipython x"),
        case("cell with options", "%%capture --no-stderr out\ny = x", "y", "get_ipython x"),
        case("cell after a comment", "# slow\n%time y = x", "y", "get_ipython x"),
        case("cell in another language", "%%bash\ny = x", "", "get_ipython"),
        case("line that is not Python", "%cd data", "", "get_ipython"),
        case("shell", "files = !ls data", "files", "get_ipython"),
        case("help", "x?", "", "get_ipython"),
        case("line of ours", "%nbmlops metric auc f1", "", "auc f1 get_ipython"),
        case("other line of ours", "%nbmlops show auc", "", "get_ipython"),
        case("line of ours without text", "%nbmlops", "", "get_ipython"),
        case(
            "line of ours from a variable",
            "get_ipython().run_line_magic('nbmlops', x)",
            "",
            "get_ipython x",
            "x",
        ),
        case("line without text", "%time", "", "get_ipython"),
    ],
)
def test_names_in_magics_that_run_python(cell, expected):
    assert names_of(TransformerManager().transform_cell(cell)) == expected


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("x = = 1", id="syntax error"),
        pytest.param("def f(:", id="unfinished"),
        pytest.param("  x = 1", id="indented"),
        pytest.param("x = 'a\0b'", id="NUL"),
        pytest.param("x = '\udc80'", id="lone surrogate"),
        pytest.param("(" * 5_000, id="too many parentheses"),
        pytest.param("x = y" + " + y" * 20_000, id="too deep a tree"),
        pytest.param("x = y" + " + y" * 2_000, id="a tree that only Python itself can walk"),
    ],
)
def test_what_cannot_be_read_has_no_names(source):
    assert names_of(source) == Names()


def test_reading_a_cell_gives_no_warning_that_running_it_will_give():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert names_of("x = re.sub('\\d', '', y)").used == ("re", "y")
    assert caught == []


def test_the_caller_may_know_which_touches_change_something():
    seen = set()

    def changes(touch):
        seen.add(touch)
        return touch.method == "sort"

    names = names_of("x.sort()\ny.head()\nf(z)\nw.a = 1\nd.drop(inplace=True)", changes)
    assert names.touched == ("x",)
    assert seen == {
        Touch("x", method="sort"),
        Touch("y", method="head"),
        Touch("z", function="f"),
        Touch("w"),
        Touch("d", method="drop", inplace=True),
    }


def test_parts_of_one_execution_are_merged():
    parts = [Names(("b",), ("x",)), Names(("a", "b"), (), ("x",), ("z",))]
    assert merged(parts) == Names(("a", "b"), ("x",), ("x",), ("z",))
    assert merged([]) == Names()


@pytest.mark.parametrize("source", [param.values[0] for param in STATEMENTS + CALLS + SCOPES])
def test_every_table_entry_is_python(source):
    compile(source, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
