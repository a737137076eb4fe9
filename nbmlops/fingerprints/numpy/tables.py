"""Numpy arrays as tables, for profiles: NaN is a number here, NaT and what is masked is missing.

An array of one axis is one column, one of two axes has a column for each index of the second, and
a structured one a column for each field. The digest of an array is not made from these (`arrays`).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nbmlops.fingerprints.columns.buffers import UNITS
from nbmlops.fingerprints.columns.tables import Block, Column, NamedColumn, Table
from nbmlops.fingerprints.columns.texts import text_block
from nbmlops.fingerprints.numpy.arrays import mask_of
from nbmlops.fingerprints.numpy.boxes import contiguous
from nbmlops.fingerprints.numpy.columns import NUMBERS, Read, instant_column, read_column
from nbmlops.fingerprints.numpy.dtypes import type_name
from nbmlops.fingerprints.numpy.row_major import readers
from nbmlops.fingerprints.numpy.texts import block_of_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_COLUMNS = 1000
_PLAIN = frozenset(("bool", *NUMBERS.values()))
_TEXTS = {"U": "string", "T": "string", "S": "binary"}
_COARSE_UNITS = {"M": ("Y", "M", "W", "D", "h", "m"), "m": ("W", "D", "h", "m")}


class _Strip(NamedTuple):
    """A column of an array: what reads stretches of it, and which of its rows are masked."""

    dtype: "np.dtype[Any]"
    rows: int
    read: Read
    mask: "NDArray[np.bool_] | None"

    def filled(self, filling: Any) -> Read:
        """Return what reads stretches of it with something else where it is masked."""
        mask, read = self.mask, self.read
        if mask is None:
            return read

        def reading(start: int, stop: int) -> "NDArray[Any]":
            piece = np.array(read(start, stop))
            piece[mask[start:stop]] = filling
            return piece

        return reading

    def column(
        self, type: str, block_of: "Callable[[NDArray[Any]], Block]", filling: Any
    ) -> Column:
        """Return it as a column whose blocks a function makes of contiguous stretches."""
        read, mask = self.filled(filling), self.mask

        def block(start: int, stop: int) -> Block:
            found = block_of(contiguous(read(start, stop)))
            if mask is None:
                return found
            valid = ~mask[start:stop]
            return replace(found, valid=valid if found.valid is None else valid & found.valid)

        return Column(type, self.rows, block)


def table(value: "NDArray[Any]") -> Table | None:
    """Return an array as columns named ``0``, ``1``, … or by field; None where it is no table.

    That is, where it has no or more than two axes, more than 1,000 columns, fields of two axes, or
    elements without a logical type: long doubles, void, fields of fields, units finer than
    nanoseconds or multiples of units, durations in months or without a unit.
    """
    data, mask = np.ndarray.view(value, np.ndarray), mask_of(value)
    if data.ndim not in (1, 2) or (data.ndim == 2 and data.shape[1] > _MOST_COLUMNS):
        return None
    places = _places(data)
    parts = [data[place] for place in places.values()]
    if any(part.ndim > 1 for part in parts):
        return None
    masks = [None if mask is None else mask[place] for place in places.values()]
    columns = []
    for name, part, read, hidden in zip(places, parts, readers(parts), masks, strict=True):
        column = _column(_Strip(part.dtype, len(part), read, hidden))
        if column is None:
            return None
        columns.append(NamedColumn(name, column))
    return Table("array", len(data), tuple(columns), size_bytes=data.nbytes)


def _places(data: "NDArray[Any]") -> dict[str, Any]:
    """Return the name of each column and how to get at it."""
    if data.ndim == 2:
        return {str(index): (slice(None), index) for index in range(data.shape[1])}
    if data.dtype.names is not None:
        return {name: name for name in data.dtype.names}
    return {"0": slice(None)}


def _column(strip: _Strip) -> Column | None:
    """Return a strip as a column; None where its type has no logical one."""
    dtype = strip.dtype
    name = type_name(dtype)
    if name in _PLAIN:
        return strip.column(name, _block_of_numbers, 0)
    if dtype.kind in "mM":
        return _times(strip)
    if dtype.kind in _TEXTS:
        block_of = _block_of_objects if dtype.kind == "T" else block_of_text
        return strip.column(_TEXTS[dtype.kind], block_of, "")
    if dtype.kind == "O":
        return read_column(dtype, strip.rows, strip.filled(None))
    return None


def _block_of_numbers(values: "NDArray[Any]") -> Block:
    if values.dtype.kind == "b":
        values = (values.view(np.uint8) != 0).view(np.uint8)  # any byte but 0 is true
    return Block(len(values), None, (values,))


def _block_of_objects(values: "NDArray[Any]") -> Block:
    return text_block(values.tolist())


def _times(strip: _Strip) -> Column | None:
    kind, (unit, count) = strip.dtype.kind, np.datetime_data(strip.dtype)
    word = type_name(strip.dtype)
    read = strip.filled(np.array("NaT", strip.dtype))
    if count == 1 and unit in UNITS:
        return instant_column(
            word, unit, strip.rows, lambda start, stop: contiguous(read(start, stop)).view(np.int64)
        )
    if count == 1 and unit in _COARSE_UNITS[kind]:
        return instant_column(
            word, "s", strip.rows, lambda start, stop: _seconds(read(start, stop))
        )
    return None


def _seconds(times: "NDArray[Any]") -> "NDArray[np.int64]":
    """Return times of a coarser unit in seconds; raise OverflowError where they do not fit."""
    seconds = times.astype(f"{times.dtype.kind}8[s]")
    if not np.array_equal(
        seconds.astype(times.dtype).view(np.int64), contiguous(times).view(np.int64)
    ):
        raise OverflowError("a time is too far away: it does not fit into 64 bits of seconds")
    return seconds.view(np.int64)
