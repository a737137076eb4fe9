"""The memory of one Arrow array as numpy arrays: its values and which of them are valid."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray


def values_of(array: pa.Array, dtype: Any, *, words: int = 1, extra: int = 0) -> "NDArray[Any]":
    """Return an array's values, or its offsets, as they lie in memory, garbage under nulls too.

    Parameters
    ----------
    array : pyarrow.Array
        Of values that have one width.
    dtype : numpy dtype
        Of a value, or of its words.
    words : int
        How many make a value: with more than one, the shape is (rows, words).
    extra : int
        How many values to return beyond the array's rows: offsets have one.
    """
    dtype = np.dtype(dtype)
    skipped = array.offset * dtype.itemsize * words
    count = (len(array) + extra) * words
    values = np.frombuffer(array.buffers()[1], dtype, count=count, offset=skipped)
    values = values.astype(dtype.newbyteorder("<"), copy=False)
    return values if words == 1 else values.reshape(-1, words)


def validity_of(array: pa.Array) -> "Callable[[int, int], NDArray[np.bool_] | None]":
    """Return what reads which rows of an array are valid; None where every one is."""
    if array.null_count == 0:
        return lambda _start, _stop: None
    bits = bits_of(array, 0)

    def read(start: int, stop: int) -> "NDArray[np.bool_] | None":
        valid = bits(start, stop).view(np.bool_)
        return None if valid.all() else valid

    return read


def bits_of(array: pa.Array, place: int) -> "Callable[[int, int], NDArray[np.uint8]]":
    """Return what reads the bits of one of an array's buffers: a byte for each row, 0 or 1."""
    packed = np.frombuffer(array.buffers()[place], np.uint8)

    def read(start: int, stop: int) -> "NDArray[np.uint8]":
        first, end = array.offset + start, array.offset + stop
        whole = np.unpackbits(packed[first >> 3 : (end + 7) >> 3], bitorder="little")
        return whole[first & 7 :][: stop - start]

    return read
