"""A change in place gives another digest."""

import abc
import array
import collections
import csv
import ctypes
import functools
import io
import itertools
import mmap
import operator
import pickle
import random
import sqlite3
import sys
import threading
import types
import weakref
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression
from sklearn.metrics import accuracy_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from nbmlops.capture.tokens.base import Budget
from nbmlops.capture.tokens.taking import token_of
from tests.capture.tokens.looking import is_seen, token


class Plain:
    shared = []  # noqa: RUF012

    def __init__(self):
        self.rows, self.name = [1], "a"


class Slotted:
    __slots__ = ("rows",)

    def __init__(self):
        self.rows = [1]


class Rows(list):
    pass


@dataclass
class Record:
    rows: list = field(default_factory=list)


def function(with_default=[1], *, by_name={}):  # noqa: B006
    return with_default, by_name


def counter():
    count = 0

    def step():
        nonlocal count
        count += 1
        return count

    return step


class Abstract(metaclass=abc.ABCMeta):  # noqa: B024, it has subclasses by registration only
    pass


class Point(ctypes.Structure):
    _fields_ = (("x", ctypes.c_int), ("y", ctypes.c_int * 3))


KEPT = Plain()


def numbers_of(rows):
    yield from rows


async def awaited(rows):
    return rows


def frame():
    return pd.DataFrame(
        {
            "n": range(6),
            "x": np.arange(6.0),
            "s": list("abcdef"),
            "t": pd.date_range("2020", periods=6, tz="UTC"),
            "c": pd.Categorical(list("uvuvuv")),
            "o": pd.Series([[i] for i in range(6)], dtype=object),
            "i": pd.array([1, None] * 3, dtype="Int64"),
        }
    )


def _set_cell(frame, row, column, item):
    frame.iloc[row, frame.columns.get_loc(column)] = item


CHANGES = {
    "list append": (lambda: [1], lambda v: v.append(2)),
    "list sort": (lambda: [2, 1], lambda v: v.sort()),
    "list of other type": (lambda: [1], lambda v: operator.setitem(v, 0, True)),
    "list, nested": (lambda: [[1], {"a": [2]}], lambda v: v[1]["a"].append(3)),
    "list, long": (lambda: list(range(100_000)), lambda v: operator.setitem(v, 99_999, 0)),
    "list of text, long": (lambda: ["a"] * 9_999, lambda v: operator.setitem(v, 5_000, "b")),
    "long text in list": (lambda: ["a" * 9_999], lambda v: operator.setitem(v, 0, "b" * 9_999)),
    "tuple": (lambda: ([],), lambda v: v[0].append(1)),
    "list subclass": (lambda: Rows([1]), lambda v: v.append(2)),
    "list subclass, attribute": (lambda: Rows([1]), lambda v: setattr(v, "name", 1)),
    "dict": (lambda: {"a": 1}, lambda v: v.update(a=2)),
    "dict order": (lambda: {"a": 1, "b": 2}, lambda v: v.update(a=v.pop("a"))),
    "dict key": (lambda: {(1, "a"): 1}, lambda v: v.update({(1, "b"): v.pop((1, "a"))})),
    "OrderedDict order": (
        lambda: collections.OrderedDict(a=1, b=2),
        lambda v: v.move_to_end("a"),
    ),
    "defaultdict by asking": (lambda: collections.defaultdict(list), lambda v: v["a"]),
    "defaultdict factory": (
        lambda: collections.defaultdict(list),
        lambda v: setattr(v, "default_factory", set),
    ),
    "Counter": (lambda: collections.Counter("ab"), lambda v: v.update("a")),
    "set": (lambda: {1}, lambda v: v.add(2)),
    "frozenset of objects": (lambda: frozenset([Plain()]), lambda v: next(iter(v)).rows.clear()),
    "deque": (lambda: collections.deque([1, 2]), lambda v: v.rotate()),
    "deque of some length": (lambda: collections.deque([1], 3), lambda v: v.appendleft(1)),
    "bytearray": (lambda: bytearray(b"ab"), lambda v: operator.setitem(v, 0, 0)),
    "array": (lambda: array.array("d", [1]), lambda v: v.append(2)),
    "memoryview": (lambda: memoryview(bytearray(8)), lambda v: operator.setitem(v, 3, 1)),
    "mmap": (lambda: mmap.mmap(-1, 64), lambda v: operator.setitem(v, 3, 1)),
    "ctypes number": (lambda: ctypes.c_int(1), lambda v: setattr(v, "value", 2)),
    "ctypes array": (lambda: (ctypes.c_int * 3)(), lambda v: operator.setitem(v, 2, 1)),
    "ctypes structure": (Point, lambda v: operator.setitem(v.y, 1, 1)),
    "ctypes part": (lambda: Point().y, lambda v: operator.setitem(v, 1, 1)),
    "ctypes pointer": (
        lambda: ctypes.pointer(ctypes.c_int(1)),
        lambda v: setattr(v.contents, "value", 2),
    ),
    "ctypes text": (lambda: ctypes.create_string_buffer(9), lambda v: setattr(v, "value", b"a")),
    "mmap position": (lambda: mmap.mmap(-1, 64), lambda v: v.seek(3)),
    "SimpleNamespace": (lambda: types.SimpleNamespace(a=1), lambda v: setattr(v, "a", 2)),
    "attribute": (Plain, lambda v: setattr(v, "name", "b")),
    "new attribute": (Plain, lambda v: setattr(v, "new", None)),
    "deleted attribute": (Plain, lambda v: delattr(v, "name")),
    "list in attribute": (Plain, lambda v: v.rows.append(1)),
    "list in class": (Plain, lambda v: v.shared.append(1)),
    "class attribute": (lambda: Plain, lambda v: setattr(v, "late", 1)),
    "class attribute, by instance": (Plain, lambda v: setattr(type(v), "later", 1)),
    "virtual subclass": (lambda: Abstract, lambda v: v.register(Plain)),
    "weak reference": (lambda: weakref.ref(KEPT), lambda v: v().rows.append(1)),
    "weak method": (lambda: weakref.WeakMethod(KEPT.__init__), lambda _: KEPT.rows.append(1)),
    "slot": (Slotted, lambda v: v.rows.append(1)),
    "deleted slot": (Slotted, lambda v: delattr(v, "rows")),
    "dataclass": (Record, lambda v: v.rows.append(1)),
    "exception": (lambda: ValueError([1]), lambda v: v.args[0].append(1)),
    "default argument": (lambda: function, lambda v: v()[0].append(2)),
    "keyword default": (lambda: function, lambda v: v()[1].update(a=1)),
    "function attribute": (lambda: function, lambda v: setattr(v, "calls", 1)),
    "closure": (counter, lambda v: v()),
    "partial": (lambda: functools.partial(function, [1]), lambda v: v.args[0].append(1)),
    "bound method": (lambda: Plain().__init__, lambda v: v.__self__.rows.append(1)),
    "bound method, compiled": (lambda: [1].append, lambda v: v(2)),
    "BytesIO": (lambda: io.BytesIO(b"a"), lambda v: v.write(b"b")),
    "BytesIO position": (lambda: io.BytesIO(b"a"), lambda v: v.read()),
    "StringIO": (lambda: io.StringIO("a"), lambda v: v.write("b")),
    "list iterator": (lambda: iter([1, 1]), next),
    "range iterator": (lambda: iter(range(3)), next),
    "enumerate": (lambda: enumerate([1, 1]), next),
    "zip": (lambda: zip([1, 1], [2, 2], strict=True), next),
    "dict iterator": (lambda: iter(dict.fromkeys(range(3))), next),
    "generator's list": (
        lambda: numbers_of([1]),
        lambda v: v.gi_frame.f_locals["rows"].append(1),
    ),
    "random.Random": (lambda: random.Random(1), lambda v: v.random()),
    "Generator": (lambda: np.random.default_rng(1), lambda v: v.random()),
    "RandomState": (lambda: np.random.RandomState(1), lambda v: v.normal()),
    "lock": (threading.Lock, lambda v: v.acquire()),
    "event": (threading.Event, lambda v: v.set()),
    "array of numbers": (lambda: np.arange(9.0), lambda v: operator.setitem(v, 8, 0)),
    "out=": (lambda: np.arange(9.0), lambda v: np.add(v, 1, out=v)),
    "array shape": (lambda: np.arange(6), lambda v: v.resize((2, 3), refcheck=False)),
    "array of no axes": (lambda: np.array(1), lambda v: operator.setitem(v, (), 2)),
    "strided view": (lambda: np.arange(24.0).reshape(4, 6)[:, ::2], lambda v: v.fill(0)),
    "reversed view": (lambda: np.arange(9)[::-1], lambda v: operator.setitem(v, 1, 70)),
    "column-major": (lambda: np.ones((3, 4), order="F"), lambda v: operator.setitem(v, (1, 2), 0)),
    "datetimes": (
        lambda: np.array(["2020", "2021"], "M8[s]"),
        lambda v: operator.setitem(v, 0, np.datetime64("1999")),
    ),
    "text array": (lambda: np.array(["a", "b"]), lambda v: operator.setitem(v, 0, "c")),
    "StringDType": (
        lambda: np.array(["a" * 99, "b"], np.dtypes.StringDType()),
        lambda v: operator.setitem(v, 0, "c" * 99),
    ),
    "object array": (lambda: np.array([[1], None], object), lambda v: v[0].append(2)),
    "structured": (
        lambda: np.zeros(3, [("a", "i4"), ("b", "O")]),
        lambda v: operator.setitem(v["b"], 1, [1]),
    ),
    "names of fields": (
        lambda: np.zeros(3, [("a", [("b", "i4")], 2), ("c", "i4")]),
        lambda v: setattr(v.dtype["a"].base, "names", ("d",)),
    ),
    "element of structured": (
        lambda: np.zeros(3, [("a", "i4")])[1],
        lambda v: operator.setitem(v, "a", 3),
    ),
    "masked": (lambda: np.ma.array([1, 2]), lambda v: operator.setitem(v, 0, np.ma.masked)),
    "masked, fill value": (lambda: np.ma.array([1, 2]), lambda v: setattr(v, "fill_value", 7)),
    "sparse": (lambda: scipy.sparse.csr_array(np.eye(3)), lambda v: v.data.fill(2)),
    "loc": (frame, lambda v: v.loc.__setitem__((2, "x"), 9.0)),
    "iloc": (frame, lambda v: _set_cell(v, 2, "n", 9)),
    "text cell": (frame, lambda v: _set_cell(v, 2, "s", "zz")),
    "instant cell": (frame, lambda v: _set_cell(v, 2, "t", pd.Timestamp("1999", tz="UTC"))),
    "category cell": (frame, lambda v: _set_cell(v, 2, "c", "v")),
    "nullable cell": (frame, lambda v: _set_cell(v, 1, "i", 5)),
    "object in a cell": (frame, lambda v: v["o"].iloc[0].append(1)),
    "new column": (frame, lambda v: v.__setitem__("new", 1)),
    "column replaced": (frame, lambda v: v.__setitem__("s", v["s"].str.upper())),
    "column type": (frame, lambda v: v.__setitem__("n", v["n"].astype("int32"))),
    "drop inplace": (frame, lambda v: v.drop(columns="n", inplace=True)),
    "rename inplace": (frame, lambda v: v.rename(columns={"n": "m"}, inplace=True)),
    "sort inplace": (frame, lambda v: v.sort_values("x", ascending=False, inplace=True)),
    "set_index inplace": (frame, lambda v: v.set_index("n", inplace=True)),
    "index name": (frame, lambda v: setattr(v.index, "name", "k")),
    "attrs": (frame, lambda v: v.attrs.update(a=1)),
    "flags": (frame, lambda v: setattr(v.flags, "allows_duplicate_labels", False)),
    "row added": (frame, lambda v: v.loc.__setitem__(9, v.loc[0])),
    "series": (lambda: frame()["x"], lambda v: v.iloc.__setitem__(0, 5.0)),
    "series name": (lambda: frame()["x"], lambda v: setattr(v, "name", "y")),
    "MultiIndex names": (
        lambda: pd.MultiIndex.from_product([[1, 2], ["a"]]),
        lambda v: setattr(v, "names", ["k", "l"]),
    ),
    "polars column": (
        lambda: pl.DataFrame({"a": [1, 2]}),
        lambda v: v.insert_column(0, pl.Series("b", [1, 2])),
    ),
    "polars extend": (lambda: pl.DataFrame({"a": ["x"]}), lambda v: v.extend(v.clone())),
    "polars cell": (lambda: pl.Series("a", [1, 2]), lambda v: v.__setitem__(0, 5)),
    "fit": (LinearRegression, lambda v: v.fit([[1], [2]], [1, 2])),
    "fit again": (
        lambda: LinearRegression().fit([[1], [2]], [1, 2]),
        lambda v: v.fit([[1], [2]], [1, 3]),
    ),
    "fit in a pipeline": (
        lambda: make_pipeline(StandardScaler(), LinearRegression()),
        lambda v: v.fit([[1], [2]], [1, 2]),
    ),
    "tree fitted again": (
        lambda: DecisionTreeClassifier(random_state=0).fit([[1], [2]], [0, 1]),
        lambda v: v.fit([[1], [5]], [0, 1]),
    ),
    "set_params": (LinearRegression, lambda v: v.set_params(fit_intercept=False)),
    "partial_fit": (StandardScaler, lambda v: v.partial_fit([[1]])),
}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of pandas 4: inplace=True
@pytest.mark.parametrize(("make", "change"), CHANGES.values(), ids=CHANGES)
def test_change_in_place_shows(make, change):
    assert is_seen(make(), change)


@pytest.mark.parametrize("make", [make for make, _ in CHANGES.values()], ids=CHANGES)
def test_change_shows_inside_a_container(make):
    value = make()
    holder = {"held": [value]}
    assert token(holder).digest != token({"held": [None]}).digest
    assert token(value).parts <= token(holder).parts


def test_functions_of_a_local_module_are_looked_into(tmp_path, monkeypatch):
    (tmp_path / "settings_of_mine.py").write_text(
        "rows = []\ndef add(x, seen=[]): seen.append(x)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    import settings_of_mine

    assert is_seen(settings_of_mine, lambda module: module.rows.append(1))
    assert is_seen(settings_of_mine, lambda module: module.add(1))
    sys.modules.pop("settings_of_mine")


def test_modules_and_functions_of_libraries_are_always_the_same():
    for value in (np, np.mean, np.add, pd.DataFrame, len, DecisionTreeClassifier, accuracy_score):
        assert token(value).is_whole
        assert not token(value).parts


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=20,
)


def _as_written(value):
    """Return a value so that equality means equal types and order."""
    if isinstance(value, dict):
        return ("dict", [(key, _as_written(item)) for key, item in value.items()])
    if isinstance(value, list):
        return ("list", [_as_written(item) for item in value])
    return (type(value).__name__, repr(value))


@given(PLAIN, PLAIN)
def test_tokens_of_plain_values_are_equal_when_the_values_are(one, other):
    are_equal = _as_written(one) == _as_written(other)
    assert (token(one).digest == token(other).digest) == are_equal


@given(st.lists(st.integers() | st.text(max_size=3), min_size=13, max_size=60), st.data())
def test_one_element_of_a_long_list_shows(items, data):
    before = token(items)
    place = data.draw(st.integers(0, len(items) - 1))
    old, items[place] = items[place], data.draw(st.integers())
    same = type(old) is int and old == items[place]
    assert token(items).is_same_as(before) is same


def test_values_that_hold_themselves_have_tokens():
    rows = [1]
    rows.append(rows)
    assert is_seen(rows, lambda rows: rows.append(2))
    deep = []
    for _ in range(100_000):
        deep = [deep]
    assert token(deep).is_whole
    while deep:
        deep = deep[0]


def test_view_of_a_dict_shows_the_dict():
    held = {"a": 1}
    for view in (held.keys(), held.values(), held.items(), types.MappingProxyType(held)):
        assert is_seen(view, lambda _: held.update(a=held["a"] + 1))


def test_generators_and_coroutines_show_what_they_hold_and_are_never_whole():
    generator, coroutine = (number for number in [1]), awaited([1])
    for value in (generator, coroutine, [generator]):
        before = token(value)
        assert token(value).is_same_as(before) is None
    before = token(coroutine)
    coroutine.cr_frame.f_locals["rows"].append(2)
    assert token(coroutine).is_same_as(before) is False
    coroutine.close()
    assert list(generator) == [1]


def test_what_cannot_be_looked_at_has_no_token():
    for value in (weakref.proxy(KEPT), threading.local(), itertools.tee([1])[0]):
        assert token_of(value, budget=Budget()) is None


def test_what_is_at_work_has_what_it_works_with_as_parts_and_is_never_whole():
    rows, generator = [1], (number for number in [1])
    with Path(__file__).open() as file, closing(sqlite3.connect(":memory:")) as database:
        for value, held in (
            (file, file.buffer),
            (csv.reader(generator), generator),
            (pickle.Unpickler(file.buffer), file.buffer),
            (database.cursor(), database),
            (itertools.chain(generator, rows), generator),
        ):
            before = token(value)
            assert token(value).is_same_as(before) is None
            assert id(held) in before.parts


def test_weak_reference_to_what_is_gone_shows():
    held = Plain()
    reference = weakref.ref(held)
    before = token(reference)
    del held
    assert token(reference).is_same_as(before) is False


def test_builtins_beside_what_exec_has_made_are_not_looked_into():
    held = {}
    exec("rows = [1]", held)
    assert token_of(held, budget=Budget(nodes=20)).is_whole
    assert is_seen(held, lambda held: held["rows"].append(1))


def test_class_changed_since_its_last_look_is_looked_at_anew():
    class Library(Plain):
        __module__ = "numpy"  # what properties of libraries remember does not count
        made = functools.cached_property(len)

    class Child(Library):
        pass

    child = Child()
    assert not is_seen(child, lambda child: vars(child).update(made=1))
    Child.__bases__ = (Plain,)
    assert is_seen(child, lambda child: vars(child).update(made=2))
    assert is_seen(child, lambda child: vars(child).update(rows=2))
