"""What the watcher says of the last of several cells that run in a real IPython shell."""

import contextlib
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbmlops.records import Items, Names
from tests.capture.notebooks import open_notebook


@pytest.fixture
def notebook():
    with open_notebook() as opened:
        yield opened


def case(title, *cells, defined="", used="", touched="", deleted="", columns=()):
    parts = (tuple(words.split()) for words in (defined, used, touched, deleted))
    return pytest.param(cells, Names(*parts, items_used=columns), id=title)


X = "x = 1\ny = 2\nxs = [1, 2, 3]"
F = "def f(a):\n    return a + x"

STATEMENTS = [
    case("nothing", "# x"),
    case("assignment", X, "z = x", defined="z", used="x"),
    case("own value counts as before", X, "x = x + 1", defined="x", used="x"),
    case("written first", "x = 1\ny = x", defined="x y"),
    case("written again by something that read it first", X, "y = x\nx = 5",
         defined="x y", used="x"),
    case("augmented", X, "x += y", defined="x", used="x y"),
    case("walrus", X, "(z := x)", defined="z", used="x"),
    case("chain and unpacking", X, "a = b, *c = xs", defined="a b c", used="xs"),
    case("annotated", X, "z: int = x", defined="z", used="x"),
    case("annotated by a name that is no builtin", "T = int", "z: T = 1", defined="z", used="T"),
    case("type alias is not looked at", "T = int", "type Row = list[T]", defined="Row"),
    case("import", "import os.path as p, json", defined="json p"),
    case("import from", "from math import pi as tau", defined="tau"),
    case("star import", "from colorsys import *",
         defined="hls_to_rgb hsv_to_rgb rgb_to_hls rgb_to_hsv rgb_to_yiq yiq_to_rgb"),
    case("star import again", "from colorsys import *", "from colorsys import *",
         defined="hls_to_rgb hsv_to_rgb rgb_to_hls rgb_to_hsv rgb_to_yiq yiq_to_rgb"),
    case("star import that fails", "sin = 1", "import math\nfrom no_such_module import *",
         defined="math"),
    case("builtins are no names of the notebook", "z = len([])", defined="z"),
    case("a builtin that the notebook has taken", "len = max", "z = len([1])",
         defined="z", used="len"),
    case("what is not there", "nowhere"),
    case("delete", X, "del x", used="x", deleted="x"),
    case("delete what was made here", "a = 1\ndel a"),
    case("delete and write again", X, "del x\nx = 2", defined="x", used="x"),
    case("write and delete", X, "x = 3\ndel x", deleted="x"),
    case("except as is gone after", X, "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    e"),
    case("except as deletes what was there", "e = 1",
         "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    pass", deleted="e"),
    case("with", X, "import io\nwith io.StringIO() as s:\n    t = s", defined="io s t"),
    case("match", X, "match xs:\n    case [a, *b] if a == x:\n        pass\n    case c:\n        y",
         defined="a b", used="x xs"),
    case("underscore of the user", "for _ in range(2): pass", defined="_"),
    case("more than 256 names", "\n".join(f"n{i} = {i}" for i in range(600)),
         "z = n7\n" + "\n".join(f"n{i}" for i in range(300, 600)), defined="z",
         used=" ".join(sorted(f"n{i}" for i in [7, *range(300, 600)]))),
]  # fmt: skip
PATHS = [
    case("only the branch that ran", X, "if x:\n    a = x\nelse:\n    b = y",
         defined="a", used="x"),
    case("the loop that never ran", X, "for i in []:\n    z = x"),
    case("a loop carries over", X, "for i in xs:\n    if i > 1:\n        t\n    t = x",
         defined="i t", used="x xs"),
    case("read in the first turn, written in the second", X,
         "for i in range(2):\n    if i:\n        x = 5\n    z = x", defined="i x z", used="x"),
    case("what ran before it failed", X, "a = x\n1 / 0\nb = y", defined="a", used="x"),
    case("failed in the middle of an expression", X, "a = x + nowhere + y", used="x"),
    case("syntax error", X, "a = = x"),
    case("return outside of a function", X, "a = x\nreturn y", defined="a", used="x"),
    case("interrupted", X, "a = x\nraise KeyboardInterrupt\nb = y", defined="a", used="x"),
    case("exit", X, "a = x\nimport sys\nsys.exit(0)", defined="a sys", used="x"),
    case("short circuit", X, "z = x or y", defined="z", used="x"),
]  # fmt: skip
SCOPES = [
    case("defining a function reads nothing", X, F, defined="f"),
    case("calling it does", X, F, "z = f(y)", defined="z", used="f x y"),
    case("locals stay inside", X, "def g():\n    z = x\n    return z\ng()",
         defined="g", used="x"),
    case("a local of the name of a global", X, "def g(x):\n    y = x\n    return y\ng(3)",
         defined="g"),
    case("defaults and decorators are read at once", X,
         "import functools\n@functools.cache\ndef g(a=x):\n    return a", defined="functools g",
         used="x"),
    case("function of an earlier cell that calls another", X, F, "def g():\n    return f(1)",
         "g()", used="f g x"),
    case("recursion", "def fact(n):\n    return 1 if n < 2 else n * fact(n - 1)", "fact(5)",
         used="fact"),
    case("global", X, "def g():\n    global n\n    n = x", "g()", defined="n", used="g x"),
    case("global deletes", X, "def g():\n    global x\n    del x", "g()", used="g x", deleted="x"),
    case("function used before its name is written again", X, F, "z = f(1)\ndef f(a): return a",
         defined="f z", used="f x"),
    case("closure", X, "def make():\n    k = x\n    def inner():\n        return k + y\n"
         "    return inner\ng = make()", "g()", used="g y"),
    case("lambda", X, "g = lambda a: a + x", "sorted(xs, key=g)", used="g x xs"),
    case("comprehension's own", X, "z = [i + x for i in xs if i > y]", defined="z",
         used="x xs y"),
    case("nested comprehensions", X, "z = {i: [j for j in range(i)] for i in xs}",
         defined="z", used="xs"),
    case("walrus in a comprehension", X, "[z := i for i in xs]", defined="z", used="xs"),
    case("generator expression in the cell", X, "z = sum(i * x for i in xs)", defined="z",
         used="x xs"),
    case("class", X, "class A:\n    k = x\n    j = k\n    def m(self):\n        return y",
         defined="A", used="x"),
    case("class body reads before it writes", X, "class A:\n    x = x", defined="A", used="x"),
    case("class body deletes its own", X, "class A:\n    y = 1\n    del y\n    z = x",
         defined="A", used="x"),
    case("class body in a branch", X, "class A:\n    if not x:\n        y = 1\n    z = y",
         defined="A", used="x y"),
    case("class body with a global", X, "class A:\n    global n\n    n = x", defined="A n",
         used="x"),
    case("comprehension in a class body", X, "class A:\n    k = [i + x for i in xs]",
         defined="A", used="x xs"),
    case("method of an earlier cell", X, "class A:\n    def m(self):\n        return y",
         "A().m()", used="A y"),
    case("property, static method, operator", X,
         "class A:\n    @property\n    def p(self): return x\n    @staticmethod\n"
         "    def s(): return y\n    def __add__(self, other): return xs",
         "a = A()\na.p, a.s(), a + 1", defined="a", used="A x xs y"),
    case("dataclass", X, "import dataclasses\n@dataclasses.dataclass\nclass P:\n    a: int = x",
         "p = P()\np == P(2)", defined="p", used="P"),
    case("named tuple and enumeration", X,
         "import collections, enum\nP = collections.namedtuple('P', 'a b')\n"
         "class E(enum.Enum):\n    A = x\n    B = A", defined="E P collections enum", used="x"),
    case("class with its own kind of namespace", X, """
class Meta(type):
    @classmethod
    def __prepare__(cls, name, bases):
        return type("Own", (dict,), {})()
class A(metaclass=Meta):
    k = x
    j = k
""", defined="A Meta", used="x"),
    case("generic function", X, "def g[T](a: T) -> T:\n    return a + x", "g(1)", used="g x"),
    case("generic class", X, "class A[T]:\n    k: T = x", defined="A", used="x"),
    case("async function", X, "async def g():\n    return x", "z = await g()", defined="z",
         used="g x"),
    case("await at the top level", X, "import asyncio\nawait asyncio.sleep(0)\nz = x",
         defined="asyncio z", used="x"),
    case("async comprehension", X, "async def many():\n    for i in xs:\n        yield i",
         "z = [i async for i in many() if i > x]", defined="z", used="many x xs"),
    case("function called by a library", X, F, "z = list(map(f, xs))", defined="z",
         used="f x xs"),
    case("function kept in a container", X, "fs = [lambda: x]", "fs[0]()", used="fs x"),
    case("function whose name is gone", X, F, "g = f\ndel f", "g(1)", used="g x"),
    case("finalizer", X, "class A:\n    def __del__(self):\n        x\na = A()", "del a",
         used="a x", deleted="a"),
]  # fmt: skip
LATER = [
    case("generator reads when it is consumed", X,
         "def gen():\n    for i in xs:\n        yield i + x", "it = gen()", "z = list(it)",
         defined="z", used="it x xs", touched="it"),
    case("generator that is begun reads on", X,
         "def gen():\n    while True:\n        yield x\nit = gen()\nnext(it)", "next(it)",
         used="it x", touched="it"),
    case("generator expression takes its first list at once", X, "it = (i + x for i in xs)",
         defined="it", used="xs"),
    case("… and the rest when it is consumed", X, "it = (i + x for i in xs)", "list(it)",
         used="it x", touched="it"),
    case("a cell run again reads again", X, F, "z = f(y)", "z = f(y)", defined="z", used="f x y"),
    case("a function called in every cell", X, F, "f(1)", "f(2)", "f(3)", used="f x"),
    case("a function made again by the same cell", X, F, "f(1)", F, "f(1)", used="f x"),
    case("the older of two equal functions", X, F, "g = f", F, "g(1)", used="g x"),
    case("code compiled in an earlier cell", X, "c = compile('z = x', '', 'exec')", "exec(c)",
         "exec(c)", defined="z", used="c x"),
]  # fmt: skip
MAGICS = [
    case("%time", X, "%time z = x", defined="z", used="x"),
    case("%%time", X, "%%time\nz = x\nt = z", defined="t z", used="x"),
    case("%%time with a last expression", X, "%%time\nz = x\ny", defined="z", used="x y"),
    case("%time in a function", X, "def g():\n    z = 5\n    %time t = z + x\ng()",
         defined="g", used="x"),
    case("%timeit binds nothing", X, F, "%timeit -n 2 -r 2 z = f(y)", used="f x y"),
    case("%%timeit", X, "%%timeit -n 1 -r 1 s = x\nt = s + y", used="x y"),
    case("%%capture", X, "%%capture out\nz = x", defined="out z", used="x"),
    case("%prun", X, F, "%prun -q z = f(y)", defined="z", used="f x y"),
    case("%%prun", X, F, "%%prun -q\nz = f(y)", defined="z", used="f x y"),
    case("shell takes variables", X, "files = !echo {x} $y", defined="files",
         used="<subprocess> x y"),
    case("shell gives a code", X, "!echo {x + y}", defined="_exit_code",
         used="<subprocess> x y"),
    case("function with a shell command", X, "def g():\n    r = !echo {x}\n    return r",
         "z = g()", defined="z", used="<subprocess> g x"),
    case("cell within a cell", X, "a = 1\nget_ipython().run_cell('b = a + x')\nc = b",
         defined="a b c", used="x"),
    case("%nbmlops metric reads its names", X, "%nbmlops metric x y", used="x y"),
    case("%nbmlops metric of what was just made", "auc = 0.5\n%nbmlops metric auc",
         defined="auc"),
    case("another language", X, "%%bash\nz=x", used="<subprocess>"),
    case("%reset", X, "%reset -f", deleted="x xs y"),
    case("%xdel", X, "%xdel x", deleted="x"),
]  # fmt: skip
STRINGS = [
    case("exec", X, "exec('z = x')", defined="z", used="x"),
    case("exec of a function", X, "exec('def g(): return x')", "g()", used="g x"),
    case("eval", X, "z = eval('x + y')", defined="z", used="x y"),
    case("eval in a loop", X, "for n in ('x', 'y'):\n    eval(n)", defined="n", used="x y"),
    case("exec with names of its own", X, "exec('y = z = 5; x = z', {})"),
    case("exec with locals of its own", X, "exec('y = x; z = y', globals(), {})", used="x"),
    case("exec in a function", X, "def g():\n    exec('z = x')\ng()", defined="g", used="x"),
    case("exec with the notebook's names beside others", X,
         "for names in ({}, globals()):\n    exec('z = 1', names)\nfor names in ({'x': 1}, ):\n"
         "    eval('x', names)", defined="names z", used="x xs y"),
    case("exec in a class body", X, "class A:\n    exec('y = x')\n    z = y", defined="A",
         used="x y"),
]  # fmt: skip
UNSEEN = [
    case("globals()", X, "globals()['z'] = 1", defined="z"),
    case("globals() again", X, "globals()['x'] = [5]", defined="x"),
    case("globals(), then read", X, "globals()['z'] = 1\nz", defined="z"),
    case("update", X, "get_ipython().user_ns.update(a=1, b=2)", defined="a b"),
    case("push", X, "get_ipython().push({'a': 1})", defined="a"),
    case("pop", X, "globals().pop('x')", deleted="x"),
    case("popped in the middle of others", X, "globals().pop('y')\nxs = []\na = x",
         defined="a xs", used="x", deleted="y"),
    case("setattr on the module", X, "import __main__\n__main__.z = 1", defined="__main__ z"),
]  # fmt: skip
LOOKUPS = [
    case("globals", X, "z = globals()['x']", defined="z", used="x"),
    case("get of globals", X, "z = globals().get('x')", defined="z", used="x"),
    case("whether it is there", X, "z = 'x' in globals()", defined="z", used="x"),
    case("name in a variable", X, "n = 'y'\nz = globals()[n]", defined="n z", used="y"),
    case("all of them", X, "z = sorted(k for k in vars() if k > 'x')", defined="z",
         used="x xs y"),
    case("only writing", X, "globals()['w'] = 1\nglobals().update(v=2)", defined="v w"),
    case("in a function", X, "def g(k):\n    return globals()['x']", "z = g(1)", defined="z",
         used="g x"),
    case("a function's own", X, "def g(x):\n    return locals()['x']", "z = g(1)", defined="z",
         used="g"),
    case("formatted", X, "z = '{x}'.format(**locals())", defined="z", used="x xs y"),
    case("user_ns", X, "z = get_ipython().user_ns['x']", defined="z", used="x"),
    case("query", X, "import pandas as pd\ndf = pd.DataFrame({'a': [1]})",
         "z = df.query('a > @x').a", defined="z", used="df x"),
    case("query of a query", X, "import pandas as pd\ndf = pd.DataFrame({'a': [1]})",
         "w = 'a < @y'\nz = len(df[['a']].head().query(w))", defined="w z", used="df y",
         columns=(Items("df", ("a",)),)),
    case("eval of pandas", X, "import pandas as pd", "z = pd.eval('x + y')", defined="z",
         used="pd x y"),
    case("lookup in a line that did not run", X, "z = 1 if x else globals()['y']", defined="z",
         used="x"),
]  # fmt: skip
IPYTHON = [
    case("the last result", "1 + 1", "z = _ + 1", defined="z", used="_1"),
    case("an earlier result", "1 + 1", "z = Out", defined="z", used="_1"),
    case("results are not written by the user", X, "x", used="x"),
    case("the result before the last", "1", "2", "z = __ + 1", defined="z", used="_1"),
    case("a numbered result", "1", "2", "z = _1 + Out[2]", defined="z", used="_1 _2"),
    case("the underscore of the user", "1", "_ = 5", "z = _", defined="z", used="_"),
    case("a result is displayed", X, "x;\ny", used="x y"),
    case("get_ipython and friends", "get_ipython()\nIn\nexit\n_i\n_dh\nopen"),
    case("the user's own open", "open = len", "open([])", used="open"),
    case("names of modules", X, "__name__\n__builtins__"),
]  # fmt: skip
TOUCHES = [
    case("method", X, "xs.append(1)", used="xs", touched="xs"),
    case("item", X, "xs[0] = y", used="xs y", touched="xs"),
    case("item that is what it was", X, "xs[0] = x", used="x xs"),
    case("augmented list", X, "xs += [1]", defined="xs", used="xs", touched="xs"),
    case("augmented number", X, "x += 1", defined="x", used="x"),
    case("what did not run", X, "if not x:\n    xs.append(1)\nelse:\n    xs", used="x xs"),
    case("iterator", "it = iter([1, 2])", "for i in it: pass", defined="i", used="it",
         touched="it"),
    case("shown", X, "print(len(xs))", used="xs"),
    case("given to a function of the notebook", X, "def g(a): a.append(1)", "g(xs)", used="g xs",
         touched="xs"),
    case("given to a function of a library", X, "import json\njson.dumps(xs)", defined="json",
         used="xs"),
    case("defining what changes a list does not", X, "def g():\n    xs.append(1)", defined="g"),
    case("function of an earlier cell that changes a list", X, "def g():\n    xs.append(1)",
         "g()", used="g xs", touched="xs"),
    case("… from a library's hands", X, "def g(i):\n    xs.append(i)", "list(map(g, [1]))",
         used="g xs", touched="xs"),
    case("… in a branch that was not taken", X, "def g(a):\n    if a:\n        xs.append(1)\n"
         "    return xs", "g(0)", used="g xs"),
    case("method of an earlier cell", X, "class A:\n    def m(self):\n        xs[0] = 9\na = A()",
         "a.m()", used="a xs", touched="xs"),
    case("lambda of an earlier cell", X, "g = lambda: xs.pop()", "g()", used="g xs",
         touched="xs"),
    case("in %%time", X, "%%time\nxs.append(1)\nxs", used="xs", touched="xs"),
    case("in %timeit", X, "%timeit -n 1 -r 1 xs.append(1)", used="xs", touched="xs"),
    case("by several lines", X, "xs.extend(\n    range(\n        x))", used="x xs", touched="xs"),
    case("a local of the same name", X, "def g():\n    xs = []\n    xs.append(x)", "g()",
         used="g x"),
    case("deleted after", X, "xs.append(1)\ndel xs", used="xs", deleted="xs"),
    case("in a cell within a cell", X, "get_ipython().run_cell('xs.append(1)')", used="xs",
         touched="xs"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        *STATEMENTS,
        *PATHS,
        *SCOPES,
        *LATER,
        *MAGICS,
        *STRINGS,
        *UNSEEN,
        *LOOKUPS,
        *IPYTHON,
        *TOUCHES,
    ],
)
def test_names_of_the_last_cell(notebook, cells, expected):
    *earlier, last = cells
    for cell in earlier:
        notebook.run(cell)
    assert notebook.run(last) == expected
    assert notebook.faults == []


@pytest.mark.parametrize(
    "option", [pytest.param("", id="by itself"), pytest.param("-i", id="with the notebook's names")]
)
def test_run_defines_the_names_of_a_script(notebook, tmp_path, option):
    script = tmp_path / "script.py"
    script.write_text("a = 1\nb = a\ndef f():\n    xs.append(x)\n")
    notebook.run(X)
    assert notebook.run(f"%run {option} {script}") == Names(("a", "b", "f"))
    # Its function has the script's names for its own, unless the script shared the notebook's.
    called = notebook.run("try:\n    f()\nexcept NameError: pass")
    assert called.used == (("f", "x", "xs") if option else ("f",))
    assert called.touched == (("xs",) if option else ())


def test_name_may_be_any_text_and_keys_may_be_anything(notebook):
    assert notebook.run("globals()[3] = 1\nglobals()['a b'] = 2").defined == ("a b",)


def test_function_of_a_local_module_has_names_of_its_own(notebook, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "own_helpers.py").write_text(
        "x = 10\ndef add(a):\n    return a + x\ndef call(f):\n    return f(x)\n"
    )
    notebook.run(X)
    assert notebook.run("import own_helpers as o").used == ()
    assert notebook.run("o.add(y)").used == ("o", "y")
    notebook.run(F)
    assert notebook.run("o.call(f)").used == ("f", "o", "x")


def test_pylab_defines_what_it_puts_into_the_namespace(notebook):
    notebook.run("plot_before = 1")
    names = notebook.run("import matplotlib\nmatplotlib.use('agg')\n%pylab agg")
    assert {"np", "plot", "arange", "matplotlib"} <= set(names.defined)
    assert "np" in notebook.run("np.pi").used


def test_an_earlier_result_by_its_number(notebook):
    notebook.run("40 + 2")
    number = notebook.shell.execution_count - 1
    assert notebook.run(f"z = _{number}").used == (f"_{number}",)


class Ledger(dict):
    """Local names that keep account of what is done with them: what is to be said of a cell."""

    def __init__(self, *args):
        super().__init__(*args)
        self.used, self.written, self.found, self.deleted = set(), set(), set(), set()

    def __getitem__(self, name):
        value = super().__getitem__(name)
        if name not in self.written:
            self.used.add(name)
        return value

    def __setitem__(self, name, value):
        if name in self and name not in self.written:
            self.found.add(name)
        self.written.add(name)
        super().__setitem__(name, value)

    def __delitem__(self, name):
        if name in self and name not in self.written:
            self.used.add(name)
        if name in self and (name in self.used or name in self.found):
            self.deleted.add(name)
        super().__delitem__(name)

    @property
    def names(self):
        gone = (name for name in self.deleted if name not in self)
        defined = (name for name in self.written if name in self)
        return tuple(sorted(defined)), tuple(sorted(self.used)), tuple(sorted(gone))


letters = st.sampled_from("abcdef")
simple = st.one_of(
    st.builds("{} = 1".format, letters),
    st.builds("{} = {}".format, letters, letters),
    st.builds("{} += 1".format, letters),
    st.builds("del {}".format, letters),
    st.builds("{}".format, letters),
    st.builds("{} = {} or {}".format, letters, letters, letters),
)


def blocks(inside):
    body = st.lists(inside, min_size=1, max_size=3).map("\n".join)
    indented = body.map(lambda text: textwrap.indent(text, "    "))
    return st.one_of(
        st.builds("if {}:\n{}\nelse:\n{}".format, letters, indented, indented),
        st.builds("for {} in range(3):\n{}".format, letters, indented),
        st.builds("try:\n{}\nexcept NameError as {}:\n{}".format, indented, letters, indented),
        st.builds("try:\n{}\nfinally:\n{}".format, indented, indented),
        st.builds("class {}:\n    pass\nwith open('/dev/null') as {}:\n{}".format, letters,
                  letters, indented),
        st.builds("match {}:\n    case 1 as {}:\n{}".format, letters, letters,
                  indented.map(lambda text: textwrap.indent(text, "    "))),
    )  # fmt: skip


programs = st.lists(st.recursive(simple, blocks, max_leaves=8), min_size=1, max_size=5)


@pytest.fixture(scope="module")
def shared_notebook():
    with open_notebook() as opened:
        opened.shell.showtraceback = lambda *_, **__: None  # takes its time, and tells nothing here
        yield opened


@settings(max_examples=200)
@given(program=programs.map("\n".join), start=st.dictionaries(letters, st.integers(0, 2)))
def test_names_are_those_that_a_namespace_would_tell_of(shared_notebook, program, start):
    ledger = Ledger(start)
    with contextlib.suppress(NameError, TypeError):
        exec(program, {}, ledger)
    namespace = shared_notebook.shell.user_ns
    for name in "abcdef":
        namespace.pop(name, None)
    namespace.update(start)
    names = shared_notebook.run(program)
    assert (names.defined, names.used, names.deleted) == ledger.names
