"""How often each of many 64-bit words occurs: exactly, or of the most frequent ones.

`datasketches` has a sketch for the most frequent items, which takes 130–190 ns and the interpreter
for every item; this one takes arrays.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nbmlops.fingerprints.profiles.mixing import Words

_SLOTS_BITS = 16
_SLOT_SHIFT = np.uint64(64 - _SLOTS_BITS)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # Knuth, TAOCP 3, 6.4: Fibonacci hashing


class Tally:
    """Counts words; where there are more than ``limit`` different ones, it forgets rare ones.

    Attributes
    ----------
    words : array of uint64
        Those it has counted, in rising order.
    counts : array of int64
        How often each occurred; up to ``absent_at_most`` too small.
    absent_at_most : int
        How often a word that is not here may have occurred: 0 until words have been forgotten. It
        grows, each time that some are, by the count of the most frequent one of them.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.absent_at_most = 0
        self.words: Words = np.empty(0, np.uint64)
        self.counts: NDArray[np.int64] = np.empty(0, np.int64)
        self._slots: NDArray[np.int32] = np.zeros(1 << _SLOTS_BITS, np.int32)

    @property
    def is_over(self) -> bool:
        """Whether it holds more words than it should."""
        return len(self.words) > self.limit

    def add(self, words: "Words") -> None:
        """Count some words; it may then hold more than ``limit``, see `forget_rare`."""
        if len(self.words):
            words = self._count_known(words)
        if len(words):
            self.add_counted(*np.unique(words, return_counts=True))

    def add_counted(self, words: "Words", counts: "NDArray[Any]") -> None:
        """Count words that are in rising order, each once, with how often they occur."""
        places = np.searchsorted(self.words, words)
        if len(self.words):
            is_known = self.words[np.minimum(places, len(self.words) - 1)] == words
            self.counts[places[is_known]] += counts[is_known]
            places, words, counts = places[~is_known], words[~is_known], counts[~is_known]
        self._keep(np.insert(self.words, places, words), np.insert(self.counts, places, counts))

    def forget_rare(self) -> None:
        """Go back to the ``limit`` most frequent words."""
        if not self.is_over:
            return
        order = np.argpartition(self.counts, len(self.counts) - self.limit)
        forgotten, kept = np.split(order, [len(order) - self.limit])
        self.absent_at_most += int(self.counts[forgotten].max())
        kept.sort()
        self._keep(self.words[kept], self.counts[kept])

    def _keep(self, words: "Words", counts: "NDArray[np.int64]") -> None:
        self.words, self.counts = words, counts
        self._slots[words * _SPREAD >> _SLOT_SHIFT] = np.arange(len(words), dtype=np.int32)

    def _count_known(self, words: "Words") -> "Words":
        """Count the words that are in their slot, and return the others.

        A slot that is not in use, or in use by another word, leads to a word that is not equal.
        """
        places = self._slots[words * _SPREAD >> _SLOT_SHIFT]
        if int(places.max(initial=0)) >= len(self.words):  # slots of words since forgotten
            places[places >= len(self.words)] = 0
        is_known = self.words[places] == words
        self.counts += np.bincount(places[is_known], minlength=len(self.words))
        unknown: Words = words[~is_known]
        return unknown
