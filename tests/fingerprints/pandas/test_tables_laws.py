"""The two laws of fingerprints for pandas: storage never shows, any change does."""

import datetime as dt
import pickle
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from tests.fingerprints.alike import assert_alike, digest_of

MOST_ROWS = 5
WORDS = ["red", "green", "blü", ""]

type Values = list[Any]
type Made = Callable[[Values], Any]


class Kind(NamedTuple):
    """A type of column: its values, None where missing, and the arrays that may hold them."""

    values: st.SearchStrategy[Any]
    ways: tuple[Made, ...]


def series_of(dtype: Any) -> Made:
    return lambda values: pd.Series(values, dtype=dtype).array


def numpy_of(dtype: str) -> Made:
    return lambda values: np.array(values, dtype)


def floats_of(dtype: str) -> Made:
    return lambda values: np.array([np.nan if it is None else it for it in values], dtype)


def strided_of(dtype: str) -> Made:
    return lambda values: np.repeat(floats_of(dtype)(values), 2)[::2]


def arrow_of(kind: pa.DataType, *, halves: bool = False) -> Made:
    def made(values: Values) -> Any:
        middle = len(values) // 2 if halves else 0
        parts = [pa.array(part, kind) for part in (values[:middle], values[middle:])]
        return pd.arrays.ArrowExtensionArray(pa.chunked_array(parts, kind))

    return made


def instants_of(unit: str, zone: str | None = None) -> Made:
    def made(values: Values) -> Any:
        array = pd.DatetimeIndex(np.array(values, "M8[s]").astype(f"M8[{unit}]")).array
        return array if zone is None else array.tz_localize("UTC").tz_convert(zone)

    return made


def categories_of(categories: Values, *, ordered: bool = False) -> tuple[Made, ...]:
    def of_codes(values: Values) -> Any:
        codes = [-1 if value is None else categories.index(value) for value in values]
        return pd.Categorical.from_codes(np.array(codes, "int8"), categories, ordered=ordered)

    def of_many(values: Values) -> Any:
        longer = pd.Categorical([*values, *categories, None], categories, ordered=ordered)
        return longer[: len(values)]

    return lambda values: pd.Categorical(values, categories, ordered=ordered), of_codes, of_many


def sparse_of(fill: float, kind: Any) -> Made:
    def made(values: Values) -> Any:
        return pd.arrays.SparseArray(floats_of("f8")(values), fill_value=fill, kind=kind)

    return made


def objects(values: Values) -> Any:
    array = np.empty(len(values), object)
    array[:] = values
    return array


def or_none(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def integers(bits: int, *, signed: bool = True) -> st.SearchStrategy[int]:
    lowest = -(2 ** (bits - 1)) if signed else 0
    return st.integers(lowest, lowest + 2**bits - 1)


SECONDS = st.integers(-(2**33), 2**33)
INSTANTS = or_none(SECONDS.map(lambda seconds: np.datetime64(seconds, "s")))
TEXT = st.text(max_size=3)
INTERVALS = st.tuples(st.integers(0, 3), st.integers(4, 6))

KINDS: dict[str, Kind] = {
    "bool": Kind(
        st.booleans(), (numpy_of("?"), strided_of("?"), series_of("boolean"), arrow_of(pa.bool_()))
    ),
    **{
        f"int{bits}": Kind(
            integers(bits),
            (
                numpy_of(f"i{bits // 8}"),
                strided_of(f"i{bits // 8}"),
                series_of(f"Int{bits}"),
                arrow_of(pa.from_numpy_dtype(f"int{bits}")),
            ),
        )
        for bits in (8, 16, 32, 64)
    },
    "uint64": Kind(integers(64, signed=False), (numpy_of("u8"), series_of("UInt64"))),
    **{
        f"float{bits}": Kind(
            or_none(st.floats(width=bits, allow_nan=False)),
            (
                floats_of(f"f{bits // 8}"),
                strided_of(f"f{bits // 8}"),
                series_of(f"Float{bits}"),
                arrow_of(pa.from_numpy_dtype(f"float{bits}"), halves=True),
            ),
        )
        for bits in (32, 64)
    },
    "float16": Kind(
        or_none(st.floats(width=16, allow_nan=False)), (floats_of("f2"), strided_of("f2"))
    ),
    "sparse": Kind(
        or_none(st.sampled_from([0.0, 1.5, -3.0])),
        (floats_of("f8"), sparse_of(0.0, "integer"), sparse_of(np.nan, "block")),
    ),
    "complex": Kind(
        or_none(st.complex_numbers(allow_nan=False)), (floats_of("c16"), strided_of("c16"))
    ),
    "nullable": Kind(
        or_none(integers(64)), (series_of("Int64"), arrow_of(pa.int64(), halves=True))
    ),
    "text": Kind(
        or_none(TEXT),
        (
            objects,
            series_of("str"),
            series_of("string[python]"),
            series_of("string[pyarrow]"),
            arrow_of(pa.string(), halves=True),
            arrow_of(pa.large_string()),
            lambda values: objects([pd.NA if value is None else value for value in values]),
        ),
    ),
    "instants": Kind(
        INSTANTS, (*map(instants_of, ("s", "ms", "us")), arrow_of(pa.timestamp("s"), halves=True))
    ),
    "instants with a zone": Kind(
        INSTANTS, tuple(instants_of(unit, "Asia/Kathmandu") for unit in ("s", "ms", "us"))
    ),
    "durations": Kind(
        or_none(SECONDS.map(lambda seconds: np.timedelta64(seconds, "s"))),
        tuple(
            lambda values, unit=unit: pd.array(np.array(values, "m8[s]").astype(f"m8[{unit}]"))
            for unit in ("s", "ms", "us")
        ),
    ),
    "periods": Kind(
        or_none(st.integers(-99, 99)),
        (
            lambda values: pd.arrays.PeriodArray(
                np.array([pd.NaT._value if it is None else it for it in values], "i8"),
                dtype="period[M]",
            ),
            lambda values: pd.array(
                [None if it is None else pd.Period(ordinal=it, freq="M") for it in values],
                dtype="period[M]",
            ),
        ),
    ),
    "intervals": Kind(
        INTERVALS,
        (
            lambda values: pd.arrays.IntervalArray.from_tuples(values, dtype="interval[int64]"),
            lambda values: pd.arrays.IntervalArray.from_arrays(
                *np.array(values, "i8").reshape(-1, 2).T
            ),
        ),
    ),
    "categories": Kind(or_none(st.sampled_from(WORDS)), categories_of(WORDS)),
    "ordered categories": Kind(or_none(st.sampled_from(WORDS)), categories_of(WORDS, ordered=True)),
    "categories of numbers": Kind(or_none(st.sampled_from([3, 1, 2])), categories_of([3, 1, 2])),
    "lists": Kind(
        or_none(st.lists(or_none(st.integers(0, 9)), max_size=3)),
        (arrow_of(pa.list_(pa.int8())), arrow_of(pa.large_list(pa.int8()), halves=True)),
    ),
    "objects": Kind(
        or_none(
            st.one_of(
                st.booleans(),
                integers(70),
                st.floats(allow_nan=False),
                TEXT,
                st.binary(max_size=2),
                st.dates(),
                st.tuples(TEXT),
            )
        ),
        (objects, lambda values: np.repeat(objects(values), 2)[::2]),
    ),
}  # fmt: skip

# What a kind of column may be made into: another type of the same values.
OTHER_KINDS = {
    "bool": "int8", "int8": "int16", "int16": "int32", "int32": "int64", "float16": "float32",
    "float32": "float64", "sparse": "complex", "text": "objects", "categories": "text",
    "ordered categories": "categories", "instants": "instants with a zone",
    "instants with a zone": "instants",
}  # fmt: skip


class Content(NamedTuple):
    """What a frame holds, however it is stored."""

    rows: int
    names: list[Any]
    kinds: list[str]
    columns: list[Values]
    index: list[Any] | None
    index_name: str | None = None
    names_name: str | None = None


NAMES = st.sampled_from(["a", "b", "", "ü"]) | st.integers(-1, 2) | st.tuples(TEXT, st.integers())


@st.composite
def contents(draw: st.DrawFn, *, least_rows: int = 0, least_columns: int = 0) -> Content:
    rows = draw(st.integers(least_rows, MOST_ROWS))
    kinds = draw(st.lists(st.sampled_from([*KINDS]), min_size=least_columns, max_size=4))
    values = [draw(st.lists(KINDS[kind].values, min_size=rows, max_size=rows)) for kind in kinds]
    names = draw(st.lists(NAMES, min_size=len(kinds), max_size=len(kinds)))
    labels = st.lists(st.integers(0, 9) | TEXT, min_size=rows, max_size=rows)
    index, named = draw(st.none() | labels), st.sampled_from([None, "n", ""])
    return Content(rows, names, kinds, values, index, draw(named), draw(named))


def stored(content: Content, ways: list[int] | None = None) -> pd.DataFrame:
    """Return content as a frame; ``ways`` chooses between the arrays that may hold a column."""
    columns = [
        KINDS[kind].ways[way % len(KINDS[kind].ways)](values)
        for kind, values, way in zip(
            content.kinds, content.columns, ways or [0] * len(content.kinds), strict=True
        )
    ]
    index = pd.Index(content.index) if content.index else pd.RangeIndex(content.rows)
    frame = pd.DataFrame(dict(enumerate(columns)), index)
    frame.columns = pd.Index(objects(content.names), tupleize_cols=False, name=content.names_name)
    return frame.rename_axis(index=content.index_name)


# Other representations of a frame


def rows_of_a_larger_one(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([frame, frame, frame])[len(frame) : 2 * len(frame)]


def reversed_twice(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(frame[::-1].copy())[::-1]


def one_column_after_the_other(frame: pd.DataFrame) -> pd.DataFrame:
    made = pd.DataFrame(index=frame.index)
    for place in range(frame.shape[1]):
        made.insert(place, place, frame.iloc[:, place], allow_duplicates=True)
    made.columns = frame.columns
    return made


def columns_of_a_wider_one(frame: pd.DataFrame) -> pd.DataFrame:
    wider = pd.concat([frame, frame], axis=1)
    return wider.iloc[:, : frame.shape[1]]


def with_rows_together(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of one type of number on an array in C order."""
    values = frame.to_numpy()
    if {*frame.dtypes} != {values.dtype} or values.dtype.kind not in "biufc":
        return frame
    held = pd.DataFrame(np.ascontiguousarray(values), frame.index, copy=False)
    held.columns = frame.columns
    return held


REPRESENTATIONS: list[Callable[[pd.DataFrame], pd.DataFrame]] = [
    lambda frame: frame,
    lambda frame: frame.copy(),
    lambda frame: frame.copy(deep=False),
    lambda frame: pickle.loads(pickle.dumps(frame)),
    rows_of_a_larger_one,
    reversed_twice,
    one_column_after_the_other,
    columns_of_a_wider_one,
    with_rows_together,
    lambda frame: frame.set_axis(frame.index.copy(deep=True)),
]

# Other ways for an array of numbers to lie in memory
LAYOUTS: list[Callable[[np.ndarray], np.ndarray]] = [
    np.ascontiguousarray,
    np.asfortranarray,
    lambda values: np.repeat(values, 2, axis=1)[:, ::2],
    lambda values: np.repeat(values, 2, axis=0)[::2],
    lambda values: np.hstack([values, values])[:, : values.shape[1]],
    lambda values: values[:, ::-1].copy()[:, ::-1],
    lambda values: values[::-1].copy()[::-1],
    lambda values: values.astype(values.dtype.newbyteorder(">")),
]


@given(
    contents(),
    st.lists(st.integers(0, 9), min_size=4, max_size=4),
    st.sampled_from(REPRESENTATIONS),
)
def test_frames_of_equal_content_have_equal_digests(
    content: Content, ways: list[int], represented: Callable[[pd.DataFrame], pd.DataFrame]
) -> None:
    other = represented(stored(content, ways[: len(content.kinds)]))
    assert_alike([stored(content), other])


@given(
    arrays(
        st.sampled_from(["f8", "f4", "i8", "u2", "c16", "?"]),
        array_shapes(min_dims=2, max_dims=2, max_side=6),
        elements={"allow_nan": True},
    ),
    st.sampled_from(LAYOUTS),
)
def test_arrays_of_equal_content_make_frames_of_equal_digests(
    values: np.ndarray, laid_out: Callable[[np.ndarray], np.ndarray]
) -> None:
    by_columns = pd.DataFrame({place: column.copy() for place, column in enumerate(values.T)})
    assert_alike([by_columns, pd.DataFrame(laid_out(values), copy=False)])


@given(contents(), st.lists(st.integers(0, 9), min_size=4, max_size=4))
def test_series_of_equal_content_have_equal_digests(content: Content, ways: list[int]) -> None:
    assume(content.kinds)
    frames = stored(content), stored(content, ways[: len(content.kinds)])
    assert_alike([frame.iloc[:, 0] for frame in frames])


@given(contents(least_rows=1, least_columns=1), st.data())
def test_one_cell_changes_the_digest(content: Content, data: st.DataObject) -> None:
    column = data.draw(st.integers(0, len(content.kinds) - 1))
    row = data.draw(st.integers(0, content.rows - 1))
    values = [*content.columns[column]]
    values[row] = data.draw(KINDS[content.kinds[column]].values)
    assume(repr(values[row]) != repr(content.columns[column][row]))
    columns = [*content.columns]
    columns[column] = values
    changed = content._replace(columns=columns)
    one, other = stored(content), stored(changed)
    assert digest_of(one) != digest_of(other)
    assert digest_of(one.iloc[:, column]) != digest_of(other.iloc[:, column])


@given(contents(least_columns=1), st.data())
def test_a_name_changes_the_digest(content: Content, data: st.DataObject) -> None:
    names = data.draw(
        st.permutations(content.names)
        | st.lists(NAMES, min_size=len(content.names), max_size=len(content.names))
    )
    assume(names != content.names)
    assert digest_of(stored(content)) != digest_of(stored(content._replace(names=names)))


@given(contents(least_rows=1, least_columns=1), st.data())
def test_another_shape_changes_the_digest(content: Content, data: st.DataObject) -> None:
    frame = stored(content)
    rows, columns = content.rows, len(content.kinds)
    others = [frame.iloc[: rows - 1], frame.iloc[1:], frame.iloc[:, 1:], frame.iloc[:0]]
    others += [pd.concat([frame, frame]), pd.concat([frame, frame.iloc[:, :1]], axis=1)]
    other = data.draw(st.sampled_from(others))
    assert other.shape != (rows, columns)
    assert digest_of(frame) != digest_of(other)


@given(contents(least_rows=1), st.data())
def test_an_index_changes_the_digest(content: Content, data: st.DataObject) -> None:
    labels = st.lists(st.integers(0, 9) | TEXT, min_size=content.rows, max_size=content.rows)
    index = data.draw(labels)
    assume(index != (content.index or [*range(content.rows)]))
    frames = [stored(content), stored(content._replace(index=index))]
    frames.append(frames[0].rename_axis(index=f"{content.index_name} "))
    frames.append(frames[0].rename_axis(columns=f"{content.names_name} "))
    assert len({digest_of(frame) for frame in frames}) == len(frames)


@given(contents(least_columns=1), st.data())
def test_another_type_of_the_same_values_changes_the_digest(
    content: Content, data: st.DataObject
) -> None:
    places = [place for place, kind in enumerate(content.kinds) if kind in OTHER_KINDS]
    assume(places)
    place = data.draw(st.sampled_from(places))
    kinds = [*content.kinds]
    kinds[place] = OTHER_KINDS[kinds[place]]
    texts = "text" in (content.kinds[place], kinds[place])
    assume(kinds[place] != "objects" and (content.rows or not texts))
    assert digest_of(stored(content)) != digest_of(stored(content._replace(kinds=kinds)))


@given(st.lists(or_none(st.sampled_from(WORDS)), max_size=MOST_ROWS), st.permutations(WORDS))
def test_the_order_of_categories_changes_the_digest(values: Values, other: list[str]) -> None:
    assume(other != WORDS)
    assert digest_of(pd.Series(pd.Categorical(values, WORDS))) != digest_of(
        pd.Series(pd.Categorical(values, other))
    )


@given(st.lists(INSTANTS, min_size=1, max_size=MOST_ROWS))
def test_a_time_zone_changes_the_digest(values: Values) -> None:
    zones = [None, "UTC", "Europe/Berlin", "Europe/Paris", "+01:00"]
    columns = [pd.Series(instants_of("us", zone)(values)) for zone in zones]
    assert len({digest_of(column) for column in columns}) == len(zones)


@given(st.dates(min_value=dt.date(1700, 1, 1), max_value=dt.date(2200, 1, 1)), st.integers(1, 999))
def test_a_nanosecond_changes_the_digest(day: dt.date, nanoseconds: int) -> None:
    one = pd.Series(np.array([day], "M8[ns]"))
    assert digest_of(one) != digest_of(one + pd.Timedelta(nanoseconds, "ns"))
