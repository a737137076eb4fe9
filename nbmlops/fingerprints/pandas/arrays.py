"""pandas' arrays as columns in canonical form.

What pandas keeps in Arrow is read by `arrow.tables`, what it keeps in plain numpy arrays by
`numpy.columns`. Arrays of other libraries' types are objects: their elements.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nbmlops.fingerprints.columns.buffers import zeroed
from nbmlops.fingerprints.columns.tables import Block, Column
from nbmlops.fingerprints.columns.texts import text_column
from nbmlops.fingerprints.columns.type_names import category_type, timestamp_type
from nbmlops.fingerprints.numpy.columns import (
    array_column,
    instant_column,
    read_column,
    without_nat,
)
from nbmlops.fingerprints.pandas.zones import zone_name

if TYPE_CHECKING:
    from numpy.typing import NDArray


def column_of(values: Any) -> Column:
    """Return a numpy array of one axis, or an extension array of pandas, as a column."""
    kind = type(values)
    if kind is np.ndarray:
        return array_column(values)
    for known, column in _MAKERS.items():
        if issubclass(kind, known):
            return column(values)
    return _others(values)


def _others(array: Any) -> Column:
    return Column(
        "object",
        len(array),
        lambda start, stop: Block(stop - start, objects=list(array[start:stop])),
    )


def _numpy(array: Any) -> Column:
    return array_column(array.to_numpy())


def _arrow(array: Any) -> Column:
    from nbmlops.fingerprints.arrow import tables as arrow_tables

    return arrow_tables.column_of(array.__arrow_array__())


def _masked(array: Any) -> Column:
    """Return a nullable array; a NaN in it that is not missing is a number."""
    dtype = array.dtype.numpy_dtype

    def block(start: int, stop: int) -> Block:
        part = array[start:stop]
        valid = ~part.isna()
        values = getattr(part, "_data", None)  # not public, six times as fast
        if values is None:
            values = part.to_numpy(dtype, na_value=dtype.type(0))
        values = values.view(np.uint8) if dtype.kind == "b" else values
        return _block(valid, zeroed(np.ascontiguousarray(values), valid))

    return Column(dtype.name, len(array), block)


def _texts(array: Any) -> Column:
    return text_column(len(array), lambda start, stop: np.asarray(array[start:stop], object))


def _categories(array: pd.Categorical) -> Column:
    codes = array.codes

    def block(start: int, stop: int) -> Block:
        part = codes[start:stop].astype(np.int32)
        valid = part >= 0
        return _block(valid, zeroed(part, valid))

    word = category_type(is_ordered=bool(array.ordered))
    return Column(word, len(codes), block, (column_of(array.categories.array),))


def _instants(array: Any) -> Column:
    zone = getattr(array, "tz", None)
    word = timestamp_type(None if zone is None else zone_name(zone))
    if issubclass(type(array), pd.arrays.TimedeltaArray):
        word = "duration"
    counts = array.asi8
    return instant_column(word, array.unit, len(counts), lambda start, stop: counts[start:stop])


def _periods(array: Any) -> Column:
    counts = array.asi8

    def block(start: int, stop: int) -> Block:
        ordinals, valid = without_nat(counts[start:stop])
        return Block(stop - start, valid, (ordinals,))

    return Column(str(array.dtype), len(counts), block)


def _intervals(array: Any) -> Column:
    ends = column_of(array.left.array), column_of(array.right.array)

    def block(start: int, stop: int) -> Block:
        valid = ~array[start:stop].isna()
        return _block(valid, children=tuple(_stretch(end, start, stop) for end in ends))

    return Column(f"interval[{array.closed}]", len(array), block)


def _stretch(column: Column, start: int, stop: int) -> Column:
    return Column(
        column.type,
        stop - start,
        lambda first, end: column.block(start + first, start + end),
        column.children,
    )


def _sparse(array: Any) -> Column:
    """Return a sparse array as the dense one that it stands for, made block by block."""
    dtype, fill = array.dtype.subtype, array.fill_value
    places, kept = array.sp_index.to_int_index().indices, array.sp_values

    def read(start: int, stop: int) -> "NDArray[Any]":
        dense = np.full(stop - start, np.array(fill, dtype), dtype)
        first, end = np.searchsorted(places, (start, stop))
        dense[places[first:end] - start] = kept[first:end]
        return dense

    return read_column(dtype, len(array), read)


def _block(
    valid: "NDArray[np.bool_]", *buffers: "NDArray[Any]", children: tuple[Column, ...] = ()
) -> Block:
    return Block(len(valid), None if valid.all() else valid, buffers, children)


_MAKERS: dict[type, Callable[[Any], Column]] = {
    pd.arrays.ArrowExtensionArray: _arrow,
    pd.arrays.StringArray: _texts,
    pd.arrays.NumpyExtensionArray: _numpy,  # after its subclass
    pd.arrays.IntegerArray: _masked,
    pd.arrays.FloatingArray: _masked,
    pd.arrays.BooleanArray: _masked,
    pd.Categorical: _categories,
    pd.arrays.DatetimeArray: _instants,
    pd.arrays.TimedeltaArray: _instants,
    pd.arrays.PeriodArray: _periods,
    pd.arrays.IntervalArray: _intervals,
    pd.arrays.SparseArray: _sparse,
}
