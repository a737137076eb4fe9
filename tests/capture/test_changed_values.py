"""In-place changes of values, found by running cells in a shell."""

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from nbmlops.capture import changed_values, shared_parts
from tests.capture.notebooks import Notebook, open_notebook


@pytest.fixture
def notebook() -> Iterator[Notebook]:
    with open_notebook() as opened:
        yield opened
        assert opened.faults == []


FRAME = "import pandas as pd\ndf = pd.DataFrame({'a': [3.0, 1.0, 2.0], 'b': list('xyz')})"
FIGURE = (
    "import matplotlib\nmatplotlib.use('agg')\nimport matplotlib.pyplot as plt\n"
    "fig, ax = plt.subplots()\n[line] = ax.plot([1, 2])\nplt.close(fig)"
)
ARRAY = "import numpy as np\na = np.arange(12.0).reshape(3, 4)\nrow = a[1]\ncopy = a.copy()"
MODEL = (
    "from sklearn.linear_model import LinearRegression, SGDRegressor\n"
    "from sklearn.pipeline import make_pipeline\nfrom sklearn.preprocessing import StandardScaler\n"
    "X, y = [[0.0], [1.0], [2.0]], [0.0, 1.0, 2.5]\nm = LinearRegression().fit(X, y)\n"
    "p = make_pipeline(StandardScaler(), LinearRegression()).fit(X, y)"
)
OBJECTS = (
    "class Box:\n    seen = []\n    def __init__(self): self.items = []\n"
    "    def put(self, item): self.items.append(item)\n    def see(self, item): "
    "self.seen.append(item)\n    def count(self): return len(self.items)\nbox = Box()\n"
    "other = Box()"
)

CHANGED = [
    # Python's containers
    ("xs = [1]", "xs.append(2)", "xs"),
    ("xs = [3, 1]", "xs.sort()", "xs"),
    ("xs = [1]\nys = xs", "ys.append(2)", "xs ys"),
    ("xs = [1]\nd = {'k': xs}", "d['k'].append(2)", "d xs"),
    ("xs = [1]\nd = {'k': (xs,)}", "xs.append(2)", "d xs"),
    ("d = {}", "d.setdefault('k', []).append(1)", "d"),
    ("import collections\nd = collections.defaultdict(list)", "d['k']", "d"),
    ("q = __import__('collections').deque([1])", "q.appendleft(0)", "q"),
    ("s = {1}", "s |= {2}", "s"),
    ("b = bytearray(b'ab')\nv = memoryview(b)", "v[0] = 0", "b v"),
    ("import array\nn = array.array('d', [1, 2])", "n[0] = 5", "n"),
    ("xs = [2, 1]\nimport heapq", "heapq.heapify(xs)", "xs"),
    ("xs = list(range(100))\nimport random", "random.Random(1).shuffle(xs)", "xs"),
    ("xs = [[1], [2]]", "for x in xs:\n    x.append(0)", "xs"),
    ("xs = list(range(10 ** 6))", "xs[500_000] = -1", "xs"),
    ("xs = []\nxs.append(xs)", "xs.append(1)", "xs"),
    ("it = iter([1, 2, 3])", "next(it)", "it"),
    ("g = (i for i in range(3))", "next(g)", "g"),
    (FIGURE, "ax.set_title('x')", "ax fig line"),
    (FIGURE, "for label in ax.get_xticklabels():\n    label.set_rotation(45)", "ax line"),
    # functions, classes, instances
    ("def f(x, acc=[]):\n    acc.append(x)\n    return acc", "f(1)", "f"),
    ("def made():\n    n = 0\n    def count():\n        nonlocal n\n        n += 1\n"
     "        return n\n    return count\nc = made()", "c()", "c"),
    ("def f(): pass", "f.calls = 1", "f"),
    (OBJECTS, "box.put(1)", "box"),
    (OBJECTS, "box.see(1)", "Box box other"),
    (OBJECTS, "Box.limit = 5", "Box box other"),
    (OBJECTS, "box.items = [1]", "box"),
    (OBJECTS, "setattr(box, 'items', [1])", "box"),
    ("class P:\n    __slots__ = ('a',)\np = P()\np.a = 1", "p.a = 2", "p"),
    ("import dataclasses\n@dataclasses.dataclass\nclass P:\n    a: list\np = P([])",
     "p.a.append(1)", "p"),
    ("import functools\nxs = []\ng = functools.partial(xs.append, 1)", "g()", "g xs"),
    ("xs = []\nput = xs.append", "put(1)", "put xs"),
    # numpy
    (ARRAY, "a[0, 0] = 9", "a row"[:1]),
    (ARRAY, "a[1, 0] = 9", "a row"),
    (ARRAY, "row[:] = 0", "a row"),
    (ARRAY, "np.add(a, 1, out=a)", "a row"),
    (ARRAY, "np.random.default_rng(0).shuffle(row)", "a row"),
    (ARRAY, "np.put(a, [0], [7])", "a"),
    (ARRAY, "np.add.at(copy, ([0], [0]), 5)", "copy"),
    (ARRAY, "a.T.sort(axis=0)\na.T[0, 0] = 100", "a"),
    (ARRAY, "a += 1", "a row"),
    (ARRAY, "for line in a:\n    line *= 2", "a row"),
    ("import numpy as np\nrng = np.random.default_rng(0)", "rng.normal()", "rng"),
    # pandas
    (FRAME, "df['c'] = 1", "df"),
    (FRAME, "df.loc[0, 'a'] = 7.0", "df"),
    (FRAME, "df.iloc[0, 1] = 'q'", "df"),
    (FRAME, "df.sort_values('a', inplace=True)", "df"),
    (FRAME, "df.columns = ['p', 'q']", "df"),
    (FRAME, "df.index.name = 'i'", "df"),
    (FRAME, "df.pop('b')", "df"),
    (FRAME, "del df['b']", "df"),
    (FRAME, "df.attrs['unit'] = 'm'", "df"),
    (FRAME, "df.insert(0, 'n', 0)", "df"),
    (FRAME, "def clean(d):\n    d['c'] = 0\nclean(df)", "df"),
    (FRAME, "df.eval('c = a * 2', inplace=True)", "df"),
    (FRAME + "\nframes = [df]", "for f in frames:\n    f['c'] = 1", "df frames"),
    # polars, models, others
    ("import polars as pl\nf = pl.DataFrame({'a': [1, 2]})", "f[0, 'a'] = 9", "f"),
    ("import polars as pl\nf = pl.DataFrame({'a': [1]})",
     "f.extend(pl.DataFrame({'a': [2]}))", "f"),
    (MODEL, "m.fit(X, [5.0, 1.0, 0.0])", "m"),
    (MODEL, "m.set_params(fit_intercept=False)", "m"),
    (MODEL, "p[-1].coef_[0] = 0", "p"),
    (MODEL, "p.fit(X, [5.0, 1.0, 0.0])", "p"),
    (MODEL + "\ns = SGDRegressor(random_state=0)", "s.partial_fit(X, y)", "s"),
    ("import io\nout = io.StringIO()", "print('a', file=out)", "out"),
    ("import scipy.sparse as sp\ns = sp.csr_array([[0, 1.0]])", "s.data[0] = 2", "s"),
    ("import csv, io\nout = io.StringIO()\nw = csv.writer(out)", "w.writerow([1])", "out w"),
    # what works with something else
    ("import csv\nfh = open('/dev/null', 'w')\nw = csv.writer(fh)", "w.writerow([1])", "fh w"),
    ("import csv\nfh = open('/dev/null', 'w')\nw = csv.DictWriter(fh, ['a'])",
     "w.writerow({'a': 1})", "fh w"),
    ("import io\nraw = io.BytesIO()\nt = io.TextIOWrapper(raw, write_through=True)",
     "t.write('a')", "raw t"),
    ("g = (n for n in range(9))\nxs = [1]\ne = zip(g, xs)", "next(e)", "e g"),
    ("import pyarrow as pa\ns = pa.schema([('n', pa.int64())])\nb = pa.BufferOutputStream()\n"
     "w = pa.ipc.new_stream(b, s)", "w.write_table(s.empty_table())", "w"),
    ("import io, logging\nout = io.StringIO()\nlog = logging.getLogger('a')\n"
     "log.addHandler(logging.StreamHandler(out))", "log.warning('hi')", "log out"),
    ("import xml.etree.ElementTree as ET\ntree = ET.fromstring('<a><b/></a>')\nchild = tree[0]",
     "child.set('k', 'v')", "child tree"),
    ("import numpy as np, tempfile\nfile = tempfile.NamedTemporaryFile()\n"
     "one = np.memmap(file.name, mode='w+', shape=3)",
     "other = np.memmap(file.name, mode='r+')\nother[0] = 9", "one"),
    # what functions remember
    ("import functools\n@functools.lru_cache\ndef f(x): return [x]", "f(1)", "f"),
    ("import functools\n@functools.cache\ndef f(x): return [x]\nf(1)", "f(1).append(2)", "f"),
    ("import functools\nclass A:\n    @functools.cached_property\n    def p(self): return 1\n"
     "a = A()", "a.p", "a"),
    # results
    ("xs = [1]\nxs", "_.append(2)", "_1 xs"),
    ("d = {'k': [1]}\nd['k']", "_.append(2)", "_1 d"),
]  # fmt: skip
UNCHANGED = [
    ("xs = [1, 2]\nd = {1: xs}",
     "len(xs), sum(xs), sorted(xs), xs[0], xs == [1], xs + [1], d.get(1)"),
    ("xs = [1, 2]",
     "import copy, json, pickle\ncopy.deepcopy(xs), json.dumps(xs), pickle.dumps(xs)"),
    ("xs = [3, 1]", "ys = list(xs)\nys.sort()"),
    ("xs = [1]", "xs = xs + [2]"),
    (OBJECTS, "box.count(), repr(box), vars(box), dir(box), box == other"),
    ("import functools\nclass A:\n    @functools.cached_property\n    def p(self): return 1\n"
     "a = A()\na.p", "a.p"),
    ("import functools\n@functools.lru_cache\ndef f(x): return x\nf(1), f(2)",
     "f(2), f(1), f.cache_info()"),
    ("def f(x, acc=()):\n    return x, acc", "f(1)"),
    (ARRAY, "a.mean(), a[0], a.T, np.sort(a), a.reshape(-1), a.copy(), (a > 1).any(), row.sum()"),
    (ARRAY, "b = a.copy()\nb[:] = 0"),
    (ARRAY, "a.astype(int), a.tolist(), a @ a.T, np.linalg.norm(a), repr(a)"),
    (FRAME, "df.head(), df.describe(), df['a'].mean(), df.groupby('b').a.sum(), df.copy()"),
    (FRAME, "df.a, df.index.is_unique, df.columns.get_loc('a'), df.loc[1], df.iloc[0], len(df)"),
    (FRAME, "df2 = df.assign(c=1)\ndf2.loc[0, 'a'] = 9\nview = df['a']\nview[0] = 5"),
    (FRAME, "df.memory_usage(), df.to_dict(), df.to_numpy(), df.T, df.merge(df, on='b'), repr(df)"),
    (FRAME, "df.sort_values('a'), df.reset_index(), df.query('a > 1'), df.apply(str), df.style"),
    (MODEL, "m.predict(X), m.score(X, y), m.get_params(), repr(m), p.predict(X), p.named_steps"),
    (MODEL, "from sklearn.base import clone\nfrom sklearn.model_selection import cross_val_score\n"
     "clone(m).fit(X, y)\ncross_val_score(p, X, y, cv=3, scoring='neg_mean_squared_error')"),
    ("import csv\nfh = open('/dev/null', 'w')\nw = csv.DictWriter(fh, ['a'])", "w.fieldnames"),
    ("import pyarrow as pa, pyarrow.parquet as pq\ns = pa.schema([('n', pa.int64())])\n"
     "w = pq.ParquetWriter('/dev/null', s)", "w.schema, w.where, s.names"),
    (FIGURE, "len(ax.lines), ax.get_xlabel(), ax.get_xlim(), line.get_ydata(), fig.get_dpi()"),
    ("import math\nimport json", "math.sqrt(4), json.dumps([])"),
    ("class Odd:\n    def __eq__(self, o): 1 / 0\n    def __hash__(self): 1 / 0\n"
     "    def __getattr__(self, n): 1 / 0\n    def __len__(self): 1 / 0\n"
     "    def __bool__(self): 1 / 0\n    def __repr__(self): 1 / 0\no = Odd()", "o"),
]  # fmt: skip


ODD_CLASSES = {
    "compared, and so without a hash": "def __eq__(cls, other): return cls is other",
    "compared wrongly": "def __eq__(cls, other): return True\n    def __hash__(cls): return 1",
    "failing": "def __eq__(cls, other): 1 / 0\n    def __hash__(cls): 1 / 0",
}


@pytest.mark.parametrize("methods", ODD_CLASSES.values(), ids=ODD_CLASSES.keys())
def test_classes_of_the_users_are_not_asked_what_they_are(notebook: Notebook, methods: str):
    notebook.run(f"class Meta(type):\n    {methods}\nclass Odd(metaclass=Meta): pass\no = Odd()")
    looked, changed = notebook.run("x = o"), notebook.run("o.a = 1")
    assert (looked.defined, looked.used, looked.touched) == (("x",), ("o",), ())
    assert changed.touched == ("o", "x")


@pytest.mark.parametrize(("setup", "cell", "names"), CHANGED)
def test_names_whose_values_a_cell_changes_are_touched(
    notebook: Notebook, setup: str, cell: str, names: str
):
    notebook.run(setup)
    assert notebook.run(cell).touched == tuple(names.split())


@pytest.mark.parametrize(("setup", "cell"), UNCHANGED)
def test_reading_touches_nothing(notebook: Notebook, setup: str, cell: str):
    notebook.run(setup)
    assert notebook.run(cell).touched == ()


def test_a_change_is_told_of_the_cell_that_makes_it_only(notebook: Notebook):
    notebook.run("xs = [1]")
    touched = [notebook.run(cell).touched for cell in ("xs[0] = 2", "xs", "xs[0] = 3", "len(xs)")]
    assert touched == [("xs",), (), ("xs",), ()]


def test_a_value_that_is_gone_is_not_kept(notebook: Notebook):
    notebook.run(FRAME)
    notebook.run("df.loc[0, 'a'] = 1")
    gone: weakref.ref[Any] = weakref.ref(notebook["df"])
    notebook.run("del df")
    gc.collect()
    assert gone() is None


def test_a_name_bound_to_another_value_no_longer_shares_with_the_old_one(notebook: Notebook):
    notebook.run("xs = [1]\nys = xs")
    notebook.run("ys = [1]")
    assert notebook.run("ys.append(2)").touched == ("ys",)


def test_what_lists_too_big_to_know_all_parts_of_share_is_seen(notebook: Notebook):
    notebook.run("row = [0]\nrows = [[i] for i in range(5_000)] + [row]")
    assert notebook.run("row.append(1)").touched == ("row", "rows")


def test_what_is_changed_through_a_list_too_big_to_know_all_parts_of_is_seen(notebook: Notebook):
    notebook.run("row = [0]\nrows = [row] + [[i] for i in range(5_000)]")
    assert notebook.run("rows[0].append(1)").touched == ("row", "rows")


def test_more_parts_than_there_is_room_for_share_all_the_same(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(shared_parts, "_MOST_PARTS", 100)
    notebook.run("row = [0]\nrows = [row, *([i] for i in range(50))]\nothers = [[], [0]]")
    assert notebook.run("row.append(1)").touched == ("row", "rows")
    assert notebook.run("rows[0].append(1)").touched == ("row", "rows")
    assert notebook.run("others.append(1)").touched == ("others",)


def test_a_change_before_an_error_counts(notebook: Notebook):
    notebook.run("xs = [1]")
    assert notebook.run("xs.append(2)\n1 / 0").touched == ("xs",)


def test_values_beside_are_not_looked_at(notebook: Notebook, monkeypatch: pytest.MonkeyPatch):
    notebook.run("\n".join(f"x{i} = [{i}]" for i in range(100)))
    looked: list[object] = []
    original = changed_values.token_of

    def counted(value: object, **options: Any) -> Any:
        looked.append(value)
        return original(value, **options)

    monkeypatch.setattr(changed_values, "token_of", counted)
    notebook.run("x5.append(1)")
    assert looked == [[5, 1]]
