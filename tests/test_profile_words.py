import pytest

from nbmlops.fingerprints.profiles.profile import Numbers
from nbmlops.profile_words import shown, shown_range

DAY = 86_400 * 10**6


@pytest.mark.parametrize(
    ("value", "type", "expected"),
    [
        (12.639, "float64", "12.64"),
        (336_776, "int64", "336,776"),
        (15_706 * DAY, "timestamp[]", "2013-01-01"),
        (15_706 * DAY + 5 * 3600 * 10**6, "timestamp[tz=UTC]", "2013-01-01 05:00 UTC"),
        (15_706 * DAY + 1, "timestamp[]", "2013-01-01 00:00:00.000001"),
        (15_706 * DAY + 7 * 10**6, "timestamp[tz=Europe/Berlin]", "2013-01-01 00:00:07 UTC"),
        (-DAY, "timestamp[]", "1969-12-31"),
        (1_000, "timestamp[]/s", "1970-01-01 00:16:40"),
        (1_000, "timestamp[tz=UTC]/ms", "1970-01-01 00:00:01 UTC"),
        (10**18, "timestamp[]/s", "1,000,000,000,000,000,000 (timestamp/s)"),
        (0, "date", "1970-01-01"),
        (10**9, "date", "1,000,000,000 (date)"),
        (3_600 * 10**9, "time", "01:00"),
        (5_400 * 10**6, "duration", "1:30:00"),
        (90_000, "duration/ms", "0:01:30"),
        (528, "period[M]", "528"),
    ],
)
def test_values_are_shown_as_what_they_stand_for(value, type, expected):
    assert shown(value, type) == expected


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        pytest.param(Numbers(2, 0, 1, 5, 3, 1, None, positive_infinite=3), "1 … ∞", id="above"),
        pytest.param(Numbers(2, 0, 1, 5, 3, 1, None, negative_infinite=3), "−∞ … 5", id="below"),
        pytest.param(
            Numbers(0, 0, None, None, None, None, None, positive_infinite=1), "∞ … ∞", id="all"
        ),
    ],
)
def test_infinities_are_the_ends_of_a_range(numbers, expected):
    assert shown_range(numbers, "float64") == expected


@pytest.mark.parametrize(
    ("least", "greatest", "expected"),
    [(0, 31, "1970-01-01 … 1970-02-01"), (None, None, "? … ?")],
)
def test_a_range_has_both_ends(least, greatest, expected):
    assert shown_range(Numbers(2, 0, least, greatest, None, None, None), "date") == expected
