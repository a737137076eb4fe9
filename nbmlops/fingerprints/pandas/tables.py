"""pandas' data frames, series, indexes and arrays in canonical form.

Equal are frames that hold the same values under the same names: how columns lie in blocks, in which
order of memory, with which storage of text, unit of time or width of codes is no part of it, nor
whether an index that counts 0, 1, 2, … is kept as a range. NaN is the missing value of numpy's
floats; nullable and Arrow's columns tell the two apart. ``attrs`` and flags are not looked at.

Does not live here: their indexes (`indexes`) and arrays (`arrays`).
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from nbmlops.fingerprints.columns.tables import Column, NamedColumn, Table
from nbmlops.fingerprints.numpy.columns import read_column
from nbmlops.fingerprints.numpy.row_major import is_strided, readers
from nbmlops.fingerprints.pandas.arrays import column_of
from nbmlops.fingerprints.pandas.indexes import (
    index_levels,
    index_size_bytes,
    is_default,
    names_of,
)

_ATTEMPTS = 3


def frame(value: pd.DataFrame) -> Table:
    """Return a data frame as a table."""
    labels, index, arrays = _parts(value)
    names, axis_names = names_of(labels)
    columns = map(NamedColumn, names, _columns(arrays))
    return Table(
        "frame",
        len(index),
        (*_levels_unless_default(index), *columns),
        axis_names,
        index_size_bytes(index) + sum(array.nbytes for array in arrays),
    )


def series(value: pd.Series) -> Table:
    """Return a series as a column, with its index unless that is the default one."""
    index, array = _own(pd.Series, "index", value), _own(pd.Series, "array", value)
    only = NamedColumn(_own(pd.Series, "name", value), column_of(array))
    columns = (*_levels_unless_default(index), only)
    return Table("column", len(index), columns, size_bytes=index_size_bytes(index) + array.nbytes)


def index(value: pd.Index) -> Table:
    """Return an index as a table of its levels."""
    return Table(
        "index", len(value), index_levels(value, "column"), size_bytes=index_size_bytes(value)
    )


def extension_array(value: Any) -> Table:
    """Return one of pandas' own arrays as a column without a name."""
    only = NamedColumn(None, column_of(value))
    return Table("column", len(value), (only,), size_bytes=value.nbytes)


def _levels_unless_default(index: pd.Index) -> tuple[NamedColumn, ...]:
    return () if is_default(index) else index_levels(index)


def _parts(value: pd.DataFrame) -> tuple[pd.Index, pd.Index, list[Any]]:
    """Return the labels, index and column arrays of a frame that belong to each other.

    Raises
    ------
    RuntimeError
        Another thread changes the frame all the time.
    """
    for _ in range(_ATTEMPTS):
        labels, index = _own(pd.DataFrame, "columns", value), _own(pd.DataFrame, "index", value)
        arrays = list(_arrays(value, len(labels)))
        if len(arrays) == len(labels) and all(len(array) == len(index) for array in arrays):
            return labels, index, arrays
    raise RuntimeError("its columns change while it is read")


def _arrays(value: pd.DataFrame, count: int) -> Iterator[Any]:
    read = getattr(pd.DataFrame, "_get_column_array", None)  # not public, twenty times as fast
    return (
        value.iloc[:, place].array if read is None else read(value, place) for place in range(count)
    )


def _columns(arrays: Sequence[Any]) -> list[Column]:
    """Return arrays as columns; those whose rows lie together are read together."""
    strided = [place for place, array in enumerate(arrays) if _is_strided(array)]
    reads = dict(zip(strided, readers([arrays[place] for place in strided]), strict=True))
    return [
        read_column(array.dtype, len(array), reads[place]) if place in reads else column_of(array)
        for place, array in enumerate(arrays)
    ]


def _is_strided(array: Any) -> bool:
    return type(array) is np.ndarray and is_strided(array)


def _own(kind: type, name: str, value: object) -> Any:
    """Return an attribute as pandas defines it, whatever a subclass makes of it."""
    return getattr(kind, name).__get__(value, type(value))
