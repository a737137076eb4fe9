"""An order for values that have none but lead to each other: nodes in each other's sets.

The walk names values in a circle by the order in which it meets them, and the order of a set is
that of hashes, of ids even. Here each value is described roughly, by what can be seen within some
rounds of steps away from it: every node of a graph comes to the colour that refinement of colours
[1]_ gives it after as many rounds. Values that no number of rounds tells apart are, but for graphs
made for that, interchangeable.

References
----------
.. [1] B. Weisfeiler and A. Leman, "The reduction of a graph to canonical form and the algebra which
       appears therein", 1968.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from nbmlops.canonical import class_name
from nbmlops.fingerprints.base import PAUSE, Child, Described, Mode, Steps, Unordered
from nbmlops.fingerprints.hashing import joined, joined_sorted, text
from nbmlops.fingerprints.registry import adapter_of

_ROUNDS = (1, 2, 4, 8, 16, 32)


class Ranks:
    """What values roughly are, remembered for each number of rounds."""

    def __init__(self, mode: Mode, look_at_clock: Callable[[], None]) -> None:
        self._mode: Mode = mode
        self._look_at_clock = look_at_clock
        self._rough: dict[tuple[int, int], tuple[Any, bytes]] = {}  # with the value: ids stay

    def in_order(self, values: Sequence[Any]) -> list[Any]:
        """Return the values in an order that depends on nothing but them and what they hold."""
        ranks: list[bytes] = []
        for rounds in _ROUNDS:
            ranks = [self._seen(value, rounds) for value in values]
            if len(set(ranks)) == len(values):
                break
        ranked = sorted(zip(ranks, values, strict=True), key=lambda pair: pair[0])
        return [value for _, value in ranked]

    def _seen(self, value: Any, rounds: int) -> bytes:
        if type(value) is Unordered:
            return joined_sorted("bag", [self._seen(one, rounds) for one in value.values])
        key = id(value), rounds
        if key not in self._rough:
            self._look_at_clock()
            digest = text(class_name(value)) if not rounds else self._looked_at(value, rounds)
            self._rough[key] = value, digest
        return self._rough[key][1]

    def _looked_at(self, value: Any, rounds: int) -> bytes:
        steps = self._answer(lambda: adapter_of(type(value))(value, self._mode), value)
        if isinstance(steps, Described):
            return steps.digest
        answer: bytes | None = None
        while True:
            child = self._answer(partial(_stepped, steps, answer), value)
            if isinstance(child, Described):
                return child.digest
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
