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
# Rows of addresses are compared in whole chunks first, and those that differ in smaller ones.
_CHUNKS = (2048 * _PAIR, 32 * _PAIR)
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
    """Where the names of a namespace and their values lie; of ``names`` all of them are known."""

    row: bytes
    names: "KnownNames"

    def changes_since(self, earlier: "Snapshot") -> Changes:
        """Return what happened between an earlier snapshot of the namespace and this one."""
        places = [*_differing(earlier.row, self.row)]
        before, now = earlier._at(places), self._at(places)
        bound = {name for name in before.keys() & now.keys() if before[name] != now[name]}
        new = now.keys() - before.keys()
        return Changes(bound | new, new, before.keys() - now.keys())

    def _at(self, places: Sequence[int]) -> dict[str, int]:
        """Return the addresses of what names at some places hold."""
        numbers, name_at = _numbers(self.row), self.names.name_at
        count = len(self.row) // _PAIR
        found = ((name_at(numbers[2 * at]), numbers[2 * at + 1]) for at in places if at < count)
        return {name: address for name, address in found if name is not None}


@dataclass(slots=True, eq=False)
class KnownNames:
    """The names of one namespace by where they lie; they are held, so that they stay there.

    Taking a snapshot adds those that were not there when the last one was taken.
    """

    _known: dict[int, str] = field(default_factory=dict)
    _last: bytes = b""

    def snapshot(self, namespace: Namespace) -> Snapshot:
        """Take a snapshot; its cost depends on what is new, beside 1 µs for 2,000 names."""
        row = entries(namespace)
        if len(self._known) > 2 * len(namespace) + _MOST_FORGOTTEN:
            self._known, self._last = {}, b""
        self._learn(row, namespace)
        self._last = row
        return Snapshot(row, self)

    def name_at(self, address: int) -> str | None:
        """Return the name that lies somewhere; None for what is no text."""
        return self._known.get(address)

    def _learn(self, row: bytes, namespace: Namespace) -> None:
        numbers, count, known = _numbers(row), len(row) // _PAIR, self._known
        places = (place for place in _differing(self._last, row) if place < count)
        found = {numbers[2 * place] for place in places}
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


def _differing(one: bytes, other: bytes) -> Iterator[int]:
    """Give the places at which two rows differ, those that only one of them has included."""
    if one == other:
        return
    shorter, longer = sorted((len(one), len(other)))
    yield from _differing_within(one, other, 0, shorter, _CHUNKS)
    yield from range(shorter // _PAIR, longer // _PAIR)


def _differing_within(
    one: bytes, other: bytes, start: int, end: int, chunks: Sequence[int]
) -> Iterator[int]:
    if not chunks:
        both = _numbers(one[start:end]), _numbers(other[start:end])
        for place, (before, now) in enumerate(zip(*both, strict=True), 2 * (start // _PAIR)):
            if before != now:
                yield place // 2  # perhaps twice
        return
    size = chunks[0]
    for begin in range(start, end, size):
        stop = min(begin + size, end)
        if not one.startswith(other[begin:stop], begin):
            yield from _differing_within(one, other, begin, stop, chunks[1:])


def _numbers(row: bytes) -> "memoryview[int]":
    return memoryview(row).cast("P")
