import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.fingerprints.distances.side_by_side import (
    INTERVALS,
    MOST_CATEGORIES,
    side_by_side,
)
from tests.fingerprints.real_data import flights, penguins, profile

RNG = np.random.default_rng(0)
ROUNDED = 2e-5 * INTERVALS
NUMBERS = {
    "penguins": (penguins()["body_mass_g"].dropna(), penguins()["flipper_length_mm"].dropna() * 20),
    "flights": (flights()["dep_delay"].dropna()[:9000], flights()["dep_delay"].dropna()[9000:]),
    "normal": (RNG.normal(size=50_000), RNG.normal(1, 2, 50_000)),
    "heavy tails": (RNG.pareto(1.1, 50_000), RNG.pareto(1.3, 50_000)),
    "few values": (np.array([1.0, 1, 2]), np.array([2.0, 3])),
}


def drawn(before, after):
    return side_by_side(profile(pd.Series(before)), profile(pd.Series(after)))


@pytest.mark.parametrize("name", NUMBERS)
def test_bars_of_numbers_are_those_of_a_histogram_with_these_edges(name):
    found = drawn(*NUMBERS[name])
    edges = np.array(found.edges)
    assert len(found.before) == len(found.after) == len(edges) - 1 == INTERVALS
    outer = np.array([-np.inf, *edges[1:-1], np.inf])
    for values, bars in zip(NUMBERS[name], (found.before, found.after), strict=True):
        counted, _ = np.histogram(values, outer)
        # Two edges, each as far from the truth as the profile's rank error.
        assert np.abs(np.array(bars) - counted / len(values)).max() < 0.025
        assert sum(bars) == pytest.approx(1, abs=ROUNDED)


def test_a_few_numbers_far_away_do_not_make_intervals_wide():
    found = drawn([*range(1000), 10**9], range(1000))
    assert found.edges[-1] < 2000
    assert sum(found.before) == pytest.approx(1, abs=ROUNDED)


@pytest.mark.parametrize("value", [0.0, -5.0, 1e9])
def test_one_value_alone_stands_in_one_bar(value):
    found = drawn([value] * 3, [value])
    assert found.edges[0] < value < found.edges[-1]
    assert max(found.before) == max(found.after) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["a"], [1.0]),
        ([], [1.0]),
        ([np.nan], [1.0]),
        ([np.inf], [1.0]),
        ([1e308, -1e308], [1.0]),
        ([5e-324, 0.0], [0.0]),
    ],
    ids=["text and numbers", "nothing", "nulls", "infinite", "too far apart", "too near"],
)
def test_what_cannot_be_drawn_side_by_side_is_not(before, after):
    found = drawn(before, after)
    assert found is None or all(np.isfinite(found.edges))


def test_categories_are_paired_the_most_frequent_first_and_the_rest_last():
    before = [*"aaaabb", *map(str, range(20))]
    after = [*"bbbb", *map(str, range(20))]
    found = drawn(before, after)
    assert found.edges == ()
    assert len(found.before) == MOST_CATEGORIES + 1
    by_share = pd.Series(before).value_counts(normalize=True)
    its = pd.Series(after).value_counts(normalize=True)
    assert found.before[:2] == pytest.approx([by_share["b"], by_share["a"]], abs=1e-4)
    assert found.after[:2] == pytest.approx([its["b"], 0], abs=1e-4)
    assert sum(found.before) == pytest.approx(1, abs=1e-3)
    assert found.after[-1] == pytest.approx(1 - sum(found.after[:-1]), abs=1e-3)


NUMBER = st.floats(-1e6, 1e6)


@given(st.lists(NUMBER, min_size=1), st.lists(NUMBER, min_size=1))
def test_shares_are_shares_whatever_the_numbers(before, after):
    found = drawn(before, after)
    if found is not None:
        for bars in (found.before, found.after):
            assert min(bars) >= 0
            assert sum(bars) == pytest.approx(1, abs=ROUNDED)
