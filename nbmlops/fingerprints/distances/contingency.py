"""How often the same categories or intervals occur in two columns, from their profiles alone.

Every count comes with the least and the greatest that it can be, so that what is computed from it
can say how wrong it may be.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nbmlops.fingerprints.profiles.distributions import points_of, shares_up_to
from nbmlops.fingerprints.profiles.frequencies import listed
from nbmlops.fingerprints.profiles.profile import ColumnProfile, Frequencies, Numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nbmlops.fingerprints.profiles.mixing import Words

    type Floats = NDArray[np.float64]

MOST_VALUES = 20  # of numbers, up to which each is a category of its own
_PARTS = 10  # that the former numbers are divided into, of equal size


class Counts(NamedTuple):
    """How often each category occurs in one column: what to go by, and the bounds of it."""

    likely: "Floats"
    least: "Floats"
    most: "Floats"

    @property
    def total(self) -> float:
        """How many values there are."""
        return float(self.likely.sum())


@dataclass(frozen=True, slots=True)
class Contingency:
    """How often each of some categories occurs in two columns; arrays of equal length."""

    before: Counts
    after: Counts


def why_none(before: ColumnProfile, after: ColumnProfile) -> str | None:
    """Return why two columns have no categories in common, or None where they have."""
    if before.numbers is not None and after.numbers is not None:
        return why_no_numbers(before, after)
    if before.frequencies is None or after.frequencies is None:
        return f"{before.type} and {after.type} have no categories in common"
    if not before.frequencies.total or not after.frequencies.total:
        return _nothing(bool(before.frequencies.total))
    if not len(_shared(before.frequencies, after.frequencies)):
        return "too many different values to say how often each occurs"
    return None


def why_no_numbers(before: ColumnProfile, after: ColumnProfile) -> str | None:
    """Return why two columns cannot be compared as numbers, or None where they can."""
    for profile in (before, after):
        if profile.numbers is None:
            return f"{profile.type} is not a number"
    if before.numbers and after.numbers and before.numbers.count and after.numbers.count:
        return None
    return _nothing(bool(before.numbers and before.numbers.count))


def _nothing(is_after: bool) -> str:
    return f"there are no values {'after' if is_after else 'before'}"


def contingency(before: ColumnProfile, after: ColumnProfile) -> Contingency:
    """Return how often the same categories occur in two columns, for which `why_none` is None.

    Text and categories: the values that are listed in both profiles, or in one and so often that
    they cannot be as frequent in the other; all others together are one more. Numbers: each value,
    where there are at most `MOST_VALUES` in all; else the intervals between the deciles of
    ``before``, and one below them where a tenth of its numbers or more are the least.
    """
    if before.frequencies is not None and after.frequencies is not None:
        return _of_frequencies(before.frequencies, after.frequencies)
    assert before.numbers is not None
    assert after.numbers is not None
    return _of_numbers(before.numbers, after.numbers)


def _of_frequencies(before: Frequencies, after: Frequencies) -> Contingency:
    shared = _shared(before, after)
    own, its = _counted(before, shared), _counted(after, shared)
    if own.most[-1] or its.most[-1]:
        return Contingency(own, its)
    return Contingency(*(Counts(*(count[:-1] for count in side)) for side in (own, its)))


def _shared(before: Frequencies, after: Frequencies) -> "Words":
    """Return the hashes of the values to compare by."""
    first, second = _surely_more(before, after), _surely_more(after, before)
    both: Words = np.intersect1d(listed(before)[0], listed(after)[0])
    return np.union1d(both, np.union1d(first, second))


def _surely_more(one: Frequencies, other: Frequencies) -> "Words":
    hashes, counts = listed(one)
    return hashes[counts * other.total > other.absent_at_most * one.total]


def _counted(frequencies: Frequencies, shared: "Words") -> Counts:
    hashes, counts = listed(frequencies)
    least, most = np.zeros(len(shared)), np.full(len(shared), float(frequencies.absent_at_most))
    places = np.searchsorted(shared, hashes)
    is_shared = np.isin(hashes, shared)
    least[places[is_shared]] = counts[is_shared]
    most[places[is_shared]] = counts[is_shared] + frequencies.short_by
    likely = (least + most) / 2
    if likely.sum() > frequencies.total:
        likely = least
    total = frequencies.total
    others = (total - likely.sum(), max(total - most.sum(), 0), total - least.sum())
    return Counts(*(np.append(*pair) for pair in zip((likely, least, most), others, strict=True)))


def _of_numbers(before: Numbers, after: Numbers) -> Contingency:
    assert before.distribution is not None
    assert after.distribution is not None
    values = np.union1d(points_of(before.distribution), points_of(after.distribution))
    is_exact = not before.distribution.rank_error and not after.distribution.rank_error
    by_value = is_exact and len(values) <= MOST_VALUES
    edges = values[:-1] if by_value else _deciles(before)
    return Contingency(_between(before, edges), _between(after, edges))


def _deciles(numbers: Numbers) -> "Floats":
    assert numbers.distribution is not None
    points = points_of(numbers.distribution)
    shares = shares_up_to(numbers.distribution, points)
    ranks = np.arange(1, _PARTS) / _PARTS
    edges = np.unique(points[np.searchsorted(shares, ranks - 1e-12)])
    if edges[0] > points[0]:
        return edges
    with np.errstate(over="ignore"):  # below the least float there is −∞
        return np.insert(edges, 0, np.nextafter(points[0], -np.inf))


def _between(numbers: Numbers, edges: "Floats") -> Counts:
    """Return how many numbers lie in the intervals that end with each edge, and above the last."""
    assert numbers.distribution is not None
    shares = np.diff(shares_up_to(numbers.distribution, edges), prepend=0, append=1)
    likely = shares * numbers.count
    if not numbers.distribution.rank_error:
        likely = np.rint(likely)
        return Counts(likely, likely, likely)
    wrong = 2 * numbers.distribution.rank_error * numbers.count
    return Counts(likely, np.maximum(likely - wrong, 0), np.minimum(likely + wrong, numbers.count))
