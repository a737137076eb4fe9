import datetime as dt
import json
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from nbmlops.fingerprints.arrow import tables as arrow_tables
from nbmlops.fingerprints.columns.tables import Column, NamedColumn, Table
from nbmlops.fingerprints.deadline import Deadline, TakesTooLong
from nbmlops.fingerprints.numpy.columns import array_column
from nbmlops.fingerprints.pandas import tables as pandas_tables
from nbmlops.fingerprints.polars import tables as polars_tables
from nbmlops.fingerprints.profiles.frequencies import listed
from nbmlops.fingerprints.profiles.profile import MOST_COLUMNS, ColumnProfile
from nbmlops.fingerprints.profiles.profiling import profile_of
from tests.fingerprints.real_data import flights, penguins, profile, profiles

NUMBERS = ["year", "dep_time", "dep_delay", "arr_delay", "flight", "air_time", "distance", "hour"]
TEXTS = ["carrier", "tailnum", "origin", "dest", "time_hour"]


def size_bytes(made):
    return len(json.dumps(made.to_json()))


@pytest.fixture(scope="module")
def of_flights():
    return profiles(flights())


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_are_summed_up_as_pandas_does(of_flights, name):
    column, made = flights()[name], of_flights[name]
    assert (made.count, made.nulls) == (len(column), column.isna().sum())
    numbers = made.numbers
    assert (numbers.minimum, numbers.maximum) == (column.min(), column.max())
    assert numbers.mean == pytest.approx(column.mean(), rel=1e-12)
    assert numbers.std == pytest.approx(column.std(), rel=1e-12)
    assert numbers.zeros == (column == 0).sum()
    assert numbers.count == column.count()
    assert (made.distinct.estimate, made.distinct.error) == (column.nunique(), 0)


@pytest.mark.parametrize("name", TEXTS)
def test_texts_are_counted(of_flights, name):
    column, made = flights()[name], of_flights[name]
    assert (made.count, made.nulls) == (len(column), column.isna().sum())
    assert made.frequencies.total == column.count()
    lengths = column.dropna().str.len()
    assert (made.lengths.minimum, made.lengths.maximum) == (lengths.min(), lengths.max())
    assert made.lengths.mean == pytest.approx(lengths.mean())
    distinct = made.distinct
    assert abs(distinct.estimate - column.nunique()) <= distinct.error * column.nunique()


@pytest.mark.parametrize("name", ["carrier", "tailnum", "origin", "dest"])
def test_the_most_frequent_texts_are_counted_exactly(of_flights, name):
    counted = flights()[name].value_counts()
    frequencies = of_flights[name].frequencies
    assert sorted(listed(frequencies)[1].tolist()) == sorted(counted[:128].tolist())
    assert frequencies.short_by == 0
    assert frequencies.absent_at_most == (counted.iloc[128] if len(counted) > 128 else 0)


def test_a_profile_takes_no_more_than_four_kilobytes(of_flights):
    rng = np.random.default_rng(0)
    texts = ["x" * length for length in rng.integers(0, 3000, 100_000).tolist()]
    hard = profiles(pd.DataFrame({"normal": rng.normal(size=100_000), "texts": texts}))
    for name, made in (of_flights | hard).items():
        assert size_bytes(made) <= 4096, name


@pytest.mark.parametrize("name", ["species", "bill_length_mm", "sex", "year"])
def test_libraries_agree(name):
    frame = penguins()
    arrow = pa.Table.from_pandas(frame, preserve_index=False)
    tables = [
        pandas_tables.frame(frame),
        pandas_tables.frame(frame.convert_dtypes(dtype_backend="pyarrow")),
        arrow_tables.frame(arrow),
        polars_tables.frame(pl.from_arrow(arrow)),
    ]
    place = list(frame.columns).index(name)
    first, *others = [profile_of(table)[place] for table in tables]
    assert others == [first] * 3


def test_values_of_text_are_not_kept():
    made = profile(["Ada Lovelace", "Grace Hopper", None, "Ada Lovelace"])
    text = json.dumps(made.to_json())
    assert "Ada" not in text
    assert sorted(listed(made.frequencies)[1].tolist()) == [1, 2]


def test_a_category_and_a_text_of_the_same_values_have_the_same_frequencies():
    carriers = flights()["carrier"]
    one, other = profile(carriers), profile(carriers.astype("category"))
    assert one.frequencies == other.frequencies
    assert one.distinct == other.distinct


def test_nan_and_infinities_are_counted_by_themselves():
    values = pa.array([1.0, float("nan"), None, float("inf"), -float("inf"), float("inf"), 3.0])
    (made,) = profile_of(arrow_tables.column(values))
    numbers = made.numbers
    assert made.nulls == 1
    assert (numbers.nan, numbers.positive_infinite, numbers.negative_infinite) == (1, 2, 1)
    assert (numbers.count, numbers.mean, numbers.maximum) == (2, 2.0, 3.0)


def test_zero_has_no_sign():
    made = profile([0.0, -0.0, 1.0])
    assert (made.distinct.estimate, made.numbers.zeros) == (2, 2)


def extended(name, values):
    """Return values as an array of an extension of their type."""
    storage = values if isinstance(values, pa.Array) else pa.array(values, pa.decimal128(9, 2))
    kind = type(
        "Extended",
        (pa.ExtensionType,),
        {
            "__init__": lambda self: pa.ExtensionType.__init__(self, storage.type, name),
            "__arrow_ext_serialize__": lambda _self: b"",
        },
    )
    return pa.ExtensionArray.from_storage(kind(), storage)


MOMENT = dt.datetime(2013, 1, 1, 5, tzinfo=dt.UTC)
MICROSECONDS = 1_357_016_400_000_000
KINDS = {
    "bool": (pa.array([True, False, None, True]), 0, 1, 2 / 3),
    "timestamp[tz=UTC]": (
        pa.array([MOMENT], pa.timestamp("ns", "UTC")),
        MICROSECONDS,
        MICROSECONDS,
        MICROSECONDS,
    ),
    "date": (pa.array([dt.date(1970, 1, 3), dt.date(1970, 1, 1)]), 0, 2, 1),
    "duration": (pa.array([dt.timedelta(seconds=2)]), 2_000_000, 2_000_000, 2_000_000),
    "decimal[2]": (pa.array([Decimal("1.25"), Decimal("-3.75")]), -3.75, 1.25, -1.25),
    "uint64": (pa.array([2**64 - 1, 0], pa.uint64()), 0, 2**64 - 1, 2.0**63),
    "int8": (pa.array([-128, 127], pa.int8()), -128, 127, -0.5),
    "int128": (pl.Series([1, 2, 3, -(2**70)], dtype=pl.Int128), -(2.0**70), 3, -(2.0**68)),
    "uint128": (pl.Series([0, 2**127], dtype=pl.UInt128), 0, 2.0**127, 2.0**126),
    "decimal[2] (my.money)": (extended("my.money", [Decimal("1.25")]), 1.25, 1.25, 1.25),
    "uint64 (my.id)": (
        extended("my.id", pa.array([2**64 - 1, 0], pa.uint64())),
        0,
        2**64 - 1,
        2.0**63,
    ),
}


@pytest.mark.parametrize("type", KINDS)
def test_kinds_of_numbers(type):
    values, least, greatest, mean = KINDS[type]
    tables = polars_tables if isinstance(values, pl.Series) else arrow_tables
    (made,) = profile_of(tables.column(values))
    assert made.type == type
    assert (made.numbers.minimum, made.numbers.maximum) == (least, greatest)
    assert made.numbers.mean == pytest.approx(mean)
    assert ColumnProfile.from_json(json.loads(json.dumps(made.to_json()))) == made


@pytest.mark.parametrize(
    ("values", "nulls"),
    [
        pytest.param(pa.array([[1], None, [2, 3]]), 1, id="lists"),
        pytest.param(pa.array([{"a": 1}, {"a": None}]), 0, id="structs"),
        pytest.param(pa.nulls(3), 3, id="nulls"),
    ],
)
def test_of_other_kinds_only_nulls_are_counted(values, nulls):
    (made,) = profile_of(arrow_tables.column(values))
    assert (made.count, made.nulls) == (len(values), nulls)
    assert made.reason
    assert made.numbers is made.frequencies is made.distinct is None


class Strange:
    def __getattribute__(self, name):
        raise RuntimeError(name)

    def __eq__(self, other):
        raise RuntimeError("==")

    __hash__ = None


def test_objects_are_not_looked_into():
    values = np.array([None, None, 3], object)
    values[0] = Strange()
    (made,) = profile_of(pandas_tables.frame(pd.DataFrame({"x": pd.Series(values, dtype=object)})))
    assert (made.count, made.nulls, made.numbers, made.frequencies) == (3, 1, None, None)


@pytest.mark.parametrize("text", ["naïve", "日本語", "🎉🎉", "", "a" * 500, "ﬁ\0x"])
def test_lengths_are_in_characters(text):
    assert profile([text, "ab"]).lengths.maximum == max(len(text), 2)


def test_lengths_of_bytes_are_in_bytes():
    (made,) = profile_of(arrow_tables.column(pa.array(["ä".encode(), None])))
    assert (made.lengths.maximum, made.nulls) == (2, 1)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(pd.Series([], dtype="float64"), id="no numbers"),
        pytest.param(pd.Series([None, None], dtype="float64"), id="only nulls"),
        pytest.param(pd.Series([None], dtype="str"), id="only null texts"),
        pytest.param(pd.Series([], dtype="str"), id="no texts"),
        pytest.param(pd.Series([None, None], dtype=pd.CategoricalDtype(["a"])), id="unused"),
    ],
)
def test_what_is_not_there_is_none_and_not_zero(values):
    made = profile(values)
    assert made.nulls == made.count == len(values)
    assert made.distinct.estimate == 0
    for numbers in filter(None, (made.numbers, made.lengths)):
        assert (numbers.minimum, numbers.mean, numbers.std) == (None, None, None)
        assert numbers.distribution is None
    assert ColumnProfile.from_json(json.loads(json.dumps(made.to_json()))) == made


def test_a_deviation_beyond_float64_is_none():
    made = profile([1e308, -1e308])
    assert (made.numbers.maximum, made.numbers.std) == (1e308, None)


def test_moments_are_exact_far_from_zero():
    values = np.random.default_rng(0).normal(size=100_000) + 1e9
    made = profile(values)
    assert made.numbers.std == pytest.approx(values.std(ddof=1), rel=1e-9)


@pytest.mark.parametrize("step", [1, 1000])
def test_different_large_integers_are_told_apart(step):
    made = profile(np.arange(50_000) * step + 2**61)
    assert made.distinct.estimate == pytest.approx(50_000, rel=made.distinct.error)


def test_only_the_first_columns_of_a_wide_table_are_looked_at():
    frame = pd.DataFrame(np.zeros((3, MOST_COLUMNS + 20)))
    made = profile_of(pandas_tables.frame(frame))
    assert len(made) == MOST_COLUMNS + 20
    assert made[MOST_COLUMNS - 1].numbers is not None
    assert (made[-1].count, made[-1].nulls, made[-1].numbers) == (3, None, None)
    assert "first 2,000 columns" in made[-1].reason


KNOWN = array_column(np.arange(5))


def unreadable(start, stop):
    raise OSError("gone")


def test_a_column_that_cannot_be_read_says_why_and_the_others_are_looked_at():
    columns = (NamedColumn("x", Column("int64", 5, unreadable)), NamedColumn("y", KNOWN))
    made = profile_of(Table("frame", 5, columns))
    assert made[0] == ColumnProfile("int64", 5, reason="OSError: gone")
    assert made[1].numbers.maximum == 4


def test_profiles_end_when_the_time_given_is_over(clock):
    columns = (NamedColumn("y", KNOWN),) * 50
    with pytest.raises(TakesTooLong):
        profile_of(Table("frame", 5, columns), Deadline.within(0.2))
    assert clock.looks < 25


def test_levels_of_an_index_have_profiles_too():
    table = pandas_tables.frame(penguins().set_index("species"))
    made = profile_of(table)
    assert len(made) == len(table.columns) == 8
    assert made[0].frequencies is not None


def test_data_is_not_changed():
    frame = flights().head(50_000).copy()
    before = frame.copy(deep=True)
    profiles(frame)
    pd.testing.assert_frame_equal(frame, before)
