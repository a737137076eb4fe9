import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.distance import jensenshannon

from nbmlops.fingerprints.distances.categories import (
    chi_squared,
    jensen_shannon,
    population_stability,
    total_variation,
)
from nbmlops.fingerprints.profiles.distributions import points_of
from tests.fingerprints.real_data import bikes, flights, penguins, profile

RNG = np.random.default_rng(0)
SHARES = [population_stability, total_variation, jensen_shannon]


def months(name):
    by_month = flights().groupby("month")[name]
    return [by_month.get_group(month).dropna().to_numpy() for month in (1, 7)]


def islands(name):
    known = penguins().dropna()
    return [known.loc[known["island"] == island, name] for island in ("Biscoe", "Dream")]


def years(name):
    by_year = bikes().groupby(bikes()["dteday"].str[:4])[name]
    return [by_year.get_group(year).dropna().to_numpy() for year in ("2011", "2012")]


def exact(before, after):
    """Return PSI, χ², total variation and Jensen–Shannon of two rows of counts."""
    counts = np.array([before, after], float)
    starting = counts + 0.5
    p, q = starting / starting.sum(axis=1, keepdims=True)
    psi = ((p - q) * np.log(p / q)).sum()
    filled = counts[:, counts.sum(axis=0) > 0]
    chi = stats.chi2_contingency(filled, correction=False)
    p, q = counts / counts.sum(axis=1, keepdims=True)
    return psi, chi, np.abs(p - q).sum() / 2, jensenshannon(p, q, base=2)


def assert_close(before, after, counts):
    """The measures of two profiles are those of the counts, to within their errors."""
    psi, chi, variation, divergence = exact(*counts)
    for measure, true in zip(SHARES, (psi, variation, divergence), strict=True):
        found = measure(before, after)
        print(f"{measure.__name__}: {found.value:.4f} ± {found.error:.4f}, exact {true:.4f}")
        assert abs(found.value - true) <= found.error + 1e-7
    found = chi_squared(before, after)
    print(f"χ²: {found.statistic.value:.1f} ± {found.statistic.error:.1f}, exact {chi[0]:.1f}")
    assert abs(found.statistic.value - chi[0]) <= found.statistic.error + 1e-6
    assert found.degrees_of_freedom == chi[2]
    if found.statistic.error < 1e-6:
        assert found.p_value == pytest.approx(chi[1], rel=1e-6)
        assert found.least_expected == pytest.approx(chi[3].min())
        assert found.cramers_v == pytest.approx(np.sqrt(chi[0] / np.sum(counts)))
    return found


def crossed(before, after):
    """Return how often each value occurs in two samples."""
    values = sorted({*before, *after})
    return [
        pd.Series(sample).value_counts().reindex(values, fill_value=0) for sample in (before, after)
    ]


CATEGORIES = {
    **{f"flights {name}": lambda name=name: months(name) for name in ("carrier", "origin", "dest")},
    **{f"penguins {name}": lambda name=name: islands(name) for name in ("species", "sex")},
    "bikes weather": lambda: years("weathersit"),
    "flights month": lambda: months("month"),
    "flights hour": lambda: months("hour"),
    "one of two": lambda: (["a", "b"], ["a"]),
    "disjoint": lambda: (["a", "b"], ["c"]),
    "booleans": lambda: ([True, False, False], [True, True]),
}


@pytest.mark.parametrize("name", CATEGORIES)
def test_categories_and_few_numbers_are_compared_exactly(name):
    before, after = CATEGORIES[name]()
    one, other = profile(pd.Series(before)), profile(pd.Series(after))
    found = assert_close(one, other, crossed(before, after))
    assert found.statistic.error == pytest.approx(0, abs=1e-6)


NUMBERS = {
    **{f"flights {name}": lambda name=name: months(name) for name in ("dep_delay", "air_time")},
    "flights flight": lambda: months("flight"),
    **{f"bikes {name}": lambda name=name: years(name) for name in ("temp", "cnt")},
    "shifted": lambda: (RNG.normal(size=150_000), RNG.normal(0.1, 1, 90_000)),
    "mostly zero": lambda: (
        np.where(RNG.random(50_000) < 0.3, 0, RNG.exponential(size=50_000)),
        np.where(RNG.random(50_000) < 0.2, -1, RNG.exponential(size=50_000)),
    ),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_are_compared_between_deciles(name):
    before, after = NUMBERS[name]()
    one = profile(before)
    edges = deciles(one, before)
    counts = [
        np.bincount(np.searchsorted(edges, sample), minlength=len(edges) + 1)
        for sample in (before, after)
    ]
    assert_close(one, profile(after), counts)


def deciles(profile, values):
    """Return the tenths of the points of a profile, and one just below where the first is least."""
    distribution = profile.numbers.distribution
    known = np.sort(values) if distribution.rank_error == 0 else points_of(distribution)
    edges = np.unique(np.quantile(known, np.arange(1, 10) / 10, method="inverted_cdf"))
    return edges if edges[0] > known[0] else np.insert(edges, 0, np.nextafter(known[0], -np.inf))


letters = st.lists(st.sampled_from("abcdef"), min_size=1)


@given(letters, letters)
def test_letters_are_compared_exactly(before, after):
    one, other = profile(before), profile(after)
    if len({*before, *after}) == 1:
        assert chi_squared(one, other).statistic.reason == "there is only one category"
    else:
        assert_close(one, other, crossed(before, after))


def many_texts(seed, count):
    rng = np.random.default_rng(seed)
    often = rng.choice(["x", "y", "z"], count // 3)
    return [*often.tolist(), *(f"user-{n}" for n in rng.integers(0, 60_000, count - len(often)))]


def test_many_texts_are_compared_by_the_frequent_ones():
    before, after = many_texts(1, 90_000), many_texts(2, 70_000)
    after = ["y" if text == "x" else text for text in after]
    one, other = profile(before), profile(after)
    assert one.frequencies.absent_at_most > 0
    counts = [
        [sample.count("x"), sample.count("y"), sample.count("z"), sum(len(t) > 1 for t in sample)]
        for sample in (before, after)
    ]
    assert_close(one, other, counts)


def test_texts_that_are_all_different_cannot_be_compared():
    one = profile([f"user-{number}" for number in range(20_000)])
    other = profile([f"user-{number}" for number in range(5000, 25_000)])
    for measure in SHARES:
        assert "too many different values" in measure(one, other).reason


def test_texts_compared_with_themselves_are_alike_and_their_error_is_known():
    before, after = months("tailnum")
    one, other = profile(before), profile(after)
    found = total_variation(one, other)
    assert 0 < found.error < 0.1
    assert total_variation(one, one).value == 0


NOTHING = pd.Series([None], dtype="str")


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        pytest.param(NOTHING, ["a"], "there are no values before", id="none before"),
        pytest.param(["a"], NOTHING, "there are no values after", id="none after"),
        pytest.param(
            pd.Series([None], dtype=float), [1.0], "there are no values before", id="null"
        ),
        pytest.param(["a"], [1], "string and int64 have no categories in common", id="kinds"),
    ],
)
def test_what_is_not_defined_is_none_with_the_reason(before, after, reason):
    one, other = profile(before), profile(after)
    for measure in SHARES:
        found = measure(one, other)
        assert (found.value, found.error, found.reason) == (None, None, reason)
    assert chi_squared(one, other).statistic.reason == reason
    assert chi_squared(one, other).p_value is None


@pytest.mark.parametrize("values", [["a", "a"], [3.5, 3.5], [True]])
def test_one_category_has_distances_but_no_chi_squared(values):
    one = profile(values)
    assert [measure(one, one).value for measure in SHARES] == [0, 0, 0]
    found = chi_squared(one, one)
    assert (found.statistic.value, found.statistic.reason) == (None, "there is only one category")


@pytest.mark.parametrize("moved", [-1.0, 1.0])
def test_a_constant_that_moves_is_seen(moved):
    constant, other = (
        np.full(5000, 7.0),
        np.concatenate([np.full(4000, 7.0 + moved), RNG.normal(7, 9, 1000)]),
    )
    assert population_stability(profile(constant), profile(other)).value > 1
    assert total_variation(profile(constant), profile(other)).value > 0.9


def test_intervals_reach_from_the_least_float_to_the_greatest():
    least = profile(np.append(np.full(50, -1.7976931348623157e308), np.arange(50.0)))
    assert total_variation(least, least).value == 0


def test_a_p_value_needs_scipy(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.special", None)
    found = chi_squared(profile(["a", "b"]), profile(["a", "a"]))
    assert found.p_value is None
    assert found.statistic.value == pytest.approx(4 / 3)
