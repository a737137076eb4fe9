import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.fingerprints.profiles.distributions import (
    Spread,
    merged_distributions,
    points_of,
    shares_up_to,
    weights_of,
)

RNG = np.random.default_rng(0)
LARGE = {
    "normal": RNG.normal(size=200_000),
    "heavy tail": RNG.pareto(0.7, 200_000),
    "mostly zero": np.where(RNG.random(200_000) < 0.9, 0.0, RNG.normal(size=200_000)),
    "rising": np.arange(200_000.0),
    "few at first": np.concatenate([np.tile(np.arange(50.0), 3000), RNG.normal(size=50_000)]),
    "one very often": np.concatenate([np.full(120_000, 7.5), RNG.normal(size=80_000)]),
}
finite = st.floats(allow_nan=False, allow_infinity=False)


def distribution_of(values):
    spread = Spread()
    for start in range(0, len(values), 32_768):
        spread.add(values[start : start + 32_768])
    return spread.distribution()


def farthest_share(distribution, values):
    """Return how far the shares of a distribution are from the true ones, wherever one looks."""
    values = np.sort(values)
    at = np.union1d(values, points_of(distribution))
    true = np.searchsorted(values, at, side="right") / len(values)
    return np.abs(shares_up_to(distribution, at) - true).max()


@given(st.lists(finite, min_size=1).map(np.array))
def test_few_numbers_are_kept_as_they_are(values):
    found = distribution_of(values + 0.0)
    points, counts = np.unique(values, return_counts=True)
    assert found.rank_error == 0
    assert points_of(found).tolist() == points.tolist()
    assert weights_of(found) == pytest.approx(counts / len(values))


@pytest.mark.parametrize("values", LARGE.values(), ids=LARGE)
def test_many_numbers_are_kept_to_within_the_stated_error(values):
    found = distribution_of(values)
    assert 0 < found.rank_error <= 0.0034
    assert len(found.points) + len(found.counts or "") <= 2800
    assert farthest_share(found, values) <= found.rank_error


@pytest.mark.parametrize("values", [np.arange(4000) ** 3, np.arange(3000) + 2**60])
def test_numbers_that_are_counted_but_do_not_fit_lose_no_more_than_half_a_point(values):
    found = distribution_of(values)
    assert found.rank_error == pytest.approx(0.5 / 256, abs=1e-5)
    assert farthest_share(found, values.astype(float)) <= found.rank_error


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize("other", [np.arange(20.0), LARGE["normal"] + 1])
def test_merged_distributions_are_within_their_error(name, other):
    values = LARGE[name]
    found = merged_distributions(
        distribution_of(values), distribution_of(other), (len(values), len(other))
    )
    assert found.rank_error <= 0.0034 + 0.002
    assert farthest_share(found, np.concatenate([values, other])) <= found.rank_error


@given(st.lists(st.integers(-9, 9), min_size=1), st.lists(st.integers(-9, 9), min_size=1))
def test_merged_distributions_of_few_numbers_are_exact(one, other):
    one, other = np.array(one, np.int64), np.array(other, np.int64)
    merged = merged_distributions(
        distribution_of(one), distribution_of(other), (len(one), len(other))
    )
    assert merged == distribution_of(np.concatenate([one, other]))
