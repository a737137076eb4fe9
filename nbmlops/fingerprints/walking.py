"""Drives adapters through a value and all that it holds; never raises, whatever the value does.

The walk keeps its own stack, so that nesting of any depth is no recursion, and describes what it
meets twice once: nothing grows with the number of ways to a value.

**Values that hold themselves.** Where a value is met again that is still being described, or that
leads back to one, its digest is how many values ago it was met first, not counting those that are
complete. When the outermost value of such a circle is complete, each of the others has the digest
of the whole and its place in it. So who holds whom shows, and ids, memory and hash seeds do not.
The places depend on the order of the walk: for sets that circles go through, see `ranking`.
"""

from collections.abc import Generator, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from nbmlops.canonical import class_name
from nbmlops.fingerprints.base import (
    PAUSE,
    Adapter,
    Child,
    Described,
    Mode,
    Steps,
    Unordered,
    Where,
)
from nbmlops.fingerprints.deadline import NEVER, Deadline, TakesTooLong
from nbmlops.fingerprints.hashing import joined, joined_sorted, text
from nbmlops.fingerprints.python.classes import qualified_name
from nbmlops.fingerprints.ranking import Ranks, tied
from nbmlops.fingerprints.registry import SCALARS, StandIn, adapter_of

_CLOCK_EVERY = 256  # values between two looks at the clock
_LONGEST_REASON = 200  # characters, before places are added
_FURTHER_OUT = "…"
_MOST_LEVELS = 1_000_000  # 1 GB of memory
_MOST_STAND_INS = 10_000  # in each other: what is registered can give a new value for ever
_LARGE, _LARGE_BYTES = 64, 4_096  # elements, bytes: worth remembering what was described at once
_SMALL = 64  # values in one, counted on every way to them: fewer are quickly described again
_MOST_SMALL = 16_384  # remembered of late, and once more: 10 MB
_NOT_DESCRIBED = Described("", b"")
_FOR_EVER = (
    f"more than {_MOST_STAND_INS:,} values of registered types in each other: "
    "what was registered seems to give new ones for ever"
)
_INDISTINCT = "values in no order that lead to each other and cannot be told apart"

type _Order = Literal["any", "by rank", "none"]
"""In which order values that have none are walked: with ``none``, those of equal rank are not."""


class _OrderShows(Exception):
    """A circle goes through values that have no order, or are of one rank."""


def described(value: Any, mode: Mode = "exact", *, deadline: Deadline = NEVER) -> Described:
    """Describe a value; what cannot be described is opaque, with the reason."""
    try:
        return _walked(value, mode, deadline)
    except TakesTooLong as over:
        return opaque(value, str(over))
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


def _placed(reason: str, where: Where) -> str:
    """Return a reason with the place in front; of places deep inside only the last are named."""
    if reason.startswith(_FURTHER_OUT):
        return reason
    place = where if isinstance(where, str) else where()
    if not place:
        return reason
    return f"{place if len(reason) <= _LONGEST_REASON else _FURTHER_OUT}: {reason}"


def _walked(value: Any, mode: Mode, deadline: Deadline) -> Described:
    if id(type(value)) in SCALARS:
        made = adapter_of(type(value))(value, mode)
        if isinstance(made, Described):  # nothing else is registered for it
            return made
    orders: tuple[_Order, ...] = ("any", "by rank")
    for order in orders:
        try:
            return _Walk(mode, deadline, order).run(value)
        except _OrderShows:
            continue
    return _Walk(mode, deadline, "none").run(value)


@dataclass(slots=True)
class _Level:
    """A value whose adapter waits for the digest of one that it holds."""

    steps: Steps
    value: Any
    where: Where
    place: int  # among the values that are not complete
    leads_to: int  # the first place that something in it leads back to; its own, if none
    circular_parts: int = 0  # how many of its parts are, or hold, a circle
    reason: str | None = None  # why the first part that is not exact is not
    stand_ins: int = 0  # of registered types, among this value and those that hold it
    size: int = 1  # roughly how many values would be met to describe it anew, as far as `_SMALL`

    def note(self, part: Described, where: Where) -> None:
        """Take over why a part of the value is not exact, if it is the first that is not."""
        if self.reason is None and part.reason is not None:
            self.reason = _placed(part.reason, where)

    def summed(self, result: Described) -> Described:
        """Return the description of the value with what was taken over from its parts."""
        if self.reason is None or result.reason is not None:
            return result
        return replace(result, reason=self.reason)


@dataclass(frozen=True, slots=True)
class _Known:
    """A value that is complete; kept with it, so that its id stays its own."""

    value: Any
    described: Described
    is_circular: bool
    size: int


class _Walk:
    def __init__(self, mode: Mode, deadline: Deadline, order: _Order) -> None:
        self._mode: Mode = mode
        self._deadline = deadline
        self._order: _Order = order
        self._ranks = Ranks(mode, deadline)
        self._levels: list[_Level] = []
        self._incomplete: list[Any] = []  # values in the order in which they were met
        self._places: dict[int, int] = {}  # of the incomplete values, by id
        self._known: dict[int, _Known] = {}  # by id
        self._small: dict[int, _Known] = {}  # the small ones of late
        self._small_before: dict[int, _Known] = {}
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
            self._deadline.check()
        value = child.value
        for remembered in (self._known, self._small, self._small_before):
            if id(value) in remembered:
                return self._met_complete(remembered[id(value)])
        if id(value) in self._places:
            return self._met_incomplete(self._places[id(value)])
        try:
            adapter = self._adapter(type(value))
            made = adapter(value, self._mode)
        except Exception as problem:  # noqa: BLE001, values of others raise what they like
            return opaque(value, reason_of(problem))
        if not isinstance(made, Described):
            return self._put_on_stack(made, child, is_stand_in=type(adapter) is StandIn)
        if (made.shape and made.shape[0] > _LARGE) or (made.size_bytes or 0) > _LARGE_BYTES:
            self._remember(_Known(value, made, is_circular=False, size=_size(made)))
        return made

    def _remember(self, known: _Known) -> None:
        """Remember a complete value; those soon described again only for some time.

        What is in a circle must be remembered: its digest depends on where the circle was entered.
        """
        if known.is_circular or known.size >= _SMALL:
            self._known[id(known.value)] = known
            return
        self._small[id(known.value)] = known
        if len(self._small) == _MOST_SMALL:
            self._small_before, self._small = self._small, {}

    def _adapter(self, kind: type) -> Adapter:
        found = self._adapters.get(id(kind))
        if found is None:
            adapter = self._bag if kind is Unordered else adapter_of(kind)
            found = self._adapters[id(kind)] = kind, adapter
        return found[1]

    def _put_on_stack(self, steps: Steps, child: Child, *, is_stand_in: bool) -> Described | None:
        if len(self._levels) == _MOST_LEVELS:
            return opaque(child.value, f"more than {_MOST_LEVELS:,} values in each other")
        stand_ins = is_stand_in + (self._levels[-1].stand_ins if self._levels else 0)
        if stand_ins > _MOST_STAND_INS:
            return opaque(child.value, _FOR_EVER)
        place = len(self._incomplete)
        level = _Level(steps, child.value, child.where, place, place, stand_ins=stand_ins)
        self._levels.append(level)
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
                self._deadline.check()
                result = _NOT_DESCRIBED
                continue
            result = self._begun(child)
            if result is None:
                return None
            level.size += 1
            level.note(result, child.where)

    def _ended(self, level: _Level, result: Described) -> Described:
        self._levels.pop()
        result = level.summed(result)
        is_circular = level.circular_parts > 0
        if level.leads_to == level.place:
            self._complete(level, result, is_circular=is_circular)
        if self._levels:
            above = self._levels[-1]
            above.size += min(level.size, _SMALL)
            above.note(result, level.where)
            above.circular_parts += is_circular
            above.leads_to = min(above.leads_to, level.leads_to)
        return result

    def _complete(self, level: _Level, whole: Described, *, is_circular: bool) -> None:
        """Remember a value that leads to nothing further out, and all that lead back to it."""
        part = whole
        for place, value in enumerate(self._incomplete[level.place :]):
            if place:
                digest = joined("in circle", whole.digest, place.to_bytes(8, "little"))
                part = replace(whole, kind="cycle", digest=digest)
            del self._places[id(value)]
            self._remember(_Known(value, part, is_circular, level.size))
        del self._incomplete[level.place :]

    def _met_complete(self, known: _Known) -> Described:
        if self._levels:
            self._levels[-1].circular_parts += known.is_circular
            self._levels[-1].size += min(known.size, _SMALL)
        return known.described

    def _met_incomplete(self, place: int) -> Described:
        innermost = self._levels[-1]
        innermost.leads_to = min(innermost.leads_to, place)
        innermost.circular_parts += 1
        ago = len(self._incomplete) - place
        return Described("cycle", joined("cycle", ago.to_bytes(8, "little")))

    def _ago(self, value: Any) -> int | None:
        """Return how many values ago one was met, not counting complete ones; None if it is one."""
        place = self._places.get(id(value))
        return None if place is None else len(self._incomplete) - place

    def _bag(self, bag: Unordered, _mode: Mode) -> Steps:
        if self._order == "any":
            digests = yield from _digests(bag.values)
            if len(digests) > 1 and self._levels[-1].circular_parts > 1:
                raise _OrderShows
            return Described("bag", joined_sorted("bag", digests))
        ranked = self._ranks.in_order(bag.values, self._ago)
        if self._order == "none" and tied(ranked):
            ranks = joined_sorted("ranks", [each.rank for each in ranked])
            return Described("bag", ranks, reason=_INDISTINCT)
        digests = yield from _digests([each.value for each in ranked])
        if any(sum(id(value) in self._places for value in group) > 1 for group in tied(ranked)):
            raise _OrderShows
        return Described("bag", joined_sorted("bag", digests))


def _digests(values: Iterable[Any]) -> Generator[Child, bytes, list[bytes]]:
    digests = []
    for value in values:
        digests += [(yield Child(value, "{…}"))]
    return digests


def _size(made: Described) -> int:
    """Return what a value described at once counts as among those that hold others."""
    return max((made.shape or (0,))[0] // 16, (made.size_bytes or 0) // 1_024)
