"""The distributions of two columns as bars over common intervals or categories, to be drawn.

Only profiles are needed. What bars come to is as exact as these: within the rank error of each
distribution, or what a count of frequencies may be short by.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nbmlops.canonical import Json, jsonable
from nbmlops.fingerprints.profiles.distributions import points_of, shares_below, weights_of
from nbmlops.fingerprints.profiles.frequencies import listed
from nbmlops.fingerprints.profiles.profile import ColumnProfile, Distribution, Frequencies

if TYPE_CHECKING:
    from numpy.typing import NDArray

    type Floats = NDArray[np.float64]

INTERVALS = 24
MOST_CATEGORIES = 12  # the others are one bar
_TAIL = 0.01  # share of the numbers at an end that must not decide how wide the intervals are
_FAR = 0.5  # of the width between the tails: as far the intervals reach out to the last number
_DIGITS = 5  # of shares, which are drawn some hundred pixels high


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Shares, 0 to 1, of the former and the later column.

    Attributes
    ----------
    edges : tuple of float
        Where the intervals of numbers begin, and the end of the last; the first and the last also
        hold what lies beyond. Empty for categories: of these the most frequent come first, and all
        that are not listed are the last.
    before, after : tuple of float
        One share for each interval or category.
    """

    edges: tuple[float, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]

    def to_json(self) -> Json:
        """Return it as plain JSON with stable keys."""
        return {
            "edges": [jsonable(edge) for edge in self.edges],
            "before": [*self.before],
            "after": [*self.after],
        }


def side_by_side(before: ColumnProfile, after: ColumnProfile) -> SideBySide | None:
    """Return the distributions of two columns; None where their profiles have none in common."""
    numbers = before.numbers, after.numbers
    if numbers[0] and numbers[1] and numbers[0].distribution and numbers[1].distribution:
        return _of_numbers(numbers[0].distribution, numbers[1].distribution)
    if before.frequencies and after.frequencies:
        return _of_categories(before.frequencies, after.frequencies)
    return None


def _of_numbers(before: Distribution, after: Distribution) -> SideBySide | None:
    edges = _edges((before, after))
    if edges is None:
        return None
    shares = [
        np.diff(shares_below(each, edges[1:-1]), prepend=0.0, append=1.0)
        for each in (before, after)
    ]
    return SideBySide(tuple(edges.tolist()), _rounded(shares[0]), _rounded(shares[1]))


def _edges(both: Sequence[Distribution]) -> "Floats | None":
    """Return the edges of intervals that a few numbers far away do not make too wide."""
    points = [points_of(each) for each in both]
    if not all(len(each) for each in points):
        return None
    inner = [_between_tails(each) for each in both]
    low, high = min(least for least, _ in inner), max(most for _, most in inner)
    reach = (high - low) * _FAR
    low = max(min(float(each[0]) for each in points), low - reach)
    high = min(max(float(each[-1]) for each in points), high + reach)
    if not math.isfinite(high - low):
        return None
    if not high > low:  # one value, which stands in the middle
        low, high = low - 0.5, high + 0.5
    found: Floats = np.linspace(low, high, INTERVALS + 1)
    return found if (np.diff(found) > 0).all() else None


def _between_tails(distribution: Distribution) -> tuple[float, float]:
    points, upto = points_of(distribution), np.cumsum(weights_of(distribution))
    places = np.searchsorted(upto, [_TAIL, 1 - _TAIL])
    least, most = points[np.minimum(places, len(points) - 1)]
    return float(least), float(most)


def _of_categories(before: Frequencies, after: Frequencies) -> SideBySide | None:
    if not (before.total and after.total):
        return None
    counts = [dict(zip(*map(_plain, listed(each)), strict=True)) for each in (before, after)]
    shares = [
        {name: count / each.total for name, count in counted.items()}
        for counted, each in zip(counts, (before, after), strict=True)
    ]
    names = sorted({*shares[0], *shares[1]}, key=lambda name: -_greater(shares, name))
    chosen = names[:MOST_CATEGORIES]
    bars = [[each.get(name, 0.0) for name in chosen] for each in shares]
    own, its = (np.array([*bar, max(0.0, 1 - sum(bar))]) for bar in bars)
    return SideBySide((), _rounded(own), _rounded(its))


def _plain(values: "NDArray[np.generic]") -> list[int]:
    found: list[int] = values.tolist()
    return found


def _greater(shares: Sequence[dict[int, float]], name: int) -> float:
    return max(each.get(name, 0.0) for each in shares)


def _rounded(shares: "Floats") -> tuple[float, ...]:
    return tuple(round(max(0.0, share), _DIGITS) for share in shares.tolist())
