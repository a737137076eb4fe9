"""Random access to rows that lie in chunks, whatever their lengths."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from nbmlops.fingerprints.columns.tables import Block

type Read = Callable[[int, int], Block]
"""Gives the rows start ≤ row < stop of one chunk."""


class Stretch(NamedTuple):
    """Consecutive rows of one chunk, counted from its own first."""

    chunk: int
    start: int
    stop: int


class Chunks:
    """Chunks of some lengths; ``open_chunk`` makes what reads one, when its turn comes."""

    def __init__(self, lengths: Sequence[int], open_chunk: Callable[[int], Read]) -> None:
        self._open = open_chunk
        self._starts = list(accumulate(lengths, initial=0))
        self._reads: list[Read | None] = [None] * len(lengths)

    def stretches(self, start: int, stop: int) -> list[Stretch]:
        """Return where the rows start ≤ row < stop are; takes log(chunks) steps to the first."""
        chunk = bisect_right(self._starts, start) - 1
        first = self._starts[chunk]
        if stop <= self._starts[chunk + 1]:
            return [Stretch(chunk, start - first, stop - first)]
        return list(self._from(chunk, start, stop))

    def block(self, stretch: Stretch) -> Block:
        """Return the rows of a stretch."""
        read = self._reads[stretch.chunk]
        if read is None:
            read = self._reads[stretch.chunk] = self._open(stretch.chunk)
        return read(stretch.start, stretch.stop)

    def _from(self, chunk: int, start: int, stop: int) -> Iterator[Stretch]:
        while start < stop:
            first, end = self._starts[chunk], min(stop, self._starts[chunk + 1])
            if start < end:  # a chunk may have no rows
                yield Stretch(chunk, start - first, end - first)
            start, chunk = end, chunk + 1
