"""Where numbers lie: the distribution that a profile keeps, from any number of numbers.

Few different values are counted, and the distribution is exact. Many go into a KLL sketch of Apache
DataSketches (Karnin, Lang, Liberty, "Optimal quantile approximation in streams", FOCS 2016), large
enough to be ten times as accurate as what could be stored of it, and only 256 quantiles are kept.
"""

import math
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from datasketches import kll_doubles_sketch

from nbmlops.fingerprints.profiles.distinct import DistinctSketch, sketch_of
from nbmlops.fingerprints.profiles.packed_arrays import packed, unpacked
from nbmlops.fingerprints.profiles.profile import Distinct, Distribution
from nbmlops.fingerprints.profiles.tallies import Tally

if TYPE_CHECKING:
    from numpy.typing import NDArray

    type Floats = NDArray[np.float64]

COUNTED = 4096  # different values counted before the sketches take over
POINTS = 256  # half the distance between two: 0.2 % of the numbers
_LONGEST_EXACT = 2800  # characters; 256 points of any kind take no more
_SKETCH_SIZE = 2048  # KLL's k: a rank error of 0.14 % with 99 % confidence; 48 kB while it is made
_AT_ONCE = 16_384  # numbers given to the sketch in one call, which holds the interpreter: < 1 ms
_EXACT_IN_FLOAT = 2**53


class Spread:
    """Takes in finite numbers: where they lie, and how many different ones there are."""

    def __init__(self) -> None:
        self._tally: Tally | None = Tally(COUNTED)
        self._dtype: np.dtype[Any] = np.dtype(np.float64)
        self._quantiles = kll_doubles_sketch(_SKETCH_SIZE)
        self._distinct: DistinctSketch | None = None

    def add(self, numbers: "NDArray[Any]") -> None:
        """Take in some numbers: float64, int64 or uint64, always the same."""
        self._dtype = numbers.dtype
        words = numbers.view(np.uint64)
        if self._tally is not None:
            self._tally.add(words)
            if self._tally.is_over:
                self._go_over_to_sketches(self._tally)
            return
        assert self._distinct is not None
        self._distinct.add(words)
        self._add_to_quantiles(numbers)

    def _go_over_to_sketches(self, tally: Tally) -> None:
        self._tally, self._distinct = None, DistinctSketch()
        self._distinct.add(tally.words)
        values, counts = tally.words.view(self._dtype), tally.counts
        often = counts > _AT_ONCE
        for value, count in zip(values[often], counts[often].tolist(), strict=True):
            for done in range(0, count, _AT_ONCE):
                self._add_to_quantiles(np.full(min(count - done, _AT_ONCE), value))
        self._add_to_quantiles(np.repeat(values[~often], counts[~often]))

    def _add_to_quantiles(self, numbers: "NDArray[Any]") -> None:
        floats = numbers.astype(np.float64, copy=False)
        for start in range(0, len(floats), _AT_ONCE):
            self._quantiles.update(floats[start : start + _AT_ONCE])

    def distribution(self) -> Distribution | None:
        """Return where the numbers lie; None where there are none."""
        if self._tally is None:
            return self._distribution_of_quantiles()
        if not len(self._tally.words):
            return None
        points = self._tally.words.view(self._dtype)
        order = np.argsort(points)
        return exact(points[order], self._tally.counts[order])

    def _distribution_of_quantiles(self) -> Distribution:
        sketch = self._quantiles
        error = sketch.normalized_rank_error(False) if sketch.is_estimation_mode() else 0.0
        return _equal_shares(np.array(sketch.get_quantiles(_ranks().tolist(), True)), error)

    def distinct(self, distribution: Distribution | None) -> Distinct:
        """Return how many different numbers there are; ``distribution`` may list them."""
        if self._tally is None:
            assert self._distinct is not None
            return self._distinct.estimated()
        count = len(self._tally.words)
        is_listed = distribution is None or distribution.rank_error == 0
        return Distinct(count, sketch=None if is_listed else sketch_of(self._tally.words))


def exact(points: "NDArray[Any]", counts: "NDArray[np.int64]") -> Distribution:
    """Return the distribution of values in rising order that occur so often; thinned out if long.

    Integers that float64 does not tell apart are thinned out too.
    """
    floats = points.astype(np.float64)
    if points.dtype.kind == "f" or np.abs(floats).max() <= _EXACT_IN_FLOAT:
        found = Distribution(packed(floats), packed(counts), 0.0)
        if len(found.points) + len(str(found.counts)) <= _LONGEST_EXACT:
            return found
    return _thinned(floats, counts, 0.0)


def _thinned(points: "Floats", weights: "NDArray[Any]", error: float) -> Distribution:
    """Keep those of some values in rising order that are `POINTS` quantiles of equal distance."""
    cumulative = np.cumsum(weights)
    places = np.searchsorted(cumulative, _ranks() * cumulative[-1])
    return _equal_shares(points[np.minimum(places, len(points) - 1)], error)


def _equal_shares(points: "Floats", error: float) -> Distribution:
    error += 0.5 / POINTS
    return Distribution(packed(points), None, math.ceil(error * 1e5) / 1e5)


def _ranks() -> "Floats":
    return (np.arange(POINTS) + 0.5) / POINTS


def points_of(distribution: Distribution) -> "Floats":
    """Return the values of a distribution, in rising order."""
    points: Floats = unpacked(distribution.points, np.float64)
    return points


def weights_of(distribution: Distribution) -> "Floats":
    """Return which share of all each value stands for; the sum is 1."""
    if distribution.counts is None:
        return np.full(POINTS, 1 / POINTS)
    counts = unpacked(distribution.counts, np.int64)
    shares: Floats = counts / counts.sum()
    return shares


def shares_up_to(distribution: Distribution, values: "NDArray[Any]") -> "Floats":
    """Return which share of all numbers is not above each value, 0 to 1."""
    return _cumulative(distribution)[_places(distribution, values, "right")]


def shares_below(distribution: Distribution, values: "NDArray[Any]") -> "Floats":
    """Return which share of all numbers is below each value, 0 to 1."""
    return _cumulative(distribution)[_places(distribution, values, "left")]


def _cumulative(distribution: Distribution) -> "Floats":
    """Return the share up to each point, after a 0: equal ones of two distributions are equal."""
    if distribution.counts is None:
        return np.arange(POINTS + 1) / POINTS
    counts = np.cumsum(unpacked(distribution.counts, np.int64))
    shares: Floats = np.concatenate([[0], counts]) / counts[-1]
    return shares


def _places(
    distribution: Distribution, values: "NDArray[Any]", side: Literal["left", "right"]
) -> "NDArray[np.intp]":
    return np.searchsorted(points_of(distribution), values, side=side)


def merged_distributions(
    one: Distribution, other: Distribution, counts: tuple[int, int]
) -> Distribution:
    """Return the distribution of the numbers of both, of which there are so many.

    Exact where both are, and the result is short enough. Else the errors are averaged, and half
    the distance between two of the 256 points comes on top: 0.2 % for each merge.
    """
    points = np.concatenate([points_of(one), points_of(other)])
    if one.counts is not None and other.counts is not None:
        occurrences = [unpacked(part.counts, np.int64) for part in (one, other) if part.counts]
        return exact(*_summed(points, np.concatenate(occurrences)))
    shares = np.array(counts) / sum(counts)
    weights = [weights_of(one) * shares[0], weights_of(other) * shares[1]]
    error = float(np.dot(shares, [one.rank_error, other.rank_error]))
    return _thinned(*_summed(points, np.concatenate(weights)), error)


def _summed(points: "Floats", weights: "NDArray[Any]") -> "tuple[Floats, NDArray[Any]]":
    """Return each value once, in rising order, with the sum of its weights."""
    distinct, places = np.unique(points, return_inverse=True)
    total = np.zeros(len(distinct), weights.dtype)
    np.add.at(total, places, weights)
    return distinct, total
