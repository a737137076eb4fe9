"""How far something has come that takes a while, told where somebody looks on.

In a terminal that is a line of tqdm's on stderr, gone in the end; in a notebook what
`show_progress_by` was given. Where nobody looks on nothing is told. What goes on is said in words
by `notices`.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

type HowFar = Callable[[int, int], None]  # how much is done, and how much there is


_MOMENT_SECONDS = 0.5  # what is done before needs no line, which would only flash


class Line(Protocol):
    """A line that says how far something is."""

    def at(self, done: int, total: int) -> None:
        """Say how much is done, of how much."""

    def end(self) -> None:
        """Say it for the last time."""


type Shower = Callable[[str, str], Line | None]

_showers: list[Shower] = []


def show_progress_by(shower: Shower | None) -> None:
    """Let progress be shown by something else than a terminal's line; None ends it.

    ``shower`` is given what goes on and what is counted, and returns a line, or None where it has
    no place for one.
    """
    _showers[:] = [shower] if shower else []


@contextmanager
def progress(what: str, unit: str) -> Iterator[HowFar]:
    """Give what is to be told how far something is: ``progress("copying", "run")``.

    Nothing is shown before it is told something for the first time.
    """
    line: Line | None = None

    def say(done: int, total: int) -> None:
        nonlocal line
        line = line or _line(what, unit)
        line.at(done, total)

    try:
        yield say
    finally:
        if line is not None:
            line.end()


def with_progress[T](
    items: Iterable[T], what: str, unit: str, clock: Callable[[], float] = time.monotonic
) -> Iterator[T]:
    """Give items one by one, and tell how many are done once it takes longer than a moment.

    ``with_progress(digests, "checking", "blob")``; ``clock`` gives seconds.
    """
    all_items = [*items]
    begins = clock() + _MOMENT_SECONDS
    with progress(what, unit) as say:
        for done, item in enumerate(all_items):
            if clock() >= begins:
                say(done, len(all_items))
            yield item
        if clock() >= begins:
            say(len(all_items), len(all_items))


def _line(what: str, unit: str) -> Line:
    for shower in _showers:
        found = shower(what, unit)
        if found is not None:
            return found
    return _TerminalLine(what, unit) if sys.stderr.isatty() else _NoLine()


class _NoLine:
    def at(self, done: int, total: int) -> None:
        pass

    def end(self) -> None:
        pass


class _TerminalLine:
    def __init__(self, what: str, unit: str) -> None:
        self._what, self._unit = what, unit
        self._bar: Any = None

    def at(self, done: int, total: int) -> None:
        if self._bar is None:
            from tqdm import tqdm

            unit = f" {self._unit}s"
            self._bar = tqdm(desc=self._what, unit=unit, total=total, file=sys.stderr, leave=False)
        self._bar.total = total
        self._bar.update(done - self._bar.n)

    def end(self) -> None:
        if self._bar is not None:
            self._bar.close()
