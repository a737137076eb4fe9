"""Reads polars series by polars' own means, with numpy and without pyarrow.

For machines without pyarrow, for the types that it lacks, and for categories, whose codes would be
copied for it. Columns are the same as those that `arrow.tables` makes of the same data. Text and
bytes become Python objects, which takes its time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from nbmlops.fingerprints.columns.buffers import (
    fitting,
    instants,
    objects_block,
    recoded,
    times_of_day,
    zeroed,
)
from nbmlops.fingerprints.columns.tables import Block, Column
from nbmlops.fingerprints.columns.texts import text_block
from nbmlops.fingerprints.polars.types import is_extension, logical_type, name_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    type Buffers = tuple[NDArray[Any], ...]


@contextmanager
def panics_are_errors() -> Iterator[None]:
    """Raise what polars cannot go on with as a RuntimeError: its own is no Exception."""
    try:
        yield
    except pl.exceptions.PanicException as problem:
        raise RuntimeError(f"polars: {problem}") from problem


def column_of(series: pl.Series) -> Column:
    """Return a series of any type as a column."""
    dtype = series.dtype
    if is_extension(dtype):
        return replace(column_of(series.ext.storage()), type=logical_type(dtype))
    if name_of(dtype) in ("Categorical", "Enum"):
        return _category_column(series)
    if name_of(dtype) in ("Datetime", "Duration"):
        return _instants_column(series)
    return _column(series, logical_type(dtype), _READ.get(name_of(dtype), _numbers))


def _column(
    series: pl.Series,
    type: str,
    read: Callable[[pl.Series], Block],
    children: tuple[Column, ...] = (),
) -> Column:
    @panics_are_errors()
    def block(start: int, stop: int) -> Block:
        return read(series.slice(start, stop - start))

    return Column(type, len(series), block, children)


# What all rows must be seen for


def _category_column(series: pl.Series) -> Column:
    if name_of(series.dtype) == "Enum":
        categories, places = series.dtype.categories, None
    else:
        categories, places = _categories_in_use(series)

    def codes(part: pl.Series) -> Block:
        values, valid = _filled(part.to_physical(), 0).to_numpy(), _valid(part)
        codes = values.astype(np.int32) if places is None else recoded(values, places)
        return Block(len(part), valid, (zeroed(codes, valid),))

    return _column(series, logical_type(series.dtype), codes, (column_of(categories),))


def _categories_in_use(series: pl.Series) -> "tuple[pl.Series, NDArray[np.int32]]":
    """Return the categories that occur, sorted, and the place among them of each physical code."""
    each = series.gather(series.to_physical().arg_unique()).drop_nulls()
    texts, codes = each.cast(pl.String), each.to_physical().to_numpy()
    order = texts.arg_sort()
    places = np.zeros(int(codes.max(initial=0)) + 1, np.int32)
    places[codes[order.to_numpy()]] = np.arange(len(codes))
    return texts.gather(order), places


def _instants_column(series: pl.Series) -> Column:
    unit = series.dtype.time_unit
    suffix = fitting(unit, lambda: _span(series.to_physical()))
    shaped = partial(instants, unit=unit, suffix=suffix)
    read = partial(_numbers, shaped=shaped)
    return _column(series, logical_type(series.dtype) + suffix, read)


def _span(numbers: pl.Series) -> tuple[int, int] | None:
    lowest, highest = numbers.min(), numbers.max()
    return None if lowest is None else (lowest, highest)


# Blocks


def _as_it_is(values: "NDArray[Any]") -> "Buffers":
    return (values,)


def _numbers(part: pl.Series, shaped: "Callable[[NDArray[Any]], Buffers]" = _as_it_is) -> Block:
    """Read what numpy has a type for; ``shaped`` makes the buffers of its values, nulls zeroed."""
    return Block(len(part), _valid(part), shaped(_filled(part.to_physical(), 0).to_numpy()))


def _valid(part: pl.Series) -> "NDArray[np.bool_] | None":
    return part.is_not_null().to_numpy() if part.null_count() else None


def _filled(part: pl.Series, value: object) -> pl.Series:
    return part.fill_null(value) if part.null_count() else part


def _bools(part: pl.Series) -> Block:
    values = _filled(part, value=False).to_numpy()
    return Block(len(part), _valid(part), (values.view(np.uint8),))


def _wide_numbers(part: pl.Series) -> Block:
    """Read integers of 128 bits, signed or not, and decimals, which are such."""
    whole = _filled(part.to_physical(), 0)
    word = pl.Series([1 << 64], dtype=whole.dtype)
    high = whole // word
    low = (whole - high * word).cast(pl.UInt64).to_numpy()
    kind = pl.UInt64 if whole.dtype.is_unsigned_integer() else pl.Int64
    words = np.stack((low, high.cast(kind).to_numpy().view(np.uint64)), axis=1)
    return Block(len(part), _valid(part), (words,))


def _bytes(part: pl.Series) -> Block:
    values = [b"" if value is None else value for value in part.to_list()]
    lengths = np.fromiter(map(len, values), np.int64, len(values))
    return Block(len(part), _valid(part), (lengths, np.frombuffer(b"".join(values), np.uint8)))


def _lists(part: pl.Series) -> Block:
    lengths = part.list.len()
    elements = part.filter(lengths > 0).explode()
    counts = _filled(lengths, 0).cast(pl.Int64).to_numpy()
    return Block(len(part), _valid(part), (counts,), (column_of(elements),))


def _arrays(part: pl.Series) -> Block:
    return _lists(part.arr.to_list())


def _maps(part: pl.Series) -> Block:
    kind = part.dtype
    entries = pl.Struct({"key": kind.key, "value": kind.value})
    return _lists(part.cast(pl.List(entries)))


def _structs(part: pl.Series) -> Block:
    fields = (part.struct.field(field.name) for field in part.dtype.fields)
    return Block(len(part), _valid(part), (), tuple(map(column_of, fields)))


def _nulls(part: pl.Series) -> Block:
    return Block(len(part), np.zeros(len(part), np.bool_))


# By the names of polars' types; all others are numbers.

_READ: dict[str, Callable[[pl.Series], Block]] = {
    "Boolean": _bools,
    "Int128": _wide_numbers,
    "UInt128": _wide_numbers,
    "Decimal": _wide_numbers,
    "Time": partial(_numbers, shaped=partial(times_of_day, unit="ns")),
    "String": lambda part: text_block(part.to_list()),
    "Binary": _bytes,
    "List": _lists,
    "Array": _arrays,
    "Map": _maps,
    "Struct": _structs,
    "Null": _nulls,
    "Object": lambda part: objects_block(part.to_list()),
}
