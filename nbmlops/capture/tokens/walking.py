"""The walk through a value and all that it holds, which writes down what it meets.

Depth first, over a stack of its own. Each value writes what it is, and how many values it holds,
before these are looked at: no two values write the same. What is met a second time is written as
the place at which it was met first.
"""

import signal
from collections.abc import Iterable, Sequence
from typing import Any

from xxhash import xxh3_128_digest

from nbmlops.capture.tokens.scalars import SCALARS, scalar

_MOST_PARTS = 2_000  # 64 bytes each, in every token
_SAMPLES, _SAMPLE_BYTES = 256, 1_024  # of memory that is too much to look at


class Walk:
    """One walk; what the writers of `kinds` are given.

    Attributes
    ----------
    nodes, size_bytes : int
        What may still be looked at.
    out : list of bytes
        What was written.
    parts : set of int
        Addresses of what can change.
    is_whole, is_cut, is_opaque, has_all_parts : bool
        Whether everything was looked at; whether a bound was met; whether the value itself cannot
        be looked at; whether all parts are in ``parts``.
    """

    __slots__ = (
        "_held",
        "_places",
        "_stack",
        "has_all_parts",
        "is_cut",
        "is_opaque",
        "is_whole",
        "nodes",
        "out",
        "parts",
        "plans",
        "size_bytes",
    )

    def __init__(self, nodes: int, size_bytes: int) -> None:
        self.nodes, self.size_bytes = nodes, size_bytes
        self.out: list[bytes] = []
        self.parts: set[int] = set()
        self.plans: dict[int, Plan] = {}  # of types that may change until the next walk
        self.is_whole, self.is_cut, self.is_opaque, self.has_all_parts = True, False, False, True
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
            plan_of(self, type(value)).write(self, value)
        except Exception as problem:
            if _is_of_signal(problem):
                raise
            del self.out[written:], self._stack[waiting:]
            self.opaque(value)

    def follow(self, items: Sequence[Any]) -> None:
        """Look at values next, in their order; those that are waiting come after them."""
        if len(items) > self.nodes:
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
