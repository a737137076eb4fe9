"""An order for values that have none but lead to each other: nodes in each other's sets.

The walk names values in a circle by the order in which it meets them, and the order of a set is
that of hashes, of ids even. Here each value is described roughly, by what can be seen within some
rounds of steps away from it: every node of a graph comes to the colour that refinement of colours
[1]_ gives it after as many rounds. Where that tells some apart too little, it is done again with
each value that the walk has met known by its place.

Values of one rank need not be interchangeable, and which of them comes first may show: then the
walk says of their set no more than their ranks, and that they are not looked at as a whole.

References
----------
.. [1] B. Weisfeiler and A. Leman, "The reduction of a graph to canonical form and the algebra which
       appears therein", 1968.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from nbmlops.canonical import class_name
from nbmlops.fingerprints.base import PAUSE, Child, Described, Mode, Steps, Unordered
from nbmlops.fingerprints.deadline import Deadline
from nbmlops.fingerprints.hashing import joined, joined_sorted, text
from nbmlops.fingerprints.registry import adapter_of

_ROUNDS = (1, 2, 4, 8, 16, 32)

type Place = Callable[[Any], int | None]
"""Gives how many values ago one was met that is not complete; None for any other."""


class Ranked(NamedTuple):
    """A value with its rank: what it roughly is."""

    rank: bytes
    value: Any


class Ranks:
    """What values roughly are, remembered for each number of rounds."""

    def __init__(self, mode: Mode, deadline: Deadline) -> None:
        self._looks = _Looks(mode, deadline)

    def in_order(self, values: Sequence[Any], place: Place) -> list[Ranked]:
        """Return the values by rank, which depends on nothing but them and what they hold."""
        ranked = self._looks.in_order(values)
        if any(tied(ranked)):
            ranked = self._looks.with_places(place).in_order(values)
        return ranked


def tied(ranked: Sequence[Ranked]) -> list[list[Any]]:
    """Return the values that share their ranks with others, those of one rank together."""
    groups = (list(group) for _, group in groupby(ranked, key=itemgetter(0)))
    return [[each.value for each in group] for group in groups if len(group) > 1]


class _Looks:
    def __init__(self, mode: Mode, deadline: Deadline, place: Place = lambda _value: None) -> None:
        self._mode: Mode = mode
        self._deadline = deadline
        self._place = place
        # By the ids of values, which are kept with them: ids stay. Without a number of rounds those
        # that hold no others, which look the same from any distance: an array is hashed once.
        self._rough: dict[tuple[int, int | None], Ranked] = {}

    def with_places(self, place: Place) -> "_Looks":
        return _Looks(self._mode, self._deadline, place)

    def in_order(self, values: Sequence[Any]) -> list[Ranked]:
        ranks: list[bytes] = []
        for rounds in _ROUNDS:
            ranks = [self._seen(value, rounds) for value in values]
            if len(set(ranks)) == len(values):
                break
        return sorted(map(Ranked, ranks, values), key=itemgetter(0))

    def _seen(self, value: Any, rounds: int) -> bytes:
        if type(value) is Unordered:
            return joined_sorted("bag", [self._seen(one, rounds) for one in value.values])
        place = self._place(value)
        if place is not None:
            return joined("met", place.to_bytes(8, "little"))
        for key in ((id(value), None), (id(value), rounds)):
            if key in self._rough:
                return self._rough[key].rank
        self._deadline.check()
        if not rounds:
            return self._remembered(value, rounds, text(class_name(value)))
        return self._looked_at(value, rounds)

    def _remembered(self, value: Any, rounds: int | None, rank: bytes) -> bytes:
        self._rough[id(value), rounds] = Ranked(rank, value)
        return rank

    def _looked_at(self, value: Any, rounds: int) -> bytes:
        steps = self._answer(lambda: adapter_of(type(value))(value, self._mode), value)
        if isinstance(steps, Described):
            return self._remembered(value, None, steps.digest)
        answer, holds_others = None, False
        while True:
            child = self._answer(partial(_stepped, steps, answer), value)
            if isinstance(child, Described):
                return self._remembered(value, rounds if holds_others else None, child.digest)
            holds_others = holds_others or child is not PAUSE
            answer = b"" if child is PAUSE else self._seen(child.value, rounds - 1)

    def _answer[T](self, ask: Callable[[], T], value: Any) -> T | Described:
        """Ask an adapter; the value is opaque where that fails."""
        try:
            return ask()
        except Exception:  # noqa: BLE001, values of others raise what they like
            return Described("opaque", joined("opaque", text(class_name(value))))


def _stepped(steps: Steps, answer: bytes | None) -> Child | Described:
    try:
        return next(steps) if answer is None else steps.send(answer)
    except StopIteration as end:
        found: Described = end.value
        return found
