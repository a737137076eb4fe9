import time
from datetime import datetime

import pytest

from nbmlops.query.moments import Stretch, seconds, stretch

HOUR, DAY = 3600.0, 86_400.0
NOW = datetime(2026, 11, 21, 15, 30, 20).timestamp()


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Kolkata"], autouse=True)
def zone(request, monkeypatch):
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def local(*parts):
    return datetime(*parts).timestamp()


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("2026-11-20", (2026, 11, 20), (2026, 11, 21)),
        ("20261120", (2026, 11, 20), (2026, 11, 21)),
        ("2026-12", (2026, 12, 1), (2027, 1, 1)),
        ("2026-11-20 14:30", (2026, 11, 20, 14, 30), (2026, 11, 20, 14, 31)),
        ("2026-11-20T14:30:05", (2026, 11, 20, 14, 30, 5), (2026, 11, 20, 14, 30, 6)),
        (" 2026-11-20 14:30:05.5 ", (2026, 11, 20, 14, 30, 5, 500_000), None),
        ("Today", (2026, 11, 21), (2026, 11, 22)),
        ("yesterday", (2026, 11, 20), (2026, 11, 21)),
        ("2026-03-08", (2026, 3, 8), (2026, 3, 9)),  # a day of 23 hours in New York
    ],
)
def test_time_stands_for_all_that_it_names_where_one_is(text, begin, end):
    now = local(2026, 11, 21, 15, 30, 20)
    assert stretch(text, now) == Stretch(local(*begin), local(*(end or begin)))


@pytest.mark.parametrize(
    ("text", "before"),
    [("now", 0), ("2 days ago", 2 * DAY), ("1.5 h ago", 1.5 * HOUR), ("1 week ago", 7 * DAY),
     ("90 min ago", 1.5 * HOUR), ("1 day, 2 hours ago", DAY + 2 * HOUR), ("1 MONTH ago", 30 * DAY)],
)  # fmt: skip
def test_time_ago_is_an_instant(text, before):
    assert stretch(text, NOW) == Stretch(NOW - before, NOW - before)


def test_time_with_a_zone_is_of_that_zone():
    assert stretch("1970-01-01T01:00+01:00", NOW) == Stretch(0.0, 60.0)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "ago", "2 ago", "2 moons ago", "2026-13-01", "14:30", "days ago", "-1 day ago"],
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        stretch(text, NOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("90 s", 90), ("5 minutes", 300), ("1 h 30 min", 5400), ("1 hour and 2 seconds", 3602),
     ("0.5days", 43_200), ("1 ms", 1e-3), ("250ms", 0.25), ("10 milliseconds", 0.01),
     ("20 msecs", 0.02), ("5 us", 5e-6), ("5 µs", 5e-6), ("5 \N{GREEK SMALL LETTER MU}s", 5e-6),
     ("1 s 500 ms", 1.5), ("2 m", 120), ("2 mins", 120)],
)  # fmt: skip
def test_duration_has_seconds(text, expected):
    assert seconds(text) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    "text",
    ["", "5", "minutes", "5 minutes x", "5 parsecs", "5 hs", "5 ds", "5 ns", "5 mss", "5 mo"],
)
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        seconds(text)
