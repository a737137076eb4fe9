"""What changed in a namespace between two moments, found by identity alone.

Neither values nor references to them are kept, only where they lay in memory: nothing of the
user's is called, compared or held but the names. Two things cannot be seen like that: a name that
was bound to the same object again, and one whose old value was gone before a new one took its place
in memory.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from nbmlops.capture.addresses import WIDTH
from nbmlops.capture.base import Namespace
from nbmlops.capture.entries import entries

_PAIR = 2 * WIDTH
_PAIR_BITS = 8 * _PAIR
# Rows of addresses are compared in large chunks first, and those that differ in small ones.
_LARGE, _SMALL = 2048 * _PAIR, 64 * _PAIR
_MOST_FORGOTTEN = 1_000  # names that are known and no longer there, beside as many as there are


@dataclass(frozen=True, slots=True)
class Changes:
    """The names that were ``bound`` to another object, or for the first time; and those ``gone``.

    ``new`` are the bound ones that had not been there before.
    """

    bound: Collection[str] = ()
    new: Collection[str] = ()
    gone: Collection[str] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Where the names of a namespace and their values lie; of ``names`` all of them are known.

    ``differing`` are the places at which ``row`` differs from the row ``before``.
    """

    row: bytes
    names: "KnownNames"
    before: bytes
    differing: Sequence[int]

    def changes_since(self, earlier: "Snapshot") -> Changes:
        """Return what happened between an earlier snapshot of the namespace and this one."""
        is_next = self.before is earlier.row
        places = self.differing if is_next else _differing(earlier.row, self.row)
        before, now = earlier._at(places), self._at(places)
        bound = {name for name in before.keys() & now.keys() if before[name] != now[name]}
        new = now.keys() - before.keys()
        return Changes(bound | new, new, before.keys() - now.keys())

    def _at(self, places: Sequence[int]) -> dict[str, int]:
        """Return the addresses of what names at some places hold."""
        numbers, known = _numbers(self.row), self.names.by_address
        count = len(self.row) // _PAIR
        return {
            known[numbers[2 * at]]: numbers[2 * at + 1]
            for at in places
            if at < count and numbers[2 * at] in known
        }


@dataclass(slots=True, eq=False)
class KnownNames:
    """The names of one namespace by where they lie; they are held, so that they stay there.

    Taking a snapshot adds those that were not there when the last one was taken; what is no text
    is none of them.
    """

    by_address: dict[int, str] = field(default_factory=dict)
    _last: bytes = b""

    def snapshot(self, namespace: Namespace) -> Snapshot:
        """Take a snapshot; its cost depends on what is new, beside 1 µs for 2,000 names."""
        row = entries(namespace)
        if len(self.by_address) > 2 * len(namespace) + _MOST_FORGOTTEN:
            self.by_address, self._last = {}, b""
        before, differing = self._last, _differing(self._last, row)
        if differing:
            self._learn(row, differing, namespace)
        self._last = row
        return Snapshot(row, self, before, differing)

    def _learn(self, row: bytes, places: Sequence[int], namespace: Namespace) -> None:
        numbers, count, known = _numbers(row), len(row) // _PAIR, self.by_address
        found = {numbers[2 * place] for place in places if place < count}
        missing = {address for address in found if address and address not in known}
        if not missing:
            return
        for name in _backwards(namespace):  # new ones come last
            if id(name) in missing:
                missing.remove(id(name))
                if type(name) is str:  # nobody keeps users from putting in what is no text
                    known[id(name)] = name
                if not missing:
                    return


def _backwards(namespace: Namespace) -> Iterator[Any]:
    """Give the keys of a namespace, the last first, as far as no other thread adds one."""
    try:
        yield from cast("dict[Any, Any]", namespace).__reversed__()
    except RuntimeError:
        yield from [*namespace]


def _differing(one: bytes, other: bytes) -> Sequence[int]:
    """Return the places at which two rows differ, those that only one of them has included."""
    if one == other:
        return ()
    shorter, longer = sorted((len(one), len(other)))
    found: list[int] = []
    for large in range(0, shorter, _LARGE):
        end = min(large + _LARGE, shorter)
        if one.startswith(other[large:end], large):
            continue
        for start in range(large, end, _SMALL):
            stop = min(start + _SMALL, end)
            if one.startswith(other[start:stop], start):
                continue
            differing = _bits(one, start, stop) ^ _bits(other, start, stop)
            place = start // _PAIR
            while differing:
                same = ((differing & -differing).bit_length() - 1) // _PAIR_BITS
                found.append(place + same)
                differing >>= (same + 1) * _PAIR_BITS
                place += same + 1
    found += range(shorter // _PAIR, longer // _PAIR)
    return found


def _bits(row: bytes, start: int, stop: int) -> int:
    return int.from_bytes(row[start:stop], "little")


def _numbers(row: bytes) -> "memoryview[int]":
    return memoryview(row).cast("P")
