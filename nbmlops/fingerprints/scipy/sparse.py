"""Sparse arrays and matrices of scipy: where they are not zero, and what they hold there.

What counts
    The shape, the type of the elements, the elements that are not zero; and whether it is a matrix
    or an array, whose products differ.
What does not
    The format, the order in which elements are stored, the width of indices, explicit zeros (some
    formats cannot help having them; −0.0 is one), and whether an element is stored as several that
    are to be summed. They are summed from the lowest to the highest, so that rounding is the same.

Entries in row-major order without duplicates and zeros, which is what most computations give, are
read as they lie. Any others are sorted, in a copy that takes some 50 bytes for each. The value
itself, its cached flags included, is not touched.

Does not live here: how each format stores its entries (`sparse_formats`).
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import spmatrix

from nbmlops.fingerprints.base import PAUSE, Child, Described, Digesting, Mode, Steps
from nbmlops.fingerprints.columns.two_threads import work_off
from nbmlops.fingerprints.hashing import hashed, joined, text
from nbmlops.fingerprints.numpy.dtypes import type_digest
from nbmlops.fingerprints.numpy.elements import digest_of
from nbmlops.fingerprints.python.classes import attributes, full_name, module_of
from nbmlops.fingerprints.scipy.sparse_formats import STORED_IN, Entries, entries_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CHUNK = 1 << 18  # entries; part of the digest
_CHUNKS_AT_ONCE = 32  # between two looks at the clock
_THREADED_ENTRIES = 1 << 21  # below, to start a second thread costs what it saves


def sparse(value: Any, mode: Mode) -> Steps:
    """Describe a sparse array or matrix of scipy's, or of a class derived from it."""
    kind = type(value)
    shape, entries = entries_of(value)
    canonical = entries if _is_canonical(entries) else _in_order(entries)
    digest = joined(
        "sparse matrix" if issubclass(kind, spmatrix) else "sparse array",
        type_digest(entries.dtype),
        text(repr(shape)),
        (yield from _digest(canonical, mode)),
    )
    if module_of(kind).partition(".")[0] != "scipy":
        own = {name: item for name, item in attributes(value) if name not in STORED_IN}
        digest = joined("subclass", digest, text(full_name(kind)), (yield Child(own, "__dict__")))
    return Described("sparse", digest, shape, size_bytes=entries.size_bytes)


def _digest(entries: Entries, mode: Mode) -> Digesting:
    """Return the digest of entries in canonical order."""
    digests = [b""] * -(-entries.count // _CHUNK)

    def work(place: int) -> None:
        indices, data = _chunk(entries, place)
        with np.errstate(all="ignore"):  # is the thread's own
            found = digest_of(data, mode=mode)
        wide = (hashed(np.ascontiguousarray(axis, "<i8")) for axis in indices)
        digests[place] = joined("entries", *wide, found)

    is_large = entries.count > _THREADED_ENTRIES
    for start in range(0, len(digests), _CHUNKS_AT_ONCE):
        places = range(start, min(start + _CHUNKS_AT_ONCE, len(digests)))
        work_off(places, work, in_two=is_large)
        yield PAUSE
    return joined("chunks", entries.count.to_bytes(8, "little"), b"".join(digests))


def _chunk(entries: Entries, place: int) -> "tuple[list[NDArray[Any]], NDArray[Any]]":
    return entries.read(place * _CHUNK, min((place + 1) * _CHUNK, entries.count))


def _is_canonical(entries: Entries) -> bool:
    """Tell whether entries are in row-major order, each once and none zero."""
    for start in range(0, entries.count, _CHUNK):
        before = max(start - 1, 0)  # the last of the chunk before, to compare with
        indices, data = entries.read(before, min(start + _CHUNK, entries.count))
        if np.count_nonzero(data) != len(data) or not _is_ascending(indices):
            return False
    return True


def _is_ascending(indices: "list[NDArray[Any]]") -> bool:
    """Tell whether each place comes after the one before it, and is not the same."""
    are_equal = np.ones(max(len(indices[0]) - 1, 0), np.bool_)
    is_later = np.zeros_like(are_equal)
    for axis in indices:
        is_later |= are_equal & (axis[1:] > axis[:-1])
        are_equal &= axis[1:] == axis[:-1]
    return bool(is_later.all())


def _in_order(entries: Entries) -> Entries:
    """Return entries in row-major order, those of one place summed, without zeros."""
    indices, data = entries.read(0, entries.count)
    order = np.lexsort(indices[::-1])
    is_first = _is_first([axis[order] for axis in indices])
    if not is_first.all():
        order = np.lexsort((*_as_keys(data), *reversed(indices)))
        with np.errstate(all="ignore"):
            data = np.add.reduceat(data[order], np.flatnonzero(is_first), dtype=data.dtype)
        order = order[is_first]
    else:
        data = data[order]
    is_there = data != 0
    return Entries.stored([axis[order][is_there] for axis in indices], data[is_there])


def _is_first(indices: "list[NDArray[Any]]") -> "NDArray[np.bool_]":
    """Tell which of the places in order is not that of the entry before."""
    found = np.zeros(len(indices[0]), np.bool_)
    found[:1] = True
    for axis in indices:
        found[1:] |= axis[1:] != axis[:-1]
    return found


def _as_keys(data: "NDArray[Any]") -> "tuple[NDArray[Any], ...]":
    return (data.imag, data.real) if data.dtype.kind == "c" else (data,)
