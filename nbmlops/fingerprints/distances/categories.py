"""How far the categories of two columns are apart, from their profiles alone; numbers in intervals.

================= =================================================================================
population        Σ (p − q) ln(p / q) for p = (count + ½) / (total + ½ · categories), so that it is
stability (PSI)   defined where a category is empty. Below 0.1 is called stable, above 0.25 shifted:
                  Siddiqi, "Credit risk scorecards", 2006; Yurdakul and Naranjo, "Statistical
                  properties of the population stability index", J. Risk Model Validation 14, 2020
χ² of two samples Σ (√(M/N) a − √(N/M) b)² / (a + b) for counts a of N and b of M, which takes
                  neither for the truth: Press et al., "Numerical recipes", 14.3
total variation   ½ Σ |p − q|: 0 alike … 1 apart
Jensen–Shannon    √ of the divergence in bits: 0 alike … 1 apart. Lin, "Divergence measures based on
                  the Shannon entropy", IEEE Trans. Inf. Theory 37, 1991
================= =================================================================================

Each is a sum over the categories of `contingency`, of terms that are 0 for p = q and grow as p and
q part. So the sum lies between those of the least and the greatest terms that the bounds of the
counts allow, and the error is the distance to the farther one.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nbmlops.fingerprints.distances.contingency import Contingency, Counts, contingency, why_none
from nbmlops.fingerprints.distances.estimates import Estimate
from nbmlops.fingerprints.profiles.profile import ColumnProfile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    type Floats = NDArray[np.float64]
    type Term = Callable[[Floats, Floats], Floats]


@dataclass(frozen=True, slots=True)
class ChiSquared:
    """A χ² statistic of two samples, with what is needed to judge it.

    ``p_value`` is the greatest that the error of the statistic allows; None without scipy.
    ``cramers_v`` is the size of the effect, 0 to 1. ``least_expected`` is the smallest count to be
    expected if both columns were alike: below about 5 the p-value is not to be trusted.
    """

    statistic: Estimate
    degrees_of_freedom: int | None = None
    p_value: float | None = None
    cramers_v: float | None = None
    least_expected: float | None = None


def population_stability(before: ColumnProfile, after: ColumnProfile) -> Estimate:
    """Return the population stability index."""
    return _of_categories(before, after, lambda p, q: (p - q) * np.log(p / q), begin=0.5)


def total_variation(before: ColumnProfile, after: ColumnProfile) -> Estimate:
    """Return the share of values that would have to be another category."""
    return _of_categories(before, after, lambda p, q: np.abs(p - q) / 2)


def jensen_shannon(before: ColumnProfile, after: ColumnProfile) -> Estimate:
    """Return the Jensen–Shannon distance, the root of the divergence in bits."""
    divergence = _of_categories(before, after, _divergence)
    if divergence.value is None or divergence.error is None:
        return divergence
    value = math.sqrt(divergence.value)
    most = math.sqrt(divergence.value + divergence.error)
    least = math.sqrt(max(divergence.value - divergence.error, 0))
    return Estimate(value, max(most - value, value - least))


def _divergence(p: "Floats", q: "Floats") -> "Floats":
    mean = (p + q) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        own = np.where(p > 0, p * np.log2(p / mean), 0)
        its = np.where(q > 0, q * np.log2(q / mean), 0)
    return np.maximum((own + its) / 2, 0)


def chi_squared(before: ColumnProfile, after: ColumnProfile) -> ChiSquared:
    """Return the χ² statistic of two samples, with its significance and the size of the effect."""
    if reason := why_none(before, after):
        return ChiSquared(Estimate(None, reason=reason))
    table = contingency(before, after)
    own, its = table.before.total, table.after.total
    together = table.before.likely + table.after.likely
    filled = together[together > 0]
    if len(filled) < 2:
        return ChiSquared(Estimate(None, reason="there is only one category"))
    statistic = _sum(_chi_squared_term(own, its), table)
    return ChiSquared(
        statistic.estimate(),
        len(filled) - 1,
        _p_value(statistic.least, len(filled) - 1),
        math.sqrt(statistic.value / (own + its)),
        float(filled.min() * min(own, its) / (own + its)),
    )


def _chi_squared_term(own: float, its: float) -> "Term":
    """Return the term of a category of which these shares of two totals are."""

    def term(p: "Floats", q: "Floats") -> "Floats":
        together = own * p + its * q
        squares = own * its * np.square(p - q)
        return np.divide(squares, together, out=np.zeros_like(together), where=together > 0)

    return term


def _p_value(statistic: float, degrees_of_freedom: int) -> float | None:
    try:
        from scipy.special import chdtrc
    except ImportError:
        return None
    return float(chdtrc(degrees_of_freedom, statistic))


class _Sum(NamedTuple):
    value: float
    least: float
    most: float

    def estimate(self) -> Estimate:
        return Estimate(self.value, max(self.most - self.value, self.value - self.least, 0.0))


def _of_categories(
    before: ColumnProfile, after: ColumnProfile, term: "Term", *, begin: float = 0.0
) -> Estimate:
    if reason := why_none(before, after):
        return Estimate(None, reason=reason)
    return _sum(term, contingency(before, after), begin=begin).estimate()


def _sum(term: "Term", table: Contingency, *, begin: float = 0.0) -> _Sum:
    """Sum a term over the shares of all categories; every count begins with ``begin``.

    The term is 0 for equal shares and grows as they part, so that it is least and greatest where
    they are as near and as far as they may be.
    """
    own, its = _shares(table.before, begin), _shares(table.after, begin)
    value = float(term(own.likely, its.likely).sum())
    if_more, if_less = term(own.most, its.least), term(own.least, its.most)
    most = float(np.maximum(if_more, if_less).sum())
    least = float(np.where(own.least > its.most, if_less, 0).sum())
    least += float(np.where(its.least > own.most, if_more, 0).sum())
    return _Sum(value, least, most)


def _shares(counts: Counts, begin: float) -> Counts:
    total = counts.total + begin * len(counts.likely)
    return Counts(*((count + begin) / total for count in counts))
