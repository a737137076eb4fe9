import numpy as np
import pandas as pd
import pytest

from nbmlops.distribution_words import changed_words
from nbmlops.fingerprints.profiles.profile import ColumnProfile
from tests.fingerprints.real_data import flights, profile, profiles


@pytest.fixture(scope="module")
def of_months():
    """The profiles of the flights of January and July."""
    by_month = flights().groupby("month")
    return [profiles(by_month.get_group(month)) for month in (1, 7)]


REAL = {
    "year": ("distribution alike",),
    "month": ("mean 1 → 7", "KS 1.00"),
    "dep_delay": ("missing 1.9 % → 3.2 %", "mean 10.04 → 21.73", "std 36.39 → 51.62", "KS 0.12"),
    "carrier": ("1 value gone", "total variation 0.02"),
    "origin": ("total variation 0.01",),
    "sched_arr_time": ("mean 1547.6 → 1520.7", "KS 0.03", "0.11 % outside 2 … 2359"),
    "dest": (
        "7 new values",
        "7 values gone",
        "total variation 0.08",
    ),
}


@pytest.mark.parametrize("name", REAL)
def test_what_changed_in_real_data(of_months, name):
    before, after = (month[name] for month in of_months)
    assert changed_words(before, after) == REAL[name]


def test_new_values_among_too_many_to_list_are_estimated(of_months):
    before, after = (month["tailnum"] for month in of_months)
    by_month = flights().groupby("month")["tailnum"]
    known, now = (set(by_month.get_group(month).dropna()) for month in (1, 7))
    said = changed_words(before, after)
    assert f"distinct {len(known)} → {len(now)}" in said
    (share,) = [float(text.split()[1]) for text in said if text.endswith("values new")]
    assert share / 100 == pytest.approx(len(now - known) / len(now), abs=0.067)


MADE = {
    "texts": (
        ["a", "b"],
        ["a", "bbbbb"],
        "1 new value, 1 value gone, total variation 0.50, mean length 1 → 3",
    ),
    "booleans": ([True, False], [True, True], "true 50 % → 100 %"),
    "days": (
        pd.to_datetime(["2013-01-01", "2013-02-01"]),
        pd.to_datetime(["2013-01-01", "2013-03-01"]),
        "2013-01-01 … 2013-02-01 → 2013-01-01 … 2013-03-01, KS 0.50",
    ),
    "an outlier": (
        np.arange(1000.0),
        np.append(np.arange(999.0), 10**6),
        "mean 499.5 → 1498.5, std 288.8 → 31,608, 0.1 % outside 0 … 999",
    ),
    "a few more missing": (
        [1.0, None] * 500,
        [1.0, None] * 499 + [None, None],
        "missing 50 % → 50.1 %",
    ),
    "nothing before": (pd.Series([None], dtype=float), [1.0], "missing 100 % → 0 %"),
    "another kind": ([1], ["a"], ""),
    "one of many": (np.arange(9000.0), np.append(np.arange(8999.0), 0.5), "distribution alike"),
}


@pytest.mark.parametrize("name", MADE)
def test_what_changed_in_made_data(name):
    before, after, expected = MADE[name]
    assert ", ".join(changed_words(profile(before), profile(after))) == expected


def test_of_columns_that_were_not_looked_at_nothing_is_said():
    assert changed_words(ColumnProfile("object", 5), ColumnProfile("object", 7)) == ()
