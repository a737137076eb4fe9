import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.errors import ProfilesDiffer
from nbmlops.fingerprints.profiles.distributions import points_of, shares_up_to
from nbmlops.fingerprints.profiles.frequencies import listed
from nbmlops.fingerprints.profiles.merging import merged
from nbmlops.fingerprints.profiles.mixing import mixed
from nbmlops.fingerprints.profiles.profile import ColumnProfile
from tests.fingerprints.real_data import flights, profile, profiles

integers = st.lists(st.none() | st.integers(-50, 50))
texts = st.lists(st.none() | st.sampled_from(["a", "b", "", "ä"]))


def assert_close(found, expected):
    """Everything that can be known exactly is; mean and deviation are to rounding."""
    assert (found.count, found.nulls, found.type) == (expected.count, expected.nulls, expected.type)
    assert found.distinct == expected.distinct
    assert found.frequencies == expected.frequencies
    for one, other in ((found.numbers, expected.numbers), (found.lengths, expected.lengths)):
        if other is not None:
            assert one.mean == pytest.approx(other.mean, abs=1e-9)
            assert one.std == pytest.approx(other.std, abs=1e-9)
            assert one.distribution == other.distribution
            assert (one.minimum, one.maximum) == (other.minimum, other.maximum)
            assert (one.count, one.zeros, one.nan) == (other.count, other.zeros, other.nan)


@given(integers, integers)
def test_numbers_merge_to_the_profile_of_all(one, other):
    one, other = (pd.Series(values, dtype="Int64") for values in (one, other))
    whole = pd.concat([one, other], ignore_index=True)
    assert_close(merged(profile(one), profile(other)), profile(whole))


@given(texts, texts)
def test_texts_merge_to_the_profile_of_all(one, other):
    one, other = (pd.Series(values, dtype="string") for values in (one, other))
    whole = pd.concat([one, other], ignore_index=True)
    assert_close(merged(profile(one), profile(other)), profile(whole))


@pytest.fixture(scope="module")
def of_months():
    """The profiles of the flights of each month, merged one after the other."""
    months = [profiles(month) for _, month in flights().groupby("month")]
    whole = months[0]
    for month in months[1:]:
        whole = {name: merged(whole[name], month[name]) for name in whole}
    return whole


@pytest.mark.parametrize("name", ["dep_delay", "air_time", "distance", "dep_time", "hour", "dest"])
def test_twelve_months_merge_to_the_year(of_months, name):
    assert_close(of_months[name], profile(flights()[name]))


@pytest.mark.parametrize("name", ["flight", "tailnum", "time_hour"])
def test_estimates_of_merged_months_are_within_their_errors(of_months, name):
    made, column = of_months[name], flights()[name].dropna()
    assert made.nulls == flights()[name].isna().sum()
    assert made.distinct.sketch is not None
    assert abs(made.distinct.estimate - column.nunique()) <= made.distinct.error * column.nunique()
    if made.numbers is not None:
        assert_shares_within_error(made, np.sort(column.to_numpy()))
    else:
        assert_counts_within_bounds(made, column)


def assert_shares_within_error(made, values):
    at = np.union1d(values, points_of(made.numbers.distribution))
    true = np.searchsorted(values, at, side="right") / len(values)
    error = np.abs(shares_up_to(made.numbers.distribution, at) - true).max()
    assert error <= made.numbers.distribution.rank_error <= 12 * 0.002


def assert_counts_within_bounds(made, column):
    counted = dict(column.value_counts())
    hashes = dict(zip(*(part.tolist() for part in listed(made.frequencies)), strict=True))
    names = [*counted]  # the most frequent first
    for name in names[:200] + names[200::10]:
        (word,) = listed(profile([name]).frequencies)[0].tolist()
        if word in hashes:
            short = counted[name] - hashes[word]
            assert 0 <= short <= made.frequencies.short_by
        else:
            assert counted[name] <= made.frequencies.absent_at_most


def test_large_columns_merge_within_their_errors():
    rng = np.random.default_rng(0)
    parts = [rng.normal(place, 1, 100_000) for place in range(3)]
    first, second, third = map(profile, parts)
    whole = merged(merged(first, second), third)
    assert_shares_within_error(whole, np.sort(np.concatenate(parts)))
    assert whole.distinct.estimate == pytest.approx(300_000, rel=whole.distinct.error)


def test_what_can_no_longer_be_listed_can_still_be_merged():
    one, other, third = ([f"{part}{number}" for number in range(100)] for part in "abc")
    both = merged(profile(one), profile(other))
    assert (both.distinct.estimate, both.distinct.error) == (200, 0)
    found = merged(both, profile(third)).distinct
    assert abs(found.estimate - 300) <= found.error * 300
    assert merged(profile(one), profile(one)).distinct == profile(one).distinct


def test_an_empty_part_changes_nothing():
    whole, nothing = profile([1.5, 2.0]), profile(pd.Series([], dtype=float))
    assert_close(merged(whole, nothing), whole)
    assert_close(merged(nothing, whole), whole)


def test_what_was_not_looked_at_stays_so():
    known, unknown = ColumnProfile("int64", 3, 0), ColumnProfile("int64", 2, reason="wide")
    found = merged(known, unknown)
    assert (found.count, found.nulls, found.reason) == (5, None, "wide")


def test_profiles_of_different_types_are_refused():
    with pytest.raises(ProfilesDiffer, match="int64 and one of float64"):
        merged(profile([1]), profile([1.0]))


def test_mixed_is_one_to_one():
    words = np.arange(100_000, dtype=np.uint64)
    assert len(np.unique(mixed(words))) == len(words)
