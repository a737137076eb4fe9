"""How far the numbers of two columns are apart, from their profiles alone.

======================= ===========================================================================
Kolmogorov–Smirnov      sup |F − G|: 0 alike … 1 apart. Error: the sum of both rank errors, as each
                        of F and G is off by no more than its own
Wasserstein (order 1)   ∫ |F − G| dx, in the unit of the numbers, or in standard deviations of the
                        former ones. Error: the sum of both rank errors × the joint range
======================= ===========================================================================

A rank error holds with 99 % confidence (`Distribution`). Most often the figure is much nearer.
"""

import math
from typing import TYPE_CHECKING

import numpy as np

from nbmlops.fingerprints.distances.contingency import why_no_numbers
from nbmlops.fingerprints.distances.estimates import Estimate
from nbmlops.fingerprints.profiles.distributions import points_of, shares_below, shares_up_to
from nbmlops.fingerprints.profiles.profile import ColumnProfile, Distribution

if TYPE_CHECKING:
    from numpy.typing import NDArray

    type Floats = NDArray[np.float64]


def kolmogorov_smirnov(before: ColumnProfile, after: ColumnProfile) -> Estimate:
    """Return the greatest difference between the shares of numbers up to any value."""
    if reason := why_no_numbers(before, after):
        return Estimate(None, reason=reason)
    own, its = _distribution(before), _distribution(after)
    _, differences = _differences(own, its)
    return Estimate(float(differences.max()), own.rank_error + its.rank_error)


def wasserstein(before: ColumnProfile, after: ColumnProfile) -> Estimate:
    """Return how far numbers have to be moved on average to make one column of the other."""
    if reason := why_no_numbers(before, after):
        return Estimate(None, reason=reason)
    own, its = _distribution(before), _distribution(after)
    values, differences = _differences(own, its)
    with np.errstate(over="ignore", invalid="ignore"):
        moved = float(np.sum(differences[:-1] * np.diff(values)))
    if not math.isfinite(moved):
        return Estimate(None, reason="the numbers are too far apart for float64")
    extremes = [*_extremes(before), *_extremes(after)]
    return Estimate(moved, (own.rank_error + its.rank_error) * (max(extremes) - min(extremes)))


def wasserstein_in_deviations(before: ColumnProfile, after: ColumnProfile) -> Estimate:
    """Return the Wasserstein distance in standard deviations of the former numbers."""
    moved = wasserstein(before, after)
    if moved.value is None or moved.error is None or before.numbers is None:
        return moved
    if not before.numbers.std:
        return Estimate(None, reason="the former numbers do not vary")
    return Estimate(moved.value / before.numbers.std, moved.error / before.numbers.std)


def beyond(before: ColumnProfile, after: ColumnProfile) -> Estimate:
    """Return the share of the later numbers that lie outside the range of the former ones."""
    if reason := why_no_numbers(before, after):
        return Estimate(None, reason=reason)
    its = _distribution(after)
    least, greatest = _extremes(before)
    (below,), (up_to,) = (
        shares_below(its, np.array([least])),
        shares_up_to(its, np.array([greatest])),
    )
    first, last = _extremes(after)
    ends_out = (first < least) + (last > greatest)
    return Estimate(float(below + 1 - up_to) if ends_out else 0.0, its.rank_error * ends_out)


def _differences(own: Distribution, its: Distribution) -> "tuple[Floats, Floats]":
    """Return all values in rising order, and the differences of the shares up to each."""
    values = np.union1d(points_of(own), points_of(its))
    return values, np.abs(shares_up_to(own, values) - shares_up_to(its, values))


def _distribution(profile: ColumnProfile) -> Distribution:
    assert profile.numbers is not None
    assert profile.numbers.distribution is not None
    return profile.numbers.distribution


def _extremes(profile: ColumnProfile) -> tuple[float, float]:
    numbers = profile.numbers
    assert numbers is not None
    assert numbers.minimum is not None
    assert numbers.maximum is not None
    return float(numbers.minimum), float(numbers.maximum)
