import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from nbmlops.fingerprints.distances.numbers import (
    beyond,
    kolmogorov_smirnov,
    wasserstein,
    wasserstein_in_deviations,
)
from tests.fingerprints.real_data import bikes, flights, penguins, profile

RNG = np.random.default_rng(0)
MADE = {
    "alike": (RNG.normal(size=150_000), RNG.normal(size=90_000)),
    "shifted": (RNG.normal(size=150_000), RNG.normal(0.1, 1, 90_000)),
    "heavy tails": (RNG.pareto(1.5, 150_000), RNG.pareto(1.3, 90_000)),
    "many and few": (RNG.normal(size=150_000), RNG.integers(-2, 3, 5000).astype(float)),
    "many and one": (RNG.normal(size=150_000), np.array([0.25])),
    "apart": (RNG.normal(size=50_000), RNG.normal(99, 1, 50_000)),
    "large integers": (RNG.integers(0, 10**12, 50_000), RNG.integers(0, 10**12, 40_000)),
}


def months(name):
    by_month = flights().groupby("month")[name]
    return [by_month.get_group(month).dropna() for month in (1, 7)]


def real():
    yield from ((f"flights {name}", lambda name=name: months(name)) for name in FLIGHTS)
    yield from ((f"penguins {name}", lambda name=name: sexes(name)) for name in PENGUINS)
    yield from ((f"bikes {name}", lambda name=name: years(name)) for name in BIKES)
    yield from ((name, lambda name=name: MADE[name]) for name in MADE)


FLIGHTS = ["dep_delay", "arr_delay", "air_time", "distance", "dep_time", "flight", "hour", "year"]
PENGUINS = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
BIKES = ["temp", "hum", "windspeed", "cnt", "registered"]


def sexes(name):
    known = penguins().dropna()
    return [known.loc[known["sex"] == sex, name] for sex in ("male", "female")]


def years(name):
    by_year = bikes().groupby(bikes()["dteday"].str[:4])[name]
    return [by_year.get_group(year) for year in ("2011", "2012")]


SAMPLES = dict(real())


@pytest.mark.parametrize("name", SAMPLES)
def test_distances_are_within_their_errors_of_the_exact_ones(name):
    before, after = map(np.asarray, SAMPLES[name]())
    one, other = profile(before), profile(after)
    found = kolmogorov_smirnov(one, other)
    exact = stats.ks_2samp(before, after, method="asymp").statistic
    print(f"{name}: KS {found.value:.4f} ± {found.error:.4f}, exact {exact:.4f}")
    assert abs(found.value - exact) <= found.error + 1e-9
    assert found.error <= 0.0067
    found, exact = wasserstein(one, other), stats.wasserstein_distance(before, after)
    print(f"{name}: Wasserstein {found.value:.4g} ± {found.error:.4g}, exact {exact:.4g}")
    assert abs(found.value - exact) <= found.error + 1e-9 * max(exact, 1)
    if before.std() > 0:
        in_deviations = wasserstein_in_deviations(one, other)
        assert in_deviations.value == pytest.approx(found.value / before.std(ddof=1), abs=1e-9)
    share = ((after < before.min()) | (after > before.max())).mean()
    outside = beyond(one, other)
    assert abs(outside.value - share) <= outside.error + 1e-9


numbers = st.lists(st.integers(-1000, 1000) | st.floats(-1e6, 1e6), min_size=1)


@given(numbers, numbers)
@example([0] * 6 + [160843.0], [0] * 5 + [0.125, 160843.0])
def test_distances_of_few_numbers_are_exact(before, after):
    one, other = profile(np.array(before, float)), profile(np.array(after, float))
    found = kolmogorov_smirnov(one, other)
    with np.errstate(all="ignore"):  # of scipy, about p-values of so few numbers
        exact = stats.ks_2samp(before, after, method="asymp").statistic
    assert found.error == 0
    assert found.value == pytest.approx(exact, abs=1e-12)
    found = wasserstein(one, other)
    assert found.error == 0
    assert found.value == pytest.approx(stats.wasserstein_distance(before, after), rel=1e-9)


NO_NUMBERS = pd.Series([None, None], dtype=float)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        pytest.param(NO_NUMBERS, [1.0], "there are no values before", id="none before"),
        pytest.param([1.0], NO_NUMBERS, "there are no values after", id="none after"),
        pytest.param(NO_NUMBERS, NO_NUMBERS, "there are no values before", id="none at all"),
        pytest.param(["a"], [1.0], "string is not a number", id="text"),
        pytest.param([1.0], ["a"], "string is not a number", id="text after"),
    ],
)
@pytest.mark.parametrize(
    "distance", [kolmogorov_smirnov, wasserstein, wasserstein_in_deviations, beyond]
)
def test_what_is_not_defined_is_none_with_the_reason(distance, before, after, reason):
    found = distance(profile(before), profile(after))
    assert (found.value, found.error, found.reason) == (None, None, reason)


def test_deviations_of_a_constant_are_not_defined():
    found = wasserstein_in_deviations(profile([2.0, 2.0]), profile([3.0]))
    assert (found.value, found.reason) == (None, "the former numbers do not vary")
    assert wasserstein(profile([2.0, 2.0]), profile([3.0])).value == 1.0


def test_numbers_too_far_apart_have_no_distance():
    found = wasserstein(profile([-1e308]), profile([1e308]))
    assert found.value is None
    assert "float64" in found.reason


@pytest.mark.parametrize(
    ("before", "after", "share"),
    [
        ([1.0, 5.0], [1.0, 3.0, 5.0], 0),
        ([1.0, 5.0], [0.5, 3.0, 5.0, 5.5], 0.5),
        ([-1.7976931348623157e308], [0.0], 1),
        ([0.0], [-1.7976931348623157e308, 0.0], 0.5),
    ],
)
def test_the_share_outside_of_the_former_range(before, after, share):
    found = beyond(profile(before), profile(after))
    assert (found.value, found.error) == (share, 0)


def test_integers_and_floats_of_the_same_values_are_alike():
    assert kolmogorov_smirnov(profile([1, 2, 3]), profile([1.0, 2.0, 3.0])).value == 0
