import pytest

from nbmlops.fingerprints.profiles.profile import Numbers
from nbmlops.tracking.column_words import minimum_mean_maximum_std, spread


@pytest.mark.parametrize(
    ("type_", "value", "text"),
    [
        pytest.param("float64", 12.639, "12.64", id="number"),
        pytest.param("timestamp[]", 90_000_400, "0:01:30", id="instants, to the second"),
        pytest.param("timestamp[tz=Europe/Paris]", 3_600e6, "1:00:00", id="zone with a slash"),
        pytest.param("timestamp[tz=Europe/Paris]/s", 60, "0:01:00", id="far instants of a zone"),
        pytest.param("timestamp[]/ms", 86_400_000.0, "1 day, 0:00:00", id="far instants"),
        pytest.param("date", 2, "2 days, 0:00:00", id="dates"),
        pytest.param("duration", 90e6, "0:01:30", id="durations"),
        pytest.param("time", 3_600e9, "1:00:00", id="times of day"),
        pytest.param("period[M]", 516, "516", id="periods"),
    ],
)
def test_difference_of_instants_is_a_duration(type_, value, text):
    assert spread(value, type_) == text


def test_what_is_not_known_is_empty():
    nothing = Numbers(0, 0, None, None, None, None, None)
    assert minimum_mean_maximum_std("int64", nothing) == ["", "", "", ""]
    one = Numbers(1, 0, 2, 2, 2.0, None, None)
    assert minimum_mean_maximum_std("int64", one) == ["2", "2", "2", ""]
    days = Numbers(2, 0, 0, 2, 1.0, 1.0, None)
    assert minimum_mean_maximum_std("date", days) == [
        "1970-01-01", "1970-01-02", "1970-01-03", "1 day, 0:00:00",
    ]  # fmt: skip
