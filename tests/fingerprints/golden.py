"""Values whose digests are committed: they are the same on every machine, Python and library.

A digest that changes makes every recorded run's data another. Where that is meant, `base.SCHEME`
becomes another one and the file is written anew, from the project's folder::

    .venv/bin/python -c "from tests.fingerprints.golden import write; write()"
"""

import array
import collections
import dataclasses
import datetime as dt
import decimal
import enum
import fractions
import functools
import json
import math
import operator
import pathlib
import re
import types
import typing
import uuid
import zoneinfo

GOLDEN = pathlib.Path(__file__).with_name("golden.json")
NOON = dt.datetime(2024, 5, 1, 12, 30, 15, 250)
RATE = 0.25


class Colour(enum.Enum):
    """A choice."""

    RED = "r"
    BLUE = "b"

    @property
    def short(self) -> str:
        return self.value


class Flags(enum.IntFlag):
    A = 1
    B = 2


class Point(typing.NamedTuple):
    x: int
    y: float = 0.0


@dataclasses.dataclass(slots=True)
class Slotted:
    name: str
    parts: list = dataclasses.field(default_factory=list)


class Base:
    limit = 3

    def doubled(self):
        return self.limit * 2


class Model(Base):
    """Has a bit of everything that a class can have."""

    __slots__ = ("peers", "weights")
    rates: typing.ClassVar[dict[str, float]] = {"a": 0.1, "b": 0.2}

    def __init__(self, weights=(), peers=()):
        self.weights, self.peers = list(weights), set(peers)

    def predict(self, x, *rest, scale: float = 1.0, **more):
        """Return a number."""
        return sum(weight * x for weight in self.weights) * scale + super().doubled() + RATE

    @property
    def size(self):
        return len(self.weights)

    @classmethod
    def empty(cls):
        return cls([])

    @staticmethod
    def norm(x):
        return math.sqrt(x)


def even(n: int) -> bool:
    """Tell whether a number is even."""
    return True if n == 0 else odd(n - 1)


def odd(n: int) -> bool:
    return False if n == 0 else even(n - 1)


def scaled(factor):
    def inner(x):  # closes over the factor
        return x * factor + RATE

    return inner


async def slow[T](x: T, *, y: "int | None" = None) -> T:
    try:
        async with x as opened:
            return [f"{item!r:>{y}}" async for item in opened if item not in (1, 2.5, b"3", ...)]
    except* (ValueError, KeyError) as problems:
        raise RuntimeError from problems


def matching(x):
    match x:
        case {"a": [1, *rest], **others} if rest:
            return others
        case Point(x=0) | None:
            return lambda y, /, z=1: (y := y + z)
    return {**x, "b": [*x]}, not x, x[1:2, ...], -x


FUNCTIONS = {
    "mutual recursion": even,
    "closure": scaled(2),
    "async with types": slow,
    "matching": matching,
    "lambda": lambda x, *, y=RATE: (x, y),
    "partial": functools.partial(even, 3),
    "cached": functools.lru_cache(maxsize=2)(odd),
    "bound method": Model([1]).predict,
    "builtin": len,
    "library": functools.reduce,
    "getter": operator.itemgetter(1, "a"),
    "module": math,
    "class": Model,
    "enum class": Colour,
    "dataclass": Slotted,
    "named tuple class": Point,
    "class of Python": dict,
    "generic": dict[str, int | None],
}


def values_of_python() -> dict[str, object]:
    """Return values that need nothing but Python."""
    circle: list = [1, {"a": (2, 3)}]
    circle.append(circle)
    graph = [Model([number]) for number in range(5)]
    for number, node in enumerate(graph):
        node.peers |= {graph[(number + 1) % 5], graph[(number + 2) % 5]}
    return {
        "none": None,
        "constants": [..., NotImplemented, True, False],
        "ints": [0, 1, -1, 2**63 - 1, 2**63, -(2**63) - 1, 10**40],
        "one int": 12_345_678_901_234_567_890,
        "floats": [0.0, -0.0, 0.1, math.inf, -math.inf, math.nan, 5e-324],
        "one float": 0.1,
        "complex": [1 + 2j, complex(-0.0, math.nan)],
        "texts": ["", "abc", "ä", "a\u0308", "\ud800", "\U0001f600", "\0"],
        "one text": "smørrebrød",
        "bytes": [b"", b"abc", bytearray(b"abc"), memoryview(b"abcd")[::2]],
        "times": [
            NOON, NOON.replace(tzinfo=dt.UTC), NOON.replace(fold=1), NOON.date(), NOON.time(),
            NOON.replace(tzinfo=zoneinfo.ZoneInfo("Europe/Vienna")), dt.timedelta(-1, 2, 3),
            NOON.replace(tzinfo=dt.timezone(dt.timedelta(hours=-3), "X")),
            dt.time(1, tzinfo=dt.UTC),
        ],
        "decimals": list(map(decimal.Decimal, ("1.0", "1.00", "-0", "NaN", "sNaN2", "1E9"))),
        "fraction": fractions.Fraction(-3, 7),
        "uuid": uuid.UUID(int=2**100 + 1),
        "enums": [Colour.RED, Flags.A | Flags.B, Flags.A],
        "ranges and slices": [range(3), range(9, 0, -3), range(0), slice(1, None, 2)],
        "pattern": re.compile("a+(b)?", re.IGNORECASE | re.DOTALL),
        "paths": [pathlib.PurePosixPath("/a/b"), pathlib.PureWindowsPath("c:\\a\\b")],
        "mixed list": [1, 2.5, "a", None, True, [1, [2, (3,)]], {"a": {1, 2}}],
        "long lists": [list(range(70_000)), [0.5] * 70_000, [str(n) for n in range(70_000)]],
        "tuple": (1, ("a", Point(1))),
        "sets": [set(), {1, "a", None, (1, 2), 2.5}, frozenset({frozenset({1}), frozenset("ab")})],
        "dicts": [{}, {"b": 1, "a": [2]}, {1: "a", (1, "x"): {}, None: 2.5, 0.5: 3, "k": b""}],
        "kinds of dicts": [
            collections.OrderedDict(b=1, a=2), collections.Counter("aab"),
            collections.defaultdict(list, a=[1]), collections.ChainMap({"a": 1}, {"b": 2}),
            types.MappingProxyType({"a": 1}), types.SimpleNamespace(b=1, a=2),
        ],
        "queue": collections.deque([1, 2, 3], 5),
        "arrays": [array.array("d", [1.5, -0.0]), array.array("h", [1, 2])],
        "objects": [Slotted("a", [1]), Model([0.5]), object(), ValueError("a", 1)],
        "circle": circle,
        "graph held in sets": graph,
        **FUNCTIONS,
    }  # fmt: skip


def values_of_libraries() -> dict[str, object]:
    """Return arrays, tables and models."""
    import numpy as np
    import pandas as pd
    import polars as pl
    import pyarrow as pa
    import scipy.sparse
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    columns: dict[str, list] = {
        "number": [1, 2, 3],
        "share": [0.5, None, -0.0],
        "word": ["a", None, "ä"],
        "is_so": [True, False, True],
        "at": [NOON, None, NOON.replace(year=1999)],
        "day": [NOON.date(), None, dt.date(1, 1, 1)],
    }
    schema = {
        "number": pl.Int64, "share": pl.Float64, "word": pl.String, "is_so": pl.Boolean,
        "at": pl.Datetime("us"), "day": pl.Date,
    }  # fmt: skip
    frame = pd.DataFrame(columns)
    nested = pa.table(
        {
            "list": [[1, 2], None, []],
            "struct": [{"a": 1, "b": "x"}, {"a": 2, "b": None}, None],
            "price": pa.array([decimal.Decimal("1.50"), None, decimal.Decimal("-2.25")]),
            "word": pa.array(["b", "a", "b"]).dictionary_encode(),
            "span": pa.array([1, 2, None], pa.duration("ns")),
            "bytes": [b"a", b"", None],
        }
    )
    indexed = pd.DataFrame(
        {"a": pd.Categorical(["x", "y", "x"], ["y", "x"], ordered=True), ("b", 1): [1, 2, 3]},
        index=pd.date_range("2024-01-01", periods=3, tz="Europe/Vienna", name="when"),
    )
    return {
        "numbers": [np.arange(12, dtype=kind).reshape(3, 4) for kind in ("i1", "u8", "f4", "c16")],
        "column-major": np.asfortranarray(np.arange(12.0).reshape(3, 4)),
        "booleans and texts": [np.array([True, False]), np.array(["a", "bcd"]), np.array([b"a"])],
        "instants": np.array(["2024-05-01", "NaT"], "M8[D]"),
        "durations": np.array([1, 2], "m8[s]"),
        "records": np.array([(1, 2.5), (3, 4.5)], [("a", "i4"), ("b", "f8")]),
        "objects in an array": np.array([1, "a", None, [2]], object),
        "masked": np.ma.masked_array([1, 2, 3], [0, 1, 0]),
        "large": np.arange(3_000_000, dtype="f8"),
        "scalars": [np.float64(0.1), np.int8(-1), np.bool(True), np.str_("a"), np.complex64(1j)],
        "numpy's times": [np.datetime64("2024-05-01T12"), np.timedelta64(90, "m")],
        "dtypes": [np.dtype("f8"), np.dtype([("a", "i4"), ("b", "U3")])],
        "generators": [np.random.default_rng(3), np.random.RandomState(3)],
        "pandas frame": frame,
        "pandas frame with index": indexed,
        "pandas series": pd.Series([1, None, 3], dtype="Int64", name="a"),
        "pandas scalars": [pd.Timestamp(NOON, tz="UTC"), pd.Timedelta(1, "h"), pd.NaT, pd.NA],
        "pandas periods": pd.Series(pd.period_range("2024-01", periods=3, freq="M")),
        "polars frame": pl.DataFrame(columns, schema=schema),
        "polars series": pl.Series("a", [[1, 2], None, []]),
        "arrow table": pa.table(columns),
        "arrow nested table": nested,
        "sparse matrix": scipy.sparse.csr_array(np.eye(3)),
        # not fitted: what is kept, and these parameters, differ less between versions
        "model": KNeighborsClassifier(3),
        "pipeline": make_pipeline(StandardScaler(with_mean=False), KNeighborsClassifier()),
        "numpy's function": np.mean,
    }


def digests(values: dict[str, object], *, profile: bool = False) -> dict[str, list[str | None]]:
    """Return the digest of each value; with ``profile`` the semantic and the unordered one too."""
    from nbmlops.fingerprints.asking import fingerprint

    found = {}
    for name, value in values.items():
        one = fingerprint(value, profile=profile)
        assert one.is_exact, (name, one.reason)
        found[name] = [one.digest, one.semantic, one.unordered] if profile else [one.digest]
    return found


def committed() -> dict[str, dict[str, list[str | None]]]:
    """Return the committed digests, by where the values come from."""
    return json.loads(GOLDEN.read_text())


def write() -> None:
    """Write the digests as they are now."""
    found = {
        "python": digests(values_of_python()),
        "libraries": digests(values_of_libraries(), profile=True),
    }
    GOLDEN.write_text(json.dumps(found, indent=1) + "\n")
