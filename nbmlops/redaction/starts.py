"""Finds at which places of a long text or of bytes any of very many short ones begins."""

from collections.abc import Hashable, Iterator
from typing import Protocol, Self

# Up to so many are looked for one by one; from here on it takes less to go over the text once
# (both measured on texts of 800 signs and of a million).
_FEW = 400


class _Text(Hashable, Protocol):
    """What `str` and `bytes` have in common."""

    def __len__(self) -> int: ...
    def __getitem__(self, part: slice, /) -> Self: ...
    def find(self, text: Self, begin: int = ..., /) -> int: ...
    def startswith(self, text: Self, begin: int = ..., /) -> bool: ...


class Starts[Text: _Text, What: Hashable]:
    """Short texts of at least `size` signs, and what each stands for.

    May be asked while another thread adds.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._by_start: dict[Text, tuple[tuple[Text, What], ...]] = {}
        self._all: dict[tuple[Text, What], None] = {}

    def add(self, text: Text, what: What) -> None:
        """Find a text from now on."""
        start = text[: self._size]
        self._by_start[start] = (*self._by_start.get(start, ()), (text, what))
        self._all[text, what] = None

    def drop(self, text: Text, what: What) -> None:
        """Find a text no more."""
        start = text[: self._size]
        left = tuple(each for each in self._by_start.get(start, ()) if each != (text, what))
        self._by_start[start] = left
        self._all.pop((text, what), None)

    def places_in(self, whole: Text) -> Iterator[tuple[int, What]]:
        """Give every place where one of the texts stands, and what that stands for."""
        return self._one_by_one(whole) if len(self._all) <= _FEW else self._at_once(whole)

    def _one_by_one(self, whole: Text) -> Iterator[tuple[int, What]]:
        for text, what in [*self._all]:
            at = whole.find(text)
            while at >= 0:
                yield at, what
                at = whole.find(text, at + 1)

    def _at_once(self, whole: Text) -> Iterator[tuple[int, What]]:
        size, by_start = self._size, self._by_start
        for at in range(len(whole) - size + 1):
            for text, what in by_start.get(whole[at : at + size], ()):
                if whole.startswith(text, at):
                    yield at, what
