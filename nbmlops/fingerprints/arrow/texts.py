"""Reads text and bytes from one Arrow array: lengths, and what is in them one after the other."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from nbmlops.fingerprints.arrow.chunks import Read
from nbmlops.fingerprints.arrow.memory import validity_of, values_of
from nbmlops.fingerprints.columns.buffers import zeroed
from nbmlops.fingerprints.columns.tables import Block

if TYPE_CHECKING:
    from numpy.typing import NDArray


def texts(array: pa.Array, dtype: Any) -> Read:
    """Return what reads text or bytes that lie one after the other, with offsets of this type."""
    offsets, data = _offsets_and_data(array, dtype)
    validity = validity_of(array)

    def read(start: int, stop: int) -> Block:
        own, valid = offsets[start : stop + 1], validity(start, stop)
        lengths = (own[1:] - own[:-1]).astype(np.int64, copy=False)
        part = data[own[0] : own[-1]]
        if valid is not None:
            lengths = zeroed(lengths, valid)
            if lengths.sum() < len(part):
                part = _without_garbage(array.slice(start, stop - start), dtype)
        return Block(stop - start, valid, (lengths, part))

    return read


def _offsets_and_data(array: pa.Array, dtype: Any) -> "tuple[NDArray[Any], NDArray[np.uint8]]":
    buffer = array.buffers()[2]
    data = np.empty(0, np.uint8) if buffer is None else np.frombuffer(buffer, np.uint8)
    return values_of(array, dtype, extra=1), data


def _without_garbage(array: pa.Array, dtype: Any) -> "NDArray[np.uint8]":
    """Return the bytes of the valid rows only."""
    kept = array.drop_null()
    if not len(kept):
        return np.empty(0, np.uint8)
    offsets, data = _offsets_and_data(kept, dtype)
    return data[offsets[0] : offsets[-1]]


def views(array: pa.Array) -> Read:
    """Return what reads text or bytes that lie in any order, by bringing each block into order."""

    def read(start: int, stop: int) -> Block:
        ordered = without_views(array.slice(start, stop - start))
        return texts(ordered, np.int64)(0, stop - start)

    return read


def without_views(array: pa.Array) -> pa.Array:
    """Return an array of string views or binary views as large strings or binaries."""
    if not (pa.types.is_string_view(array.type) or pa.types.is_binary_view(array.type)):
        return array
    large = pa.large_string() if pa.types.is_string_view(array.type) else pa.large_binary()
    try:
        return array.cast(large)
    except pa.ArrowNotImplementedError:  # an older pyarrow
        return pa.array(array.to_pylist(), large)


def bytes_of_one_length(array: pa.Array) -> Read:
    """Return what reads bytes of a length that the type says."""
    width, validity = array.type.byte_width, validity_of(array)
    data = np.empty((len(array), 0), np.uint8)
    if width > 0:
        data = values_of(array, np.uint8, words=width).reshape(-1, width)

    def read(start: int, stop: int) -> Block:
        valid, part = validity(start, stop), data[start:stop]
        lengths = zeroed(np.full(stop - start, width, np.int64), valid)
        return Block(
            stop - start, valid, (lengths, (part if valid is None else part[valid]).ravel())
        )

    return read
