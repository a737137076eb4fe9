"""Reads lists, maps and structs from one Arrow array: what they hold becomes columns of blocks."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from nbmlops.fingerprints.arrow.chunks import Read
from nbmlops.fingerprints.arrow.memory import validity_of, values_of
from nbmlops.fingerprints.arrow.types import arrow_name
from nbmlops.fingerprints.columns.buffers import objects_block, zeroed
from nbmlops.fingerprints.columns.tables import Block, Column

if TYPE_CHECKING:
    from numpy.typing import NDArray

    type Spans = Callable[[int, int], tuple[NDArray[Any], NDArray[Any]]]

type Nested = Callable[[Any], Column]
"""Makes a column of an array that is inside another."""


def lists(array: pa.Array, nested: Nested) -> Read:
    """Return what reads lists of any layout and maps, which are lists of (key, value)."""
    is_in_order = not arrow_name(array.type).endswith("VIEW")
    spans = _SPANS[arrow_name(array.type)](array)
    values, validity = array.values, validity_of(array)

    def read(start: int, stop: int) -> Block:
        valid = validity(start, stop)
        begins, lengths = spans(start, stop)
        size = int(begins[-1]) + int(lengths[-1]) - int(begins[0])
        lengths = zeroed(lengths.astype(np.int64, copy=False), valid)
        if is_in_order and lengths.sum() == size:
            elements = values.slice(int(begins[0]), size)
        else:
            elements = _gathered(values, begins, lengths)
        return Block(stop - start, valid, (lengths,), (nested(elements),))

    return read


def _gathered(values: pa.Array, begins: "NDArray[Any]", lengths: "NDArray[np.int64]") -> pa.Array:
    """Return what the lists hold, one after the other, wherever it lies."""
    if pa.types.is_run_end_encoded(values.type):
        values = decoded(values)
    ends = np.cumsum(lengths)
    places = np.arange(ends[-1]) + np.repeat(begins - (ends - lengths), lengths)
    return values.take(pa.array(places))


def _spans_between_offsets(dtype: Any) -> "Callable[[pa.Array], Spans]":
    def of(array: pa.Array) -> "Spans":
        offsets = values_of(array, dtype, extra=1)
        return lambda start, stop: (
            offsets[start:stop],
            offsets[start + 1 : stop + 1] - offsets[start:stop],
        )

    return of


def _spans_of_views(dtype: Any) -> "Callable[[pa.Array], Spans]":
    def of(array: pa.Array) -> "Spans":
        begins = values_of(array, dtype)
        skipped = array.offset * np.dtype(dtype).itemsize
        sizes = np.frombuffer(array.buffers()[2], dtype, count=len(array), offset=skipped)
        return lambda start, stop: (begins[start:stop], sizes[start:stop])

    return of


def _spans_of_one_length(array: pa.Array) -> "Spans":
    length, first = array.type.list_size, array.offset
    return lambda start, stop: (
        np.arange(first + start, first + stop) * length,
        np.full(stop - start, length),
    )


def structs(array: pa.Array, nested: Nested) -> Read:
    """Return what reads structs: their fields are null wherever they are."""
    validity = validity_of(array)

    def read(start: int, stop: int) -> Block:
        part, valid = array.slice(start, stop - start), validity(start, stop)
        fields = [part.field(place) for place in range(array.type.num_fields)]
        columns = (
            nested(field) if valid is None else _hidden(field, valid, nested) for field in fields
        )
        return Block(stop - start, valid, (), tuple(columns))

    return read


def _hidden(field: pa.Array, valid: "NDArray[np.bool_]", nested: Nested) -> Column:
    """Return the column of a struct's field, null where the struct is."""
    if pa.types.is_run_end_encoded(field.type):
        field = decoded(field)
    if _has_no_validity(field.type):
        values = [
            value if there else None for value, there in zip(field.to_pylist(), valid, strict=True)
        ]
        return Column("object", len(values), lambda start, stop: objects_block(values[start:stop]))
    hiding = pa.StructArray.from_arrays([field], [""], mask=pa.array(~valid))
    return nested(hiding.flatten()[0])


def _has_no_validity(kind: pa.DataType) -> bool:
    """Whether Arrow would abort the process on being asked to hide rows of the type."""
    while isinstance(kind, pa.BaseExtensionType):
        kind = kind.storage_type
    return bool(pa.types.is_union(kind) or pa.types.is_run_end_encoded(kind))


def decoded(array: pa.Array) -> pa.Array:
    """Return a run-end encoded array as one of its values."""
    rows = np.arange(array.offset, array.offset + len(array))
    return array.values.take(pa.array(np.searchsorted(array.run_ends, rows, side="right")))


# How each layout says where a list begins among the values, and how long it is.

_SPANS: "dict[str, Callable[[pa.Array], Spans]]" = {
    "LIST": _spans_between_offsets(np.int32),
    "LARGE_LIST": _spans_between_offsets(np.int64),
    "MAP": _spans_between_offsets(np.int32),
    "LIST_VIEW": _spans_of_views(np.int32),
    "LARGE_LIST_VIEW": _spans_of_views(np.int64),
    "FIXED_SIZE_LIST": _spans_of_one_length,
}
