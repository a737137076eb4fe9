"""Python's own scalars, which hold nothing that can change, one by one and in rows of many.

Their tokens are what `marshal` makes of them, in its version 2, which depends on the content alone
(later ones write what they met before as a reference). It is only given values of exactly these
types: of others it would ask for a buffer, which may be code of the user's. To ask each value for
its type takes longer than all else, so that long rows of numbers go to `pickle`, which does that by
itself and tells what else it meets; of long rows of text Python's own hashes are taken. Addresses
would not do: when a number is let go, another can take its place.
"""

from marshal import dumps
from pickle import Pickler
from typing import TYPE_CHECKING, Any, Never

from xxhash import xxh3_128

from nbmlops.capture.addresses import WIDTH, addresses

if TYPE_CHECKING:
    from nbmlops.capture.tokens.walking import Walk

_VERSION = 2
_CHUNK = 4_096  # elements whose types fit into the processor's cache
_FEW = 12  # elements, below which a loop is quicker
_LONG = 1_024  # characters: Python keeps the hash of a text, so that it is made once
_MANY = 256  # elements, for which it is worth making a pickler
_PROTOCOL = 5  # of pickle
_BYTES_PER_NUMBER = 16  # at most, in pickle's form
# Elements of long rows that take as long as a node.
ELEMENTS_PER_NODE = 100  # at most: of numbers
_LARGE_PER_NODE, _TEXTS_PER_NODE, _MIXED_PER_NODE = 20, 24, 12
_LARGE = 1 << 31  # integers from here on take more

# Types by their ids, which need no hash of a type: a metaclass may define one.
_NUMBERS = frozenset(map(id, (type(None), bool, int, float)))
SMALL_SCALARS = _NUMBERS | frozenset(map(id, (complex, type(...))))
_TEXTS = frozenset(map(id, (str, bytes)))
_ONLY_TEXT = frozenset((id(str),))
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
    ends = id(type(items[0])), id(type(items[-1]))
    if len(items) >= _MANY and _NUMBERS.issuperset(ends) and _write_numbers(walk, items):
        return True
    return _write_many(walk, items)


class _OtherThanNumbers(Exception):
    pass


class _NumberPickler(Pickler):
    """Writes rows of numbers; of what it meets else it is the containers that it remembers."""

    def reducer_override(self, _value: object) -> Never:
        raise _OtherThanNumbers


class _Hashing:
    """A file in which only the digest of what is written stays, as far as there is room."""

    __slots__ = ("_room_bytes", "state")

    def __init__(self, room_bytes: int) -> None:
        self._room_bytes, self.state = room_bytes, xxh3_128()

    def write(self, data: Any) -> None:
        self._room_bytes -= len(data)
        if self._room_bytes < 0:
            raise _OtherThanNumbers
        self.state.update(data)


def _write_numbers(walk: "Walk", items: tuple[Any, ...]) -> bool:
    """Write a row if all are numbers; tell whether they are."""
    per_node = _LARGE_PER_NODE if _are_large(items[0], items[-1]) else ELEMENTS_PER_NODE
    room = walk.nodes * per_node
    file = _Hashing(_MANY + len(items) * _BYTES_PER_NUMBER)
    pickler = _NumberPickler(file, _PROTOCOL)
    try:
        pickler.dump(items[:room])
    except (_OtherThanNumbers, RecursionError):
        return False
    if len(pickler.memo.copy()) > 1:  # more than the row itself
        return False
    walk.out.append(file.state.digest())
    walk.nodes -= min(len(items), room) // per_node
    if len(items) > room:
        walk.cut()
    return True


def _are_large(*numbers: Any) -> bool:
    return any(type(number) is int and not -_LARGE <= number < _LARGE for number in numbers)


def _write_many(walk: "Walk", items: tuple[Any, ...]) -> bool:
    mark = len(walk.out)
    for start in range(0, len(items), _CHUNK):
        chunk = items[start : start + _CHUNK]
        kinds = _kinds_of(chunk)
        if not kinds <= SCALARS:
            del walk.out[mark:]
            return False
        if not walk.takes_nodes(len(chunk) // _per_node(kinds)):
            return True
        size_bytes = _text_size(chunk, kinds)
        if size_bytes > walk.size_bytes:
            del walk.out[mark:]
            return False
        walk.size_bytes -= size_bytes
        if kinds == _ONLY_TEXT:  # which keep their hashes
            walk.out.append(b"t%d,%x;" % (len(chunk), hash(chunk)))
        else:
            walk.write_digest(dumps(chunk, _VERSION))
    return True


def _kinds_of(items: tuple[Any, ...]) -> frozenset[int]:
    """Return the ids of the types of values."""
    types = tuple(map(type, items))
    ids = addresses(types)
    if ids == ids[:WIDTH] * len(types):
        return frozenset((id(types[0]),))
    return frozenset(memoryview(ids).cast("P"))


def _per_node(kinds: frozenset[int]) -> int:
    return _TEXTS_PER_NODE if len(kinds) == 1 else _MIXED_PER_NODE


def _text_size(items: tuple[Any, ...], kinds: frozenset[int]) -> int:
    """Return how long the texts among scalars of some types are in all."""
    if kinds <= SMALL_SCALARS:
        return 0
    if kinds <= _TEXTS:
        return sum(map(len, items))
    return sum(len(item) for item in items if id(type(item)) in _TEXTS)
