"""The formats of scipy's sparse arrays: what they store, as places and elements in any order.

Read from the attributes, not by scipy's methods: these keep flags in the value, and trust indices
that may point anywhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse

from nbmlops.fingerprints.python.classes import own_dict

if TYPE_CHECKING:
    from numpy.typing import NDArray

type Shape = tuple[int, ...]
type Read = "Callable[[int, int], tuple[list[NDArray[Any]], NDArray[Any]]]"

_MOST_ROWS_FOR_EACH = 100  # entry, for scipy to bring them into the order of the rows

# Attributes that scipy's own classes keep for themselves.
STORED_IN = frozenset(
    "_shape maxprint dtype data indptr indices coords row col offsets rows _dict "
    "has_canonical_format _has_canonical_format _has_sorted_indices".split()
)


@dataclass(frozen=True, slots=True)
class Entries:
    """What is stored: ``read(start, stop)`` gives the indices on each axis, and the elements."""

    count: int
    dtype: "np.dtype[Any]"
    read: Read
    size_bytes: int

    @classmethod
    def stored(cls, indices: "list[NDArray[Any]]", data: "NDArray[Any]") -> "Entries":
        """Return entries that are kept as arrays of one length."""
        if any(axis.shape != data.shape for axis in indices):
            raise ValueError("indices and elements are not of one number")

        def read(start: int, stop: int) -> "tuple[list[NDArray[Any]], NDArray[Any]]":
            return [axis[start:stop] for axis in indices], data[start:stop]

        return cls(len(data), data.dtype, read, data.nbytes + sum(axis.nbytes for axis in indices))


def entries_of(value: Any) -> tuple[Shape, Entries]:
    """Return the shape of a sparse array, and its entries.

    Raises
    ------
    TypeError
        Its format is none of scipy's.
    ValueError
        What it stores does not fit together.
    """
    kept = own_dict(value) or {}
    shape = tuple(map(int, kept["_shape"]))
    for name, read in _FORMATS.items():
        classes = (getattr(scipy.sparse, f"{name}_array"), getattr(scipy.sparse, f"{name}_matrix"))
        if issubclass(type(value), classes):
            return shape, read(kept, shape)
    raise TypeError(f"{type(value).__name__} has no format of scipy's")


def _rows(kept: Mapping[str, Any], shape: Shape) -> Entries:
    """Read CSR, where each row's entries lie together."""
    ends, columns, data = _compressed(kept, shape[0] if len(shape) > 1 else 1)

    def read(start: int, stop: int) -> "tuple[list[NDArray[Any]], NDArray[Any]]":
        found = [columns[start:stop]]
        if len(shape) > 1:
            found.insert(0, _owners(ends, start, stop))
        return found, data[start:stop]

    size_bytes = data.nbytes + columns.nbytes + ends.nbytes
    return Entries(len(data), data.dtype, read, size_bytes)


def _columns(kept: Mapping[str, Any], shape: Shape) -> Entries:
    """Read CSC, where each column's entries lie together, in the order of the rows if it can be."""
    ends, rows, data = _compressed(kept, shape[1])
    is_tall = shape[0] > _MOST_ROWS_FOR_EACH * len(data)
    if is_tall or rows.min(initial=0) < 0 or rows.max(initial=0) >= shape[0]:
        return Entries.stored([rows, _owners(ends, 0, len(data))], data)
    turned = scipy.sparse.csc_array((data, rows, ends), shape=shape).tocsr()
    return _rows(vars(turned), shape)


def _compressed(
    kept: Mapping[str, Any], owners: int
) -> "tuple[NDArray[Any], NDArray[Any], NDArray[Any]]":
    """Return where each row (or column, or row of blocks) ends, the other index, the elements."""
    ends: NDArray[Any] = kept["indptr"]
    count = int(ends[-1])
    indices, data = kept["indices"][:count], kept["data"][:count]
    fits = len(indices) == len(data) == count and len(ends) == owners + 1 and ends[0] == 0
    if not fits or (ends[1:] < ends[:-1]).any():
        raise ValueError("indptr does not fit the indices")
    return ends, indices, data


def _owners(ends: "NDArray[Any]", start: int, stop: int) -> "NDArray[np.int64]":
    """Return the row (or column) of each entry start ≤ entry < stop."""
    first, last = np.searchsorted(ends, (start, max(stop - 1, start)), "right") - 1
    inside = np.diff(np.clip(ends[first : last + 2], start, stop))
    return np.repeat(np.arange(first, first + len(inside)), inside)


def _blocks(kept: Mapping[str, Any], shape: Shape) -> Entries:
    """Read BSR, a CSR whose elements are dense blocks."""
    blocks: NDArray[Any] = kept["data"]
    _, height, width = blocks.shape
    ends, columns, blocks = _compressed(kept, shape[0] // height)
    rows = _owners(ends, 0, len(blocks))[:, None, None] * height + np.arange(height)[:, None]
    across = columns.astype(np.int64)[:, None, None] * width + np.arange(width)
    places = np.broadcast_arrays(rows, across)
    return Entries.stored([axis.reshape(-1) for axis in places], blocks.reshape(-1))


def _coordinates(kept: Mapping[str, Any], _shape: Shape) -> Entries:
    """Read COO, of any number of axes."""
    found = kept["coords"] if "coords" in kept else (kept["row"], kept["col"])
    return Entries.stored(list(found), kept["data"])


def _diagonals(kept: Mapping[str, Any], shape: Shape) -> Entries:
    """Read DIA; what lies outside of the shape is not there."""
    data: NDArray[Any] = kept["data"]
    columns = np.arange(data.shape[1])
    rows = columns - kept["offsets"].astype(np.int64)[:, None]
    is_inside = (rows >= 0) & (rows < shape[0]) & (columns < shape[1])
    across = np.broadcast_to(columns, rows.shape)
    return Entries.stored([rows[is_inside], across[is_inside]], data[is_inside])


def _lists(kept: Mapping[str, Any], _shape: Shape) -> Entries:
    """Read LIL, lists of columns and elements for each row."""
    lengths = list(map(len, kept["rows"]))
    count = sum(lengths)
    rows = np.repeat(np.arange(len(lengths)), lengths)
    columns = np.fromiter(chain.from_iterable(kept["rows"]), np.int64, count)
    data = np.fromiter(chain.from_iterable(kept["data"]), kept["dtype"], count)
    return Entries.stored([rows, columns], data)


def _dictionary(kept: Mapping[str, Any], shape: Shape) -> Entries:
    """Read DOK, a dict from places to elements."""
    found = dict(kept["_dict"])
    keys = list(found) if len(shape) > 1 else [(key,) for key in found]
    places = np.array(keys, np.int64).reshape(len(keys), len(shape))
    data = np.fromiter(found.values(), kept["dtype"], len(found))
    return Entries.stored(list(places.T), data)


_FORMATS: dict[str, Callable[[Mapping[str, Any], Shape], Entries]] = {
    "csr": _rows,
    "csc": _columns,
    "bsr": _blocks,
    "coo": _coordinates,
    "dia": _diagonals,
    "lil": _lists,
    "dok": _dictionary,
}
