import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest import mock

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from polars.testing.parametric import series

from nbmlops.fingerprints.asking import fingerprint
from nbmlops.fingerprints.base import Fingerprint
from nbmlops.fingerprints.polars import tables as polars_tables
from tests.fingerprints.alike import assert_alike, assert_all_differ, digest_of, type_of

NOON = dt.datetime(2020, 2, 29, 12)
FAR = 2**60  # milliseconds: too many for microseconds
INT, TEXT = pl.Int64, pl.String
ENUM = pl.Enum(["z", "b", "a"])
NESTED = pl.Struct({"a": pl.List(TEXT), "b c": pl.Array(INT, 2)})


def numbers(values: list[int | None], dtype: Any) -> pl.Series:
    return pl.Series(values, dtype=INT).cast(dtype)


# Logical type, and a series of two rows at least that has a null.
TYPES: dict[str, tuple[str, pl.Series]] = {
    "Boolean": ("bool", pl.Series([True, None, False])),
    "Int8": ("int8", pl.Series([1, None, -5], dtype=pl.Int8)),
    "UInt64": ("uint64", pl.Series([1, None, 2**63], dtype=pl.UInt64)),
    "Int128": ("int128", pl.Series([1, None, -(2**100), -1, 2**64], dtype=pl.Int128)),
    "Float32": ("float32", pl.Series([1.5, None, float("nan")], dtype=pl.Float32)),
    "Decimal": ("decimal[2]", pl.Series([Decimal("1.25"), None, Decimal("-99.99")])),
    "long Decimal": ("decimal[0]", pl.Series([Decimal(10**30), None, Decimal(-(10**30))])),
    "String": ("string", pl.Series(["x", None, "longer than twelve", "", "a\0b", "ä"])),
    "Binary": ("binary", pl.Series([b"x", None, b"", b"longer than twelve"])),
    "Date": ("date", pl.Series([NOON.date(), None])),
    "Time": ("time", pl.Series([dt.time(1, 2, 3, 4), None])),
    "Datetime": ("timestamp[]", pl.Series([NOON, None])),
    "Datetime ns": ("timestamp[]", numbers([1, None, 10**18 + 5], pl.Datetime("ns"))),
    "Datetime ms": ("timestamp[]", numbers([1, None], pl.Datetime("ms"))),
    "far Datetime": ("timestamp[]/ms", numbers([FAR, None], pl.Datetime("ms"))),
    "zoned Datetime": (
        "timestamp[tz=Europe/Berlin]",
        pl.Series([NOON, None]).dt.replace_time_zone("Europe/Berlin"),
    ),
    "Duration": ("duration", pl.Series([dt.timedelta(1), None])),
    "far Duration": ("duration/ms", numbers([FAR, None], pl.Duration("ms"))),
    "Categorical": ("category[]", pl.Series(["b", "a", None, "b"], dtype=pl.Categorical)),
    "Categorical of nulls": ("category[]", pl.Series([None, None], dtype=pl.Categorical)),
    "Enum": ("category[ordered]", pl.Series(["b", "a", None], dtype=ENUM)),
    "List": ("list[int64]", pl.Series([[1, 2], None, [], [None]])),
    "List of List": ("list[list[string]]", pl.Series([[["a"], None, []], None, []])),
    "List of Categorical": (
        "list[category[]]",
        pl.Series([["b", "a", None], None], dtype=pl.List(pl.Categorical)),
    ),
    "List of Enum": ("list[category[ordered]]", pl.Series([["a"], None], dtype=pl.List(ENUM))),
    "List of Int128": ("list[int128]", pl.Series([[1, None], None], dtype=pl.List(pl.Int128))),
    "List of far Datetime": (
        "list[timestamp[]]",
        pl.Series([[1, FAR], None], dtype=pl.List(INT)).cast(pl.List(pl.Datetime("ms"))),
    ),
    "Array": ("list[int64]", pl.Series([[1, 2], None], dtype=pl.Array(INT, 2))),
    "Array of two axes": (
        "list[list[int64]]",
        pl.Series([[[1, 2], [3, 4]], None], dtype=pl.Array(INT, (2, 2))),
    ),
    "Array of nothing": ("list[int64]", pl.Series([[], None], dtype=pl.Array(INT, 0))),
    "Struct": ("struct[a: int64, b: string]", pl.Series([{"a": 1, "b": "x"}, None, {"a": None}])),
    "Struct of nested": (
        'struct[a: list[string], "b c": list[int64]]',
        pl.Series([{"a": ["x"], "b c": [1, 2]}, None, {"a": None, "b c": None}], dtype=NESTED),
    ),
    "Null": ("null", pl.Series([None, None])),
    "Object": ("object", pl.Series([Decimal("1.2"), None, "x"], dtype=pl.Object)),
}
if hasattr(pl, "UInt128"):
    TYPES["UInt128"] = "uint128", pl.Series([1, 2**127, None], dtype=pl.UInt128)
if hasattr(pl, "Float16"):
    TYPES["Float16"] = "float16", pl.Series([1.5, None], dtype=pl.Float16)
if hasattr(pl, "Map"):
    TYPES["Map"] = "map[string, int64]", pl.Series([{"a": 1}, None, {}], dtype=pl.Map(TEXT, INT))
if hasattr(pl, "Extension"):
    TYPES["Extension"] = "int64 (mine)", pl.Series([1, None]).ext.to(pl.Extension("mine", INT))


each_type = pytest.mark.parametrize(("type", "values"), TYPES.values(), ids=TYPES)


def without_arrow(value: Any) -> Fingerprint:
    """Return the fingerprint that a value has where pyarrow is not installed."""
    with mock.patch.object(polars_tables, "_arrow_column_of", return_value=None):
        return fingerprint(value)


def in_chunks(values: pl.Series, *cuts: int) -> pl.Series:
    """Cut a series in several that lie apart."""
    ends = [0, *sorted(cuts), len(values)]
    parts = [values.slice(start, stop - start) for start, stop in pairwise(ends)]
    return pl.concat(parts, rechunk=False)


@each_type
def test_layout_does_not_show(type: str, values: pl.Series) -> None:
    again = pl.concat([values, values], rechunk=False)
    assert_alike([values, in_chunks(values, 1), in_chunks(values, 0, 1, 1), again[len(values) :]])
    assert type_of(values) == type


@each_type
def test_pyarrow_makes_no_difference(type: str, values: pl.Series) -> None:
    for part in (values, values[1:], values[:0], in_chunks(values, 1)):
        assert without_arrow(part) == fingerprint(part)


@each_type
def test_another_row_shows(type: str, values: pl.Series) -> None:
    twice = pl.concat([values, values])
    assert_all_differ([values, values[:-1], values[:0], twice, twice[:-1]])


DIFFERENT: dict[str, list[Any]] = {
    "types": [
        pl.Series([1], dtype=kind) for kind in (pl.Int8, INT, pl.UInt64, pl.Int128, pl.Float64)
    ],
    "null, NaN, zero, and its sign": [
        pl.Series([x], dtype=pl.Float64) for x in (None, float("nan"), 0.0, -0.0)
    ],
    "text, bytes, categories": [
        pl.Series(["a"]), pl.Series([b"a"]), pl.Series(["a"], dtype=pl.Categorical),
        pl.Series(["a"], dtype=pl.Enum(["a"])), pl.Series(["a"], dtype=pl.Enum(["a", "b"])),
        pl.Series(["a"], dtype=pl.Enum(["b", "a"])),
    ],
    "types of columns without rows": [
        pl.Series([], dtype=kind)
        for kind in (INT, TEXT, pl.List(INT), pl.List(TEXT), pl.Null, pl.Enum(["a"]),
                     pl.Categorical, pl.Datetime("us"), pl.Datetime("us", "UTC"), NESTED)
    ],
    "where lists end": [
        pl.Series(x, dtype=pl.List(INT)) for x in ([[1, 2], []], [[1], [2]], [[1, 2], None])
    ],
    "null struct, struct of nulls": [
        pl.Series(x, dtype=pl.Struct({"a": INT})) for x in ([None], [{"a": None}])
    ],
    "scales": [pl.Series([Decimal(1)], dtype=pl.Decimal(9, scale)) for scale in (0, 1, 2)],
    "names": [pl.Series(name, [1]) for name in ("", "a", "b")],
    "a series and a frame": [pl.Series("a", [1]), pl.DataFrame({"a": [1]})],
    "frames": [
        pl.DataFrame({"a": [1], "b": [2]}), pl.DataFrame({"b": [2], "a": [1]}),
        pl.DataFrame({"a": [1]}), pl.DataFrame({"a": [1], "b": [None]}), pl.DataFrame(),
    ],
}  # fmt: skip


@pytest.mark.parametrize("values", DIFFERENT.values(), ids=DIFFERENT)
def test_what_differs_is_told_apart(values: list[Any]) -> None:
    assert_all_differ(values)


def test_units_of_time_do_not_show() -> None:
    instants = pl.Series([NOON, None])
    assert_alike(instants.cast(pl.Datetime(unit)) for unit in ("ms", "us", "ns"))


def test_categories_do_not_depend_on_what_the_process_has_seen() -> None:
    values = pl.Series(["b", "a", None], dtype=pl.Categorical)
    before = digest_of(values)
    seen = pl.Series(["zz", "a", "yy", "b"], dtype=pl.Categorical)
    assert digest_of(pl.Series(["b", "a", None], dtype=pl.Categorical)) == before
    assert digest_of(pl.concat([seen, values])[4:]) == before


def test_methods_of_subclasses_are_not_called() -> None:
    class Frame(pl.DataFrame):
        def get_columns(self) -> Any:
            raise AssertionError

        @property
        def height(self) -> Any:
            raise AssertionError

    class Column(pl.Series):
        def get_chunks(self) -> Any:
            raise AssertionError

        @property
        def name(self) -> Any:
            raise AssertionError

        @property
        def dtype(self) -> Any:
            raise AssertionError

        def __len__(self) -> int:
            raise AssertionError

    assert_alike([Frame({"a": [1]}), pl.DataFrame({"a": [1]})])
    assert_alike([Column("a", [1]), pl.Series("a", [1])])


def test_digests_are_the_same_without_pyarrow(run_python: Callable[..., str]) -> None:
    script = """
        import sys
        if {without!r}: sys.modules["pyarrow"] = None
        import polars as pl
        from nbmlops.fingerprints.asking import fingerprint
        frame = pl.DataFrame({{"a": [1, None], "b": ["x", None], "c": [[1.5], []]}})
        print(fingerprint(frame).digest, fingerprint(frame).strength)
    """
    found = {run_python(script.format(without=without)) for without in (True, False)}
    assert found == {
        f"{digest_of(pl.DataFrame({'a': [1, None], 'b': ['x', None], 'c': [[1.5], []]}))} exact"
    }


# Lazy frames


def test_a_lazy_frame_is_a_plan_and_said_to_be_no_data(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": [1, 2]})
    frame.write_parquet(tmp_path / "a.parquet")
    plans = [
        frame.lazy(),
        frame.lazy().filter(pl.col("a") > 1),
        frame.lazy().filter(pl.col("a") > 2),
        pl.scan_parquet(tmp_path / "a.parquet"),
    ]
    found = [fingerprint(plan) for plan in plans]
    assert {one.kind for one in found} == {"lazyframe"}
    assert len({one.digest for one in found}) == len(found)
    assert not any(one.is_exact for one in found)
    assert (found[0].reason or "").startswith("a plan, not data, as polars ")


def test_equal_plans_are_alike_whatever_polars_calls_their_caches() -> None:
    def plan() -> pl.LazyFrame:
        cached = pl.DataFrame({"a": [1]}).lazy().cache()
        return pl.concat([cached, cached, pl.DataFrame({"a": [2]}).lazy().cache()])

    assert fingerprint(plan()).digest == fingerprint(plan()).digest


def test_a_lazy_frame_of_a_file_that_is_gone_is_opaque(tmp_path: Path) -> None:
    found = fingerprint(pl.scan_parquet(tmp_path / "gone.parquet"))
    assert (found.kind, found.strength) == ("opaque", "opaque")


@pytest.mark.parametrize(
    ("kind", "method", "value"),
    [
        (pl.LazyFrame, "explain", pl.LazyFrame({"a": [1]})),
        (pl.Series, "get_chunks", pl.Series([1])),
        (pl.Series, "slice", pl.Series([1], dtype=pl.Int128)),
    ],
)
def test_what_polars_panics_at_is_opaque(kind: type, method: str, value: Any) -> None:
    panic = pl.exceptions.PanicException("no way")
    with mock.patch.object(kind, method, side_effect=panic):
        assert fingerprint(value).reason == "RuntimeError: polars: no way"


# Laws


@given(series(excluded_dtypes=[pl.Object], max_size=8), st.data())
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
def test_neither_layout_nor_pyarrow_shows(values: pl.Series, data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(values)), max_size=3))
    around = pl.concat([values, values, values], rechunk=False)[len(values) : 2 * len(values)]
    assert_alike([values, values.rechunk(), in_chunks(values, *cuts), around])
    assert without_arrow(around) == fingerprint(around)


@given(series(excluded_dtypes=[pl.Object], min_size=1, max_size=8), st.data())
@settings(max_examples=150, suppress_health_check=list(HealthCheck))
def test_any_change_shows(values: pl.Series, data: st.DataObject) -> None:
    order = data.draw(st.lists(st.integers(0, len(values) - 1), max_size=8))
    other = values.gather(order)
    assume(repr(other.to_list()) != repr(values.to_list()))
    assert digest_of(other) != digest_of(values)
