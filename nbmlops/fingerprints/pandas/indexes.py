"""Indexes of pandas as columns in canonical form, one for each level.

Does not live here: the arrays that an index of one level holds (`arrays`).
"""

from collections.abc import Hashable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nbmlops.fingerprints.base import Role
from nbmlops.fingerprints.columns.buffers import COARSE_UNITS
from nbmlops.fingerprints.columns.tables import Block, Column, NamedColumn
from nbmlops.fingerprints.numpy.columns import read_column
from nbmlops.fingerprints.pandas.arrays import column_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_INTEGERS = frozenset("int8 int16 int32 int64 uint8 uint16 uint32 uint64".split())


def index_levels(index: pd.Index, role: Role = "index") -> tuple[NamedColumn, ...]:
    """Return the levels of an index as columns."""
    columns = _levels(index) if _is_nested(index) else [_single(index)]
    return tuple(
        NamedColumn(name, column, role) for name, column in zip(index.names, columns, strict=True)
    )


def is_default(index: pd.Index) -> bool:
    """Tell whether an index is the one that a frame has without being given any.

    It is 0, 1, 2, … without a name, as integers of any width, however stored.
    """
    if _is_nested(index) or index.name is not None:
        return False
    if issubclass(type(index), pd.RangeIndex):
        return bool(index.equals(pd.RangeIndex(len(index))))
    column = column_of(index.array)
    return column.type in _INTEGERS and _counts_up(column)


def names_of(columns: pd.Index) -> tuple[tuple[Hashable, ...], tuple[Hashable, ...]]:
    """Return the names of a frame's columns, and those of the levels that these names have.

    The latter are left out where there is one level without a name.
    """
    levels = tuple(columns.names)
    return tuple(columns.tolist()), () if levels == (None,) else levels


def index_size_bytes(index: pd.Index) -> int:
    """Return what an index holds; caches that pandas makes for look-ups do not count."""
    if _is_nested(index):
        levels = sum(map(index_size_bytes, index.levels))
        return levels + sum(int(codes.nbytes) for codes in index.codes)
    return 0 if issubclass(type(index), pd.RangeIndex) else int(index.array.nbytes)


def _is_nested(index: pd.Index) -> bool:
    return issubclass(type(index), pd.MultiIndex)


def _single(index: pd.Index) -> Column:
    if not issubclass(type(index), pd.RangeIndex):
        return column_of(index.array)
    first, step = index.start, index.step
    return read_column(
        index.dtype,
        len(index),
        lambda start, stop: np.arange(start, stop, dtype=np.int64) * step + first,
    )


def _counts_up(column: Column) -> bool:
    row = 0
    for block in column.blocks():
        counting = np.arange(row, row + block.rows)
        if block.valid is not None or not np.array_equal(block.buffers[0], counting):
            return False
        row += block.rows
    return True


def _levels(index: pd.MultiIndex) -> list[Column]:
    """Return the levels of an index that has several, read by their codes."""
    return [_level(level, codes) for level, codes in zip(index.levels, index.codes, strict=True)]


def _level(level: pd.Index, codes: Any) -> Column:
    array = level.array
    if type(array) is pd.arrays.NumpyExtensionArray:
        return _numpy_level(array.to_numpy(), codes)
    whole = column_of(array)
    if whole.type.endswith(COARSE_UNITS):  # perhaps for what is in use nowhere
        return column_of(array.take(codes, allow_fill=True))

    def block(start: int, stop: int) -> Block:
        part = column_of(array.take(codes[start:stop], allow_fill=True))
        return part.block(0, stop - start)

    return Column(whole.type, len(codes), block, whole.children)


def _numpy_level(values: "NDArray[Any]", codes: Any) -> Column:
    fill = values.dtype.type(0) if values.dtype.kind in "biu" else np.nan

    def read(start: int, stop: int) -> "NDArray[Any]":
        part = codes[start:stop]
        missing = part < 0
        found = values.take(part) if len(values) else np.empty(len(part), values.dtype)
        found[missing] = fill
        return found

    column = read_column(values.dtype, len(codes), read)
    if values.dtype.kind not in "biu":
        return column

    def block(start: int, stop: int) -> Block:
        whole, known = column.block(start, stop), codes[start:stop] >= 0
        return whole if known.all() else replace(whole, valid=known)

    return replace(column, block=block, numbers=None)
