"""How often the most frequent texts and categories occur, by their hashes."""

from typing import TYPE_CHECKING, Any

import numpy as np

from nbmlops.fingerprints.profiles.distinct import DistinctSketch, sketch_of
from nbmlops.fingerprints.profiles.packed_arrays import packed, unpacked
from nbmlops.fingerprints.profiles.profile import Distinct, Frequencies
from nbmlops.fingerprints.profiles.tallies import Tally

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nbmlops.fingerprints.profiles.mixing import Words

COUNTED = 4096  # different values counted while there may be more frequent ones to come
LISTED = 128  # kept in the end: 1.9 kB


class FrequencySummary:
    """Takes in hashes and says which are frequent, and how many different ones there are."""

    def __init__(self) -> None:
        self._tally = Tally(COUNTED)
        self._distinct: DistinctSketch | None = None
        self._total = 0

    def add(self, hashes: "Words") -> None:
        """Take in some hashes."""
        self._total += len(hashes)
        if self._distinct is not None:
            self._distinct.add(hashes)
        self._tally.add(hashes)
        if self._tally.is_over:
            if self._distinct is None:
                self._distinct = DistinctSketch()
                self._distinct.add(self._tally.words)
            self._tally.forget_rare()

    def frequencies(self) -> Frequencies:
        """Return the most frequent ones."""
        absent = self._tally.absent_at_most
        return most_frequent(self._tally.words, self._tally.counts, self._total, absent, absent)

    def distinct(self, frequencies: Frequencies) -> Distinct:
        """Return how many different ones; ``frequencies`` is what `frequencies` returned."""
        if self._distinct is not None:
            return self._distinct.estimated().among(frequencies.total)
        return exact_distinct(self._tally.words, frequencies)


def exact_distinct(hashes: "Words", frequencies: Frequencies) -> Distinct:
    """Return that there are so many, with a sketch where the frequencies do not list them all."""
    is_listed = frequencies.absent_at_most == 0
    return Distinct(len(hashes), sketch=None if is_listed else sketch_of(hashes))


def most_frequent(
    hashes: "Words", counts: "NDArray[Any]", total: int, short_by: int, absent_at_most: int
) -> Frequencies:
    """Return the `LISTED` most frequent values; those that a value not listed may beat are not.

    ``hashes`` are in rising order; ``short_by`` and ``absent_at_most`` are as in `Frequencies`.
    """
    is_frequent = counts > absent_at_most
    if np.count_nonzero(is_frequent) > LISTED:
        is_frequent[np.argsort(-counts, kind="stable")[LISTED:]] = False
    left_out = counts[~is_frequent]
    if len(left_out):
        absent_at_most = max(absent_at_most, int(left_out.max()) + short_by)
    return Frequencies(
        packed(hashes[is_frequent]),
        packed(counts[is_frequent].astype(np.int64)),
        total,
        short_by,
        absent_at_most,
    )


def listed(frequencies: Frequencies) -> "tuple[Words, NDArray[np.int64]]":
    """Return the hashes of the listed values, in rising order, and how often each occurs."""
    hashes = unpacked(frequencies.hashes, np.uint64)
    return hashes, unpacked(frequencies.counts, np.int64)


def merged_frequencies(one: Frequencies, other: Frequencies) -> Frequencies:
    """Return the most frequent values of both together.

    A count is short by what both may be, where a value is listed in both; where it is listed in
    one, also by how often it may occur in the other.
    """
    (own, own_counts), (its, its_counts) = listed(one), listed(other)
    hashes, places = np.unique(np.concatenate([own, its]), return_inverse=True)
    counts = np.bincount(places, np.concatenate([own_counts, its_counts]), len(hashes))
    short_by = one.short_by + other.short_by
    if len(np.setdiff1d(own, its)):
        short_by = max(short_by, one.short_by + other.absent_at_most)
    if len(np.setdiff1d(its, own)):
        short_by = max(short_by, one.absent_at_most + other.short_by)
    return most_frequent(
        hashes,
        counts.astype(np.int64),
        one.total + other.total,
        short_by,
        one.absent_at_most + other.absent_at_most,
    )
