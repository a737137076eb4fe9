"""Numpy arrays as columns in canonical form, by the rules of pandas: NaN and NaT are missing.

A column is made from a function that reads any stretch of rows, so that arrays of every layout,
sparse ones and levels of an index come here alike.

Does not live here: numpy arrays by themselves, where NaN is a number (`elements`).
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmlops.fingerprints.columns.buffers import UNITS, fitting, instants, zeroed
from nbmlops.fingerprints.columns.missing import all_text_or_missing, has_nan
from nbmlops.fingerprints.columns.tables import BLOCK_ROWS, Block, Column
from nbmlops.fingerprints.columns.texts import text_column
from nbmlops.fingerprints.numpy.dtypes import type_name
from nbmlops.fingerprints.numpy.times import NAT

if TYPE_CHECKING:
    from numpy.typing import NDArray

type Read = Callable[[int, int], NDArray[Any]]
"""Gives the values of rows start ≤ row < stop, in any layout."""

# By numpy's short names without the byte order: to make a long name takes longer than to hash.
NUMBERS = {
    f"{short}{size}": f"{word}{8 * size}"
    for short, word, sizes in (
        ("i", "int", (1, 2, 4, 8)),
        ("u", "uint", (1, 2, 4, 8)),
        ("f", "float", (2, 4, 8)),
        ("c", "complex", (8, 16)),
    )
    for size in sizes
}


def array_column(values: "NDArray[Any]") -> Column:
    """Return an array of one axis as a column."""
    return read_column(values.dtype, len(values), lambda start, stop: values[start:stop])


def read_column(dtype: "np.dtype[Any]", rows: int, read: Read) -> Column:
    """Return what a function reads as a column; dtypes without a logical type become objects."""
    short = dtype.str[1:]
    if short in NUMBERS:
        numbers = partial(_read_numbers, read)
        return Column(
            NUMBERS[short],
            rows,
            lambda start, stop: _numbers(numbers(start, stop)),
            numbers=numbers,
        )
    if short == "b1":
        return Column("bool", rows, lambda start, stop: _bools(read(start, stop)))
    if dtype.kind in "mM" and np.datetime_data(dtype) in {(unit, 1) for unit in UNITS}:
        unit = np.datetime_data(dtype)[0]
        return instant_column(
            type_name(dtype),
            unit,
            rows,
            lambda start, stop: _plain(read(start, stop)).view(np.int64),
        )
    if dtype.kind == "O" and all(map(all_text_or_missing, _pieces(rows, read))):
        return text_column(rows, read)
    return Column(
        "object", rows, lambda start, stop: Block(stop - start, objects=read(start, stop).tolist())
    )


def instant_column(word: str, unit: Any, rows: int, read: Read) -> Column:
    """Return 64-bit integers that count a unit of time as a column; the lowest one is missing.

    Parameters
    ----------
    word : str
        Its logical type, but for the suffix of instants that do not fit into microseconds.
    unit : str
        ``s``, ``ms``, ``us`` or ``ns``.
    rows : int
        How many.
    read : callable
        Gives int64 arrays.
    """
    suffix = fitting(unit, lambda: _span(_pieces(rows, read)))

    def block(start: int, stop: int) -> Block:
        counts, valid = without_nat(read(start, stop))
        return Block(stop - start, valid, instants(counts, unit, suffix))

    return Column(word + suffix, rows, block)


def without_nat(
    counts: "NDArray[np.int64]",
) -> "tuple[NDArray[np.int64], NDArray[np.bool_] | None]":
    """Return 64-bit integers with zero for the lowest one, and which rows are not that."""
    counts = _plain(counts)
    valid = counts != NAT
    return (counts, None) if valid.all() else (zeroed(counts, valid), valid)


def _span(pieces: "Iterator[NDArray[np.int64]]") -> tuple[int, int] | None:
    """Return the lowest and the highest of the integers that are not missing."""
    found = (piece if piece.min() != NAT else piece[piece != NAT] for piece in pieces)
    ends = [(int(piece.min()), int(piece.max())) for piece in found if len(piece)]
    return (min(low for low, _ in ends), max(high for _, high in ends)) if ends else None


def _pieces(rows: int, read: Read) -> "Iterator[NDArray[Any]]":
    for start in range(0, rows, BLOCK_ROWS):
        yield read(start, min(start + BLOCK_ROWS, rows))


def _plain(values: "NDArray[Any]") -> "NDArray[Any]":
    """Return values side by side, the lowest byte first; themselves where they are so."""
    if values.flags.c_contiguous and values.dtype.str[0] != ">":
        return values
    return values.astype(values.dtype.newbyteorder("<"), order="C")


def _read_numbers(read: Read, start: int, stop: int) -> "NDArray[Any]":
    return _plain(read(start, stop))


def _bools(values: "NDArray[np.bool_]") -> Block:
    flags = _plain(values).view(np.uint8)
    if flags.any() and flags.max() > 1:  # any byte but 0 is true
        flags = (flags != 0).view(np.uint8)
    return Block(len(flags), None, (flags,))


def _numbers(values: "NDArray[Any]") -> Block:
    if not has_nan(values):
        return Block(len(values), None, (values,))
    valid = ~np.isnan(values)
    words = values.view(values.real.dtype).reshape(len(values), -1)
    return Block(len(values), valid, (zeroed(words, valid).reshape(-1).view(values.dtype),))
