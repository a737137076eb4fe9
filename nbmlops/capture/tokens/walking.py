"""The walk through a value and all that it holds, which writes down what it meets.

Depth first, over a stack of its own. Each value writes what it is, and how many values it holds,
before these are looked at: no two values write the same. What is met a second time is written as
the place at which it was met first.

Figures, models and tables are walked through on their own and written by their digest. What that
walk found is taken by all walks of one look: a figure, its axes and an array of these are three
variables, and one walk. Whether it was taken or made anew shows in no token.
"""

import signal
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from xxhash import xxh3_128_digest

from nbmlops.capture.tokens.items import ItemTokens, Places
from nbmlops.capture.tokens.scalars import SCALARS, scalar

_GLANCE = 512  # nodes, of what holds more than may be looked at
_MOST_PARTS = 2_000  # 64 bytes each, in every token
_SAMPLES, _SAMPLE_BYTES = 256, 1_024  # of memory that is too much to look at
_DEEPEST = 16  # of walks within each other; what lies deeper is walked through with the rest


@dataclass(frozen=True, slots=True)
class _Found:
    """What a walk of its own through a value has found, and what that took."""

    value: Any  # held, so that its id stays its own
    digest: bytes
    nodes: int
    size_bytes: int
    parts: frozenset[int]
    is_whole: bool
    is_opaque: bool
    has_all_parts: bool
    height: int  # of the walks within it
    items: ItemTokens | None


@dataclass(slots=True)
class Sight:
    """What the walks of one look have found already; it holds values, so that it must not stay."""

    found: dict[int, _Found] = field(default_factory=dict)
    depths: dict[int, int] = field(default_factory=dict)  # of the walks that are going on


class Walk:
    """One walk; what the functions in `writers` are given.

    Attributes
    ----------
    nodes, size_bytes : int
        What may still be looked at.
    spared : int
        Nodes that were given back, since what they were for cannot be looked at whole.
    out : list of bytes
        What was written.
    parts : set of int
        Addresses of what can change.
    is_whole, is_cut, is_opaque, has_all_parts : bool
        Whether everything was looked at; whether a bound was met; whether the value itself cannot
        be looked at; whether all parts are in ``parts``.
    item_places : Places or None
        Where the items of the value itself were written, if they can be told apart.
    items : ItemTokens or None
        What a walk of its own found of them.
    """

    __slots__ = (
        "_depth",
        "_held",
        "_lowest",
        "_places",
        "_sight",
        "_stack",
        "_upmost",
        "has_all_parts",
        "is_cut",
        "is_opaque",
        "is_whole",
        "item_places",
        "items",
        "nodes",
        "out",
        "parts",
        "plans",
        "size_bytes",
        "spared",
    )

    def __init__(
        self, nodes: int, size_bytes: int, sight: Sight | None = None, depth: int = 0
    ) -> None:
        self.nodes, self.size_bytes = nodes, size_bytes
        self.spared = 0
        self._sight = Sight() if sight is None else sight
        self._depth = self._lowest = depth  # of this walk, and of the lowest within it
        self._upmost = _DEEPEST + 1  # depth of the uppermost walk whose value was met again
        self.out: list[bytes] = []
        self.parts: set[int] = set()
        self.plans: dict[int, Plan] = {}  # of types that may change until the next walk
        self.is_whole, self.is_cut, self.is_opaque, self.has_all_parts = True, False, False, True
        self.item_places: Places | None = None
        self.items: ItemTokens | None = None
        self._stack: list[Any] = []
        self._places: dict[int, int] = {}
        self._held: list[Any] = []  # so that no id is given to another value meanwhile

    def run(self, value: Any) -> None:
        """Look at a value."""
        stack, out, places, held = self._stack, self.out, self._places, self._held
        stack.append(value)
        while stack:
            value = stack.pop()
            if self.nodes <= 0:
                self.cut()
                return
            self.nodes -= 1
            if id(type(value)) in SCALARS:
                out.append(scalar(self, value))
                continue
            place = places.get(id(value))
            if place is not None:
                out.append(b"^%d;" % place)
                continue
            places[id(value)] = len(held)
            held.append(value)
            self._look(value)

    def _look(self, value: Any) -> None:
        written, waiting = len(self.out), len(self._stack)
        try:
            plan = plan_of(self, type(value))
            if plan.is_apart and self._is_to_be_apart():
                self._write_apart(value)
            else:
                plan.write(self, value)
        except Exception as problem:
            if _is_of_signal(problem):
                raise
            del self.out[written:], self._stack[waiting:]
            self.opaque(value)

    def _is_to_be_apart(self) -> bool:
        """Tell whether the value that was met last gets a walk of its own, and this is not it."""
        if self._depth == _DEEPEST:
            self._upmost = 0
            return False
        return self._depth == 0 or len(self._held) > 1

    def _write_apart(self, value: Any) -> None:
        """Write a value by what a walk of its own finds, or has found."""
        going_on = self._sight.depths.get(id(value))
        if going_on is not None:  # it holds itself, through others
            self._upmost = min(self._upmost, going_on)
            self.out.append(b"^^%d;" % going_on)
            return
        found = self._take_apart(value)
        if len(self._held) == 1:
            self.is_opaque, self.items = found.is_opaque, found.items

    def write_part(self, value: Any) -> None:
        """Write a value at once, by what a walk of its own finds, wherever it is met again."""
        if self._depth == _DEEPEST:
            self._upmost, self.item_places = 0, None
            self.follow((value,))
        else:
            self._take_apart(value)

    def _take_apart(self, value: Any) -> _Found:
        found = self._sight.found.get(id(value))
        if found is None or not self._would_find(found):
            found = self._walked_apart(value)
        self._lowest = max(self._lowest, self._depth + 1 + found.height)
        self.nodes -= found.nodes
        self.size_bytes -= found.size_bytes
        self.out.append(b"@" + found.digest)
        self.is_whole &= found.is_whole
        self.has_all_parts &= found.has_all_parts
        for address in found.parts:
            self.part(address)
        return found

    def _would_find(self, found: _Found) -> bool:
        """Tell whether another walk from here would find the same for certain."""
        return (
            2 * found.nodes <= self.nodes
            and found.size_bytes <= self.size_bytes
            and self._depth + 1 + found.height < _DEEPEST
        )

    def _walked_apart(self, value: Any) -> _Found:
        walk = Walk(self.nodes, self.size_bytes, self._sight, self._depth + 1)
        walk.plans = self.plans
        self._sight.depths[id(value)] = walk._depth
        try:
            walk.run(value)
        finally:
            del self._sight.depths[id(value)]
        found = _Found(
            value,
            xxh3_128_digest(b"".join(walk.out)),
            self.nodes - walk.nodes - walk.spared,
            self.size_bytes - walk.size_bytes,
            frozenset(walk.parts),
            walk.is_whole,
            walk.is_opaque,
            walk.has_all_parts,
            walk._lowest - walk._depth,
            walk.item_places.tokens(walk.out) if walk.item_places is not None else None,
        )
        self._upmost = min(self._upmost, walk._upmost)
        if walk.is_cut:
            self.cut()
        elif walk._upmost > walk._depth:  # else it depends on what it was met in
            self._sight.found[id(value)] = found
        return found

    def follow(self, items: Sequence[Any]) -> None:
        """Look at values next, in their order; those that are waiting come after them."""
        if len(items) > self.nodes:  # it cannot be whole: a glance does as well
            self.spared += max(self.nodes - _GLANCE, 0)
            self.nodes = min(self.nodes, _GLANCE)
            items = items[: self.nodes + 1]
        self._stack.extend(reversed(items))

    def cut(self) -> None:
        """Say that a bound was met."""
        self.is_whole, self.is_cut = False, True

    def opaque(self, value: Any) -> None:
        """Write a value that cannot be looked into, by its identity."""
        self.is_opaque = len(self._held) == 1
        self.is_whole = False
        self.part(id(value))
        self.out.append(b"?%x,%x;" % (id(type(value)), id(value)))

    def constant(self, value: Any) -> None:
        """Write a value that cannot change, and is itself as long as it lives."""
        self.out.append(b"=%x;" % id(value))

    def part(self, address: int) -> None:
        """Note where something lies that can change."""
        if len(self.parts) < _MOST_PARTS:
            self.parts.add(address)
        else:
            self.has_all_parts = False

    def takes_nodes(self, count: int) -> bool:
        """Take nodes off what may be looked at; where there are not enough, the walk is cut."""
        if count > self.nodes:
            self.cut()
            return False
        self.nodes -= count
        return True

    def takes_bytes(self, count: int) -> bool:
        """Take bytes off what may be looked at; where there are not enough, the walk is cut."""
        if count > self.size_bytes:
            self.cut()
            return False
        self.size_bytes -= count
        return True

    def write_digest(self, data: Any) -> None:
        """Write the digest of bytes that are accounted for."""
        self.out.append(xxh3_128_digest(data))

    def write_memory(self, memory: Any) -> None:
        """Write the digest of a row of bytes, which can be sliced; a sample of it if it is long."""
        size_bytes = len(memory)
        if size_bytes <= self.size_bytes:
            self.size_bytes -= size_bytes
            self.out.append(xxh3_128_digest(memory))
            return
        self.cut()
        step = size_bytes // _SAMPLES
        starts = range(0, size_bytes, max(step, 1))
        parts = (xxh3_128_digest(memory[start : start + _SAMPLE_BYTES]) for start in starts)
        self.out.append(b"%d;" % size_bytes + xxh3_128_digest(b"".join(_first(parts, _SAMPLES))))


def _first(parts: Iterable[bytes], count: int) -> list[bytes]:
    return [part for _, part in zip(range(count), parts, strict=False)]


def _is_of_signal(problem: BaseException) -> bool:
    """Tell whether a signal handler raised an error, which is for the user's code."""
    handlers = {id(getattr(signal.getsignal(one), "__code__", None)) for one in signal.Signals}
    trace = problem.__traceback__
    while trace is not None:
        if id(trace.tb_frame.f_code) in handlers:
            return True
        trace = trace.tb_next
    return False


# Writers need a walk, and the walk finds them by type.
from nbmlops.capture.tokens.kinds import Plan, plan_of  # noqa: E402
