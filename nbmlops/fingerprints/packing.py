"""The digest of many values in a row: numbers and text all at once, the others one by one.

A block of at most `BLOCK_ITEMS` values is hashed as the types of its values, one byte each, and for
every plain type the values of that type, in their order, in one buffer. So a list of a million
floats costs a copy and a hash, and which types are mixed how shows in the digest.

======== ==========================================================================
None     nothing
bool     a byte each
int      8 bytes each, little-endian; where one does not fit, all as lengths and bytes
float    8 bytes each, IEEE 754, little-endian
complex  two floats each
str      lengths in code points, 8 bytes each; UTF-8 of all, lone surrogates too
bytes    lengths; bytes of all
======== ==========================================================================
"""

import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, repeat
from operator import is_
from typing import Any, NamedTuple

from nbmlops.fingerprints.base import PAUSE, Child, Digesting, Mode
from nbmlops.fingerprints.hashing import Long, joined, text_pieces

BLOCK_ITEMS = 65_536  # part of the digest

# The codes are part of the digest. By the id of the type: a metaclass may define `__hash__`.
_PLAIN = (type(None), bool, int, float, complex, str, bytes)
_CODES = {id(kind): code for code, kind in enumerate(_PLAIN, start=1)}
_NAN = float("nan")
_LONG = 1 << 22  # characters or bytes of a block: above, they are not put together


class Packed(NamedTuple):
    """A block of values: the digest of its plain ones, the others with their places."""

    digest: bytes
    others: list[tuple[int, Any]]


def plain_code(kind: type) -> int:
    """Return the code of a type whose values are hashed all at once, 0 for any other."""
    return _CODES.get(id(kind), 0)


def in_order(values: Sequence[Any], mode: Mode, where: Callable[[int], str]) -> bytes | Digesting:
    """Return the digest of values in their order, or the steps to it where not all are plain.

    ``where`` names the place of a value for a reason: ``[3]``, ``.rate``. Of a list that another
    thread changes, a block is what it was at one time.
    """
    first = packed(values[:BLOCK_ITEMS], mode)
    if len(values) <= BLOCK_ITEMS and not first.others:
        return first.digest
    return _in_blocks(first, values, mode, where)


def _in_blocks(
    first: Packed, values: Sequence[Any], mode: Mode, where: Callable[[int], str]
) -> Digesting:
    plain, others = [first.digest], []
    for place, value in first.others:
        others += [(yield Child(value, partial(where, place)))]
    for start in range(BLOCK_ITEMS, len(values), BLOCK_ITEMS):
        yield PAUSE
        block = packed(values[start : start + BLOCK_ITEMS], mode)
        plain.append(block.digest)
        for place, value in block.others:
            others += [(yield Child(value, partial(where, start + place)))]
    return joined("items", *plain, *others)


def packed(values: Sequence[Any], mode: Mode) -> Packed:
    """Hash the plain values of a block, in their order; give back the others."""
    count = len(values).to_bytes(8, "little")
    kind = type(values[0]) if values else type(None)
    if not all(map(is_, map(type, values), repeat(kind))):
        return _mixed(values, mode, count)
    code = plain_code(kind)
    if not code:
        return Packed(joined("none plain", count), list(enumerate(values)))
    return Packed(joined("all", count, bytes([code]), *_BUFFERS[code](values, mode)), [])


def _mixed(values: Sequence[Any], mode: Mode, count: bytes) -> Packed:
    codes = [_CODES.get(id(type(value)), 0) for value in values]
    groups: dict[int, list[Any]] = {}
    for code, value in zip(codes, values, strict=True):
        groups.setdefault(code, []).append(value)
    others = [place for place, code in enumerate(codes) if not code] if groups.pop(0, None) else []
    parts: list[bytes | Long] = [bytes(codes)]
    for code in sorted(groups):
        parts += _BUFFERS[code](groups[code], mode)
    return Packed(joined("mixed", count, *parts), [(place, values[place]) for place in others])


def float_bytes(values: Iterable[float], mode: Mode) -> bytes:
    """Return floats as little-endian IEEE 754 with 8 bytes each, equal ones alike if semantic."""
    if mode == "semantic":
        values = [value + 0.0 if value == value else _NAN for value in values]
    return little_endian(array("d", values))


def float_ranks(values: Iterable[float], mode: Mode) -> list[int]:
    """Return a number for each float that is the same for the same bits, and only for these."""
    bits = array("Q")
    bits.frombytes(float_bytes(values, mode))
    return bits.tolist()


def int_bytes(value: int) -> bytes:
    """Return an int as the fewest bytes, little-endian, two's complement."""
    return int.to_bytes(value, int.bit_length(value) // 8 + 1, "little", signed=True)


def little_endian(numbers: "array[Any]") -> bytes:
    """Return the bytes of an array of numbers as a little-endian machine holds them."""
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()


def _nones(_values: Sequence[None], _mode: Mode) -> tuple[bytes, ...]:
    return ()


def _bools(values: Sequence[bool], _mode: Mode) -> tuple[bytes, ...]:
    return (bytes(values),)


def _ints(values: Sequence[int], _mode: Mode) -> tuple[bytes, ...]:
    try:
        return (little_endian(array("q", values)),)
    except OverflowError:
        written = list(map(int_bytes, values))
        return _written(list(map(len, written))), b"".join(written)


def _floats(values: Sequence[float], mode: Mode) -> tuple[bytes, ...]:
    return (float_bytes(values, mode),)


def _complexes(values: Sequence[complex], mode: Mode) -> tuple[bytes, ...]:
    parts = chain.from_iterable((value.real, value.imag) for value in values)
    return (float_bytes(parts, mode),)


def _texts(values: Sequence[str], _mode: Mode) -> tuple[bytes | Long, ...]:
    lengths = list(map(len, values))
    if sum(lengths) <= _LONG:
        return _written(lengths), "".join(values).encode("utf-8", "surrogatepass")

    def pieces() -> Iterator[bytes]:
        return chain.from_iterable(map(text_pieces, values))

    return _written(lengths), Long(sum(map(len, pieces())), pieces)


def _binaries(values: Sequence[bytes], _mode: Mode) -> tuple[bytes | Long, ...]:
    lengths = list(map(len, values))
    size_bytes = sum(lengths)
    data = b"".join(values) if size_bytes <= _LONG else Long(size_bytes, lambda: values)
    return _written(lengths), data


def _written(lengths: list[int]) -> bytes:
    return little_endian(array("q", lengths))


_BUFFERS: dict[int, Callable[[Any, Mode], tuple[bytes | Long, ...]]] = {
    1: _nones,
    2: _bools,
    3: _ints,
    4: _floats,
    5: _complexes,
    6: _texts,
    7: _binaries,
}
