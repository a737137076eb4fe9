"""Python's own scalars, which hold nothing that can change, one by one and in rows of many.

Their tokens are what `marshal` makes of them, in its version 2, which depends on the content alone
(later ones write what they met before as a reference). It is only given values of exactly these
types: of others it would ask for a buffer, which may be code of the user's. Addresses would not do:
when a number is let go, another can take its place.
"""

import ctypes
import struct
from collections.abc import Sequence
from marshal import dumps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbmlops.capture.tokens.walking import Walk

_VERSION = 2
_WIDTH = struct.calcsize("P")
_CHUNK = 4_096  # elements whose types fit into the processor's cache
_FEW = 12  # elements, below which a loop is quicker
_LONG = 1_024  # characters: Python keeps the hash of a text, so that it is made once
_ELEMENTS_PER_NODE = 32  # which take as long

# Types by their ids, which need no hash of a type: a metaclass may define one.
SMALL_SCALARS = frozenset(map(id, (type(None), bool, int, float, complex, type(...))))
_TEXTS = frozenset(map(id, (str, bytes)))
SCALARS = SMALL_SCALARS | _TEXTS


def small_scalar(value: Any) -> bytes:
    """Return the token of a number, a constant or a short text."""
    return dumps(value, _VERSION)


def scalar(walk: "Walk", value: Any) -> bytes:
    """Return the token of any scalar: of long text by its length and Python's own hash."""
    kind = type(value)
    if (kind is str or kind is bytes) and len(value) > _LONG:
        if not walk.takes_bytes(len(value)):
            return b"t" + dumps((len(value), id(value)), _VERSION)
        return b"t" + dumps((len(value), hash(value)), _VERSION)
    return dumps(value, _VERSION)


def write_all(walk: "Walk", items: tuple[Any, ...]) -> bool:
    """Write a row of values if all are scalars; tell whether they are."""
    if len(items) <= _FEW:
        for item in items:
            if id(type(item)) not in SMALL_SCALARS and (
                id(type(item)) not in _TEXTS or len(item) > _LONG
            ):
                return False
        walk.out.append(dumps(items, _VERSION))
        return True
    return _write_many(walk, items)


def _write_many(walk: "Walk", items: tuple[Any, ...]) -> bool:
    mark = len(walk.out)
    for start in range(0, len(items), _CHUNK):
        chunk = items[start : start + _CHUNK]
        size_bytes = _text_size(chunk)
        if size_bytes is None or size_bytes > walk.size_bytes:
            del walk.out[mark:]
            return False
        if not walk.takes_nodes(len(chunk) // _ELEMENTS_PER_NODE):
            return True
        walk.size_bytes -= size_bytes
        walk.write_digest(dumps(chunk, _VERSION))
    return True


def _text_size(items: tuple[Any, ...]) -> int | None:
    """Return how long the texts among scalars are in all; None if there is anything else."""
    types = tuple(map(type, items))
    ids = _addresses(types)
    first = id(types[0])
    if ids == ids[:_WIDTH] * len(types):
        if first in _TEXTS:
            return sum(map(len, items))
        return 0 if first in SMALL_SCALARS else None
    different = set(memoryview(ids).cast("P"))
    if not different <= SCALARS:
        return None
    if different <= SMALL_SCALARS:
        return 0
    return sum(len(item) for item in items if id(type(item)) in _TEXTS)


def _addresses_slowly(objects: Sequence[object]) -> bytes:
    return struct.pack(f"{len(objects)}P", *map(id, objects))


def _addresses_from_memory(objects: tuple[object, ...]) -> bytes:
    """Return the ids of objects as a tuple of them lies in memory: five times as fast."""
    return ctypes.string_at(id(objects) + tuple.__basicsize__, len(objects) * _WIDTH)


_PROBE = (None, 1, "a", object())
_addresses = (
    _addresses_from_memory
    if _addresses_from_memory(_PROBE) == _addresses_slowly(_PROBE)
    else _addresses_slowly
)
