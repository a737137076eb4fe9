"""Drives adapters through a value and all that it holds; never raises, whatever the value does.

The walk keeps its own stack, so that nesting of any depth is no recursion, and describes what it
meets twice once: nothing grows with the number of ways to a value.

**Values that hold themselves.** Where a value is met again that is still being described, or that
leads back to one, its digest is how many values ago it was met first, not counting those that are
complete. When the outermost value of such a circle is complete, each of the others has the digest
of the whole and its place in it. So who holds whom shows, and ids, memory and hash seeds do not.
The places depend on the order of the walk: for sets that circles go through, see `ranking`.
"""

import time
from dataclasses import dataclass, replace
from typing import Any

from nbmlops.canonical import class_name
from nbmlops.fingerprints.base import PAUSE, Adapter, Child, Described, Mode, Steps, Unordered
from nbmlops.fingerprints.hashing import joined, joined_sorted, text
from nbmlops.fingerprints.python.classes import qualified_name
from nbmlops.fingerprints.ranking import Ranks
from nbmlops.fingerprints.registry import adapter_of

_CLOCK_EVERY = 256  # values between two looks at the clock
_LONGEST_REASON = 200  # characters, before places are added
_FURTHER_OUT = "…"
_MOST_LEVELS = 1_000_000  # a registered stand-in can give a new value for ever; 1 GB of memory
_LARGE, _LARGE_BYTES = 64, 4_096  # elements, bytes: worth remembering what was described at once
_NOT_DESCRIBED = Described("", b"")


class TakesTooLong(Exception):
    """The time given is over."""


class _OrderShows(Exception):
    """A circle goes through values that have no order."""


def described(
    value: Any, mode: Mode = "exact", *, within_seconds: float | None = None
) -> Described:
    """Describe a value; what cannot be described is opaque, with the reason."""
    until = None if within_seconds is None else time.monotonic() + within_seconds
    try:
        return _walked(value, mode, until)
    except TakesTooLong:
        return opaque(value, f"takes longer than {within_seconds:g} s")
    except Exception as problem:  # noqa: BLE001, of an adapter that breaks its contract
        return opaque(value, reason_of(problem))


def opaque(value: Any, reason: str) -> Described:
    """Describe a value that cannot be looked into by its class, with the reason."""
    return Described("opaque", joined("opaque", text(class_name(value))), reason=reason)


def reason_of(problem: BaseException) -> str:
    """Return an error as a reason, also where its own text fails."""
    try:
        said = str(problem)
    except Exception:  # noqa: BLE001, an exception of the user's whose __str__ raises
        said = ""
    name = qualified_name(type(problem))
    return f"{name}: {said}"[:_LONGEST_REASON] if said else name


def _placed(reason: str | None, where: str) -> str | None:
    """Return a reason with the place in front; of places deep inside only the last are named."""
    if not reason or not where or reason.startswith(_FURTHER_OUT):
        return reason
    return f"{where if len(reason) <= _LONGEST_REASON else _FURTHER_OUT}: {reason}"


def _walked(value: Any, mode: Mode, until: float | None) -> Described:
    try:
        return _Walk(mode, until).run(value)
    except _OrderShows:
        return _Walk(mode, until, is_ranked=True).run(value)


@dataclass(slots=True)
class _Level:
    """A value whose adapter waits for the digest of one that it holds."""

    steps: Steps
    value: Any
    where: str
    place: int  # among the values that are not complete
    leads_to: int  # the first place that something in it leads back to; its own, if none
    circular_parts: int = 0  # how many of its parts are, or hold, a circle
    strength: str | None = None  # of the weakest part
    reason: str | None = None

    def note(self, part: Described, where: str) -> None:
        """Take over why a part of the value is not exact, if it is the first or weakest."""
        strength = part.strength or (None if part.reason is None else "opaque")
        if strength in (None, "exact") or self.strength == "opaque":
            return
        if self.strength is not None and strength != "opaque":
            return
        self.strength = strength
        self.reason = _placed(part.reason, where)

    def summed(self, result: Described) -> Described:
        """Return the description of the value with what was taken over from its parts."""
        if self.strength is None or result.reason is not None:
            return result
        return replace(result, strength=self.strength, reason=self.reason)


@dataclass(frozen=True, slots=True)
class _Known:
    """A value that is complete; kept with it, so that its id stays its own."""

    value: Any
    described: Described
    is_circular: bool


class _Walk:
    def __init__(self, mode: Mode, until: float | None, *, is_ranked: bool = False) -> None:
        self._mode: Mode = mode
        self._until = until
        self._ranks = Ranks(mode, self._look_at_clock) if is_ranked else None
        self._levels: list[_Level] = []
        self._incomplete: list[Any] = []  # values in the order in which they were met
        self._places: dict[int, int] = {}  # of the incomplete values, by id
        self._known: dict[int, _Known] = {}
        self._adapters: dict[int, tuple[type, Adapter]] = {}
        self._count = 0

    def run(self, value: Any) -> Described:
        result = self._begun(Child(value, ""))
        while self._levels:
            result = self._gone_on(result)
        assert result is not None
        return result

    def _begun(self, child: Child) -> Described | None:
        """Describe a value at once, or put it on the stack and return None."""
        self._count += 1
        if not self._count % _CLOCK_EVERY:
            self._look_at_clock()
        value = child.value
        if id(value) in self._known:
            return self._met_complete(self._known[id(value)])
        if id(value) in self._places:
            return self._met_incomplete(self._places[id(value)])
        try:
            made = self._adapter(type(value))(value, self._mode)
        except Exception as problem:  # noqa: BLE001, values of others raise what they like
            return opaque(value, reason_of(problem))
        if not isinstance(made, Described):
            return self._put_on_stack(made, child)
        if (made.shape and made.shape[0] > _LARGE) or (made.size_bytes or 0) > _LARGE_BYTES:
            self._known[id(value)] = _Known(value, made, is_circular=False)
        return made

    def _adapter(self, kind: type) -> Adapter:
        found = self._adapters.get(id(kind))
        if found is None:
            adapter = self._bag if kind is Unordered else adapter_of(kind)
            found = self._adapters[id(kind)] = kind, adapter
        return found[1]

    def _put_on_stack(self, steps: Steps, child: Child) -> Described | None:
        if len(self._levels) == _MOST_LEVELS:
            return opaque(child.value, f"more than {_MOST_LEVELS:,} values in each other")
        place = len(self._incomplete)
        self._levels.append(_Level(steps, child.value, child.where, place, place))
        self._incomplete.append(child.value)
        self._places[id(child.value)] = place
        return None

    def _gone_on(self, result: Described | None) -> Described | None:
        """Give the innermost adapter what it waits for, until it needs what is not described yet.

        ``result`` is None where the adapter has not begun. Returns the description of the
        innermost value, None where there is a new innermost one.
        """
        level = self._levels[-1]
        while True:
            try:
                child = next(level.steps) if result is None else level.steps.send(result.digest)
            except StopIteration as end:
                return self._ended(level, end.value)
            except (TakesTooLong, _OrderShows):
                raise
            except Exception as problem:  # noqa: BLE001, values of others raise what they like
                return self._ended(level, opaque(level.value, reason_of(problem)))
            if child is PAUSE:
                self._look_at_clock()
                result = _NOT_DESCRIBED
                continue
            result = self._begun(child)
            if result is None:
                return None
            level.note(result, child.where)

    def _ended(self, level: _Level, result: Described) -> Described:
        self._levels.pop()
        result = level.summed(result)
        is_circular = level.circular_parts > 0
        if level.leads_to == level.place:
            self._complete(level.place, result, is_circular=is_circular)
        if self._levels:
            above = self._levels[-1]
            above.note(result, level.where)
            above.circular_parts += is_circular
            above.leads_to = min(above.leads_to, level.leads_to)
        return result

    def _complete(self, first: int, whole: Described, *, is_circular: bool) -> None:
        """Remember a value that leads to nothing further out, and all that lead back to it."""
        part = whole
        for place, value in enumerate(self._incomplete[first:]):
            if place:
                digest = joined("in circle", whole.digest, place.to_bytes(8, "little"))
                part = replace(whole, kind="cycle", digest=digest)
            del self._places[id(value)]
            self._known[id(value)] = _Known(value, part, is_circular)
        del self._incomplete[first:]

    def _met_complete(self, known: _Known) -> Described:
        if known.is_circular and self._levels:
            self._levels[-1].circular_parts += 1
        return known.described

    def _met_incomplete(self, place: int) -> Described:
        innermost = self._levels[-1]
        innermost.leads_to = min(innermost.leads_to, place)
        innermost.circular_parts += 1
        ago = len(self._incomplete) - place
        return Described("cycle", joined("cycle", ago.to_bytes(8, "little")))

    def _bag(self, bag: Unordered, _mode: Mode) -> Steps:
        values = bag.values if self._ranks is None else self._ranks.in_order(bag.values)
        digests = []
        for value in values:
            digests += [(yield Child(value, "{…}"))]
        if self._ranks is None and len(digests) > 1 and self._levels[-1].circular_parts > 1:
            raise _OrderShows
        return Described("bag", joined_sorted("bag", digests))

    def _look_at_clock(self) -> None:
        if self._until is not None and time.monotonic() > self._until:
            raise TakesTooLong
