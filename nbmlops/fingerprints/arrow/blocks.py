"""Reads one Arrow array: any stretch of its rows as a block, without a copy where there is one.

Does not live here: columns of many arrays, logical types (`tables`) and the categories of
dictionaries (`categories`).
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from nbmlops.fingerprints.arrow.chunks import Read
from nbmlops.fingerprints.arrow.memory import bits_of, validity_of, values_of
from nbmlops.fingerprints.arrow.nested import Nested, decoded, lists, structs
from nbmlops.fingerprints.arrow.texts import bytes_of_one_length, texts, views
from nbmlops.fingerprints.arrow.types import arrow_name
from nbmlops.fingerprints.columns.buffers import (
    dates,
    instants,
    objects_block,
    times_of_day,
    two_words,
    zeroed,
)
from nbmlops.fingerprints.columns.tables import Block

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nbmlops.fingerprints.columns.buffers import Suffix

    type Buffers = tuple[NDArray[Any], ...]


def reader(array: pa.Array, nested: Nested, suffix: "Suffix" = "") -> Read:
    """Return what reads an array of at least one row.

    Parameters
    ----------
    array : pyarrow.Array
        Of any type but dictionary and extension. What Arrow gives no buffers of (unions) is read
        as objects.
    nested : callable
        Makes the columns of what lists and structs hold.
    suffix : str
        What its logical type ends in, where it holds timestamps or durations.
    """
    kind, types = array.type, pa.types
    if types.is_timestamp(kind) or types.is_duration(kind):
        return _fixed(array, np.int64, lambda values: instants(values, kind.unit, suffix))
    if types.is_time(kind):
        width = np.int32 if types.is_time32(kind) else np.int64
        return _fixed(array, width, lambda values: times_of_day(values, kind.unit))
    if types.is_run_end_encoded(kind):
        return _runs(array, nested, suffix)
    if types.is_struct(kind):
        return structs(array, nested)
    if types.is_nested(kind) and not types.is_union(kind):
        return lists(array, nested)
    return _BY_NAME.get(arrow_name(kind), _objects)(array)


# Values of one width


def _fixed(
    array: pa.Array, dtype: Any, shaped: "Callable[[NDArray[Any]], Buffers]", words: int = 1
) -> Read:
    """Read values of one width; ``shaped`` makes the buffers of some of them, nulls zeroed."""
    values, validity = values_of(array, dtype, words=words), validity_of(array)

    def read(start: int, stop: int) -> Block:
        valid = validity(start, stop)
        return Block(stop - start, valid, shaped(zeroed(values[start:stop], valid)))

    return read


def _as_it_is(values: "NDArray[Any]") -> "Buffers":
    return (values,)


def _decimals_of_256_bits(values: "NDArray[np.uint64]") -> "Buffers":
    """Return the lower 128 bits, and the higher ones where they hold more than the sign."""
    low, high = np.ascontiguousarray(values[:, :2]), np.ascontiguousarray(values[:, 2:])
    sign = (low[:, 1:].view(np.int64) >> 63).view(np.uint64)
    return (low,) if (high == sign).all() else (low, high)


def _fixed_as(
    dtype: Any, shaped: "Callable[[NDArray[Any]], Buffers]" = _as_it_is, words: int = 1
) -> Callable[[pa.Array], Read]:
    return lambda array: _fixed(array, dtype, shaped, words)


def _bools(array: pa.Array) -> Read:
    bits, validity = bits_of(array, 1), validity_of(array)

    def read(start: int, stop: int) -> Block:
        valid = validity(start, stop)
        return Block(stop - start, valid, (zeroed(bits(start, stop), valid),))

    return read


def _nulls(_array: pa.Array) -> Read:
    return lambda start, stop: Block(stop - start, np.zeros(stop - start, np.bool_))


def _objects(array: pa.Array) -> Read:
    def read(start: int, stop: int) -> Block:
        return objects_block(array.slice(start, stop - start).to_pylist())

    return read


def _runs(array: pa.Array, nested: Nested, suffix: "Suffix") -> Read:
    def read(start: int, stop: int) -> Block:
        read_values = reader(decoded(array.slice(start, stop - start)), nested, suffix)
        return read_values(0, stop - start)

    return read


# By the names that Arrow gives its types; an older pyarrow lacks some.

_BY_NAME: dict[str, Callable[[pa.Array], Read]] = {
    "NA": _nulls,
    "BOOL": _bools,
    **{f"INT{bits}": _fixed_as(f"i{bits // 8}") for bits in (8, 16, 32, 64)},
    **{f"UINT{bits}": _fixed_as(f"u{bits // 8}") for bits in (8, 16, 32, 64)},
    "HALF_FLOAT": _fixed_as(np.float16),
    "FLOAT": _fixed_as(np.float32),
    "DOUBLE": _fixed_as(np.float64),
    "DATE32": _fixed_as(np.int32),
    "DATE64": _fixed_as(np.int64, dates),
    "DECIMAL32": _fixed_as(np.int32, two_words),
    "DECIMAL64": _fixed_as(np.int64, two_words),
    "DECIMAL128": _fixed_as(np.uint64, words=2),
    "DECIMAL256": _fixed_as(np.uint64, _decimals_of_256_bits, words=4),
    "INTERVAL_MONTH_DAY_NANO": _fixed_as(np.int64, words=2),
    "STRING": lambda array: texts(array, np.int32),
    "BINARY": lambda array: texts(array, np.int32),
    "LARGE_STRING": lambda array: texts(array, np.int64),
    "LARGE_BINARY": lambda array: texts(array, np.int64),
    "STRING_VIEW": views,
    "BINARY_VIEW": views,
    "FIXED_SIZE_BINARY": bytes_of_one_length,
}
