"""How far two columns are apart, from their profiles alone, in every way that there is.

Every figure says how wrong it may be: `numbers` and `categories` define them and
their errors. What is not defined is None, with the reason, and never 0.
"""

from dataclasses import asdict, dataclass
from typing import Any

from nbmlops.fingerprints.distances.categories import (
    ChiSquared,
    chi_squared,
    jensen_shannon,
    population_stability,
    total_variation,
)
from nbmlops.fingerprints.distances.estimates import Estimate
from nbmlops.fingerprints.distances.numbers import (
    beyond,
    kolmogorov_smirnov,
    wasserstein,
    wasserstein_in_deviations,
)
from nbmlops.fingerprints.profiles.profile import ColumnProfile


@dataclass(frozen=True, slots=True)
class Distances:
    """Everything that can be said of two columns; see the top of this module.

    ``beyond`` is the share of the later numbers outside the range of the former ones, ``left`` that
    of the former ones outside the range of the later ones. ``null_share`` is the later share of
    nulls less the former one, −1 to 1.
    """

    kolmogorov_smirnov: Estimate
    wasserstein: Estimate
    wasserstein_in_deviations: Estimate
    population_stability: Estimate
    chi_squared: ChiSquared
    total_variation: Estimate
    jensen_shannon: Estimate
    null_share: Estimate
    beyond: Estimate
    left: Estimate

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data: value, error and reason of each."""
        return asdict(self)


def distances(before: ColumnProfile, after: ColumnProfile) -> Distances:
    """Return how far two columns are apart, in every way that there is."""
    return Distances(
        kolmogorov_smirnov(before, after),
        wasserstein(before, after),
        wasserstein_in_deviations(before, after),
        population_stability(before, after),
        chi_squared(before, after),
        total_variation(before, after),
        jensen_shannon(before, after),
        null_share_change(before, after),
        beyond(before, after),
        beyond(after, before),
    )


def null_share_change(before: ColumnProfile, after: ColumnProfile) -> Estimate:
    """Return the later share of rows without a value, less the former one; exact."""
    own, its = before.null_share, after.null_share
    if own is None or its is None:
        return Estimate(None, reason="there are no rows, or they were not looked at")
    return Estimate(its - own, 0.0)
