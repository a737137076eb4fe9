"""Columns of an array whose rows lie together in memory, read many columns at a time.

To copy a column out of such an array reads the memory of all columns that share its cache lines.
Read together, they come out one after the other from a copy of some rows, which each thread keeps
until it asks for other rows or columns.
"""

import threading
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from nbmlops.fingerprints.columns.tables import BLOCK_ROWS
from nbmlops.fingerprints.numpy.columns import Read

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COPY_BYTES = 1 << 24  # of each of two threads
_ROWS_AT_ONCE = 1024  # of up to 32 columns: read and written within the second-level cache


def readers(columns: "Sequence[NDArray[Any]]") -> list[Read]:
    """Return what reads each of some columns; those that lie side by side are read together."""
    last = _Last()
    return [read for group in _side_by_side(columns) for read in _Group(group, last).readers()]


def is_strided(column: "NDArray[Any]") -> bool:
    """Tell whether something else lies between the values of a column of numbers."""
    return column.dtype.kind in "biufc" and column.strides[0] > column.itemsize and len(column) > 1


def _side_by_side(columns: "Sequence[NDArray[Any]]") -> "Iterator[list[NDArray[Any]]]":
    group: list[NDArray[Any]] = []
    for column in columns:
        if group and not _continues(group, column):
            yield group
            group = []
        group.append(column)
    if group:
        yield group


def _continues(group: "list[NDArray[Any]]", column: "NDArray[Any]") -> bool:
    first = group[0]
    return (
        is_strided(column)
        and is_strided(first)
        and column.dtype == first.dtype
        and column.strides == first.strides
        and _address(column) == _address(first) + len(group) * first.itemsize
        and len(group) < _COPY_BYTES // (BLOCK_ROWS * first.itemsize)
    )


def _address(column: "NDArray[Any]") -> int:
    address: int = column.__array_interface__["data"][0]
    return address


class _Last(threading.local):
    """What a thread has copied last of all columns, and which rows of which group that is."""

    what: "tuple[_Group, int, int] | None" = None
    copy: "NDArray[Any] | None" = None


class _Group:
    """Columns side by side; holds on to all of them, so that their memory stays."""

    def __init__(self, columns: "list[NDArray[Any]]", last: _Last) -> None:
        self._columns = columns
        self._last = last

    def readers(self) -> list[Read]:
        if len(self._columns) > 1:
            return [partial(self._read, place) for place in range(len(self._columns))]
        return [lambda start, stop: self._columns[0][start:stop]]

    def _read(self, place: int, start: int, stop: int) -> "NDArray[Any]":
        last, wanted = self._last, (self, start, stop)
        if last.copy is None or last.what != wanted:
            last.copy = None  # before the next one is made
            last.copy, last.what = self._copied(start, stop), wanted
        column: NDArray[Any] = last.copy[place]
        return column

    def _copied(self, start: int, stop: int) -> "NDArray[Any]":
        """Return some rows of all columns: shape (columns, rows), in C order."""
        first = self._columns[0][start:stop]
        rows = as_strided(
            first,
            shape=(stop - start, len(self._columns)),
            strides=(*first.strides, first.itemsize),
            writeable=False,
        )
        copy = np.empty(rows.shape[::-1], first.dtype)
        for row in range(0, len(rows), _ROWS_AT_ONCE):
            copy[:, row : row + _ROWS_AT_ONCE] = rows[row : row + _ROWS_AT_ONCE].T
        return copy
