from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pytest
from dateutil import tz

from nbmlops.fingerprints.pandas.zones import zone_name


class Own(tzinfo):
    key = zone = "Europe/Berlin"

    def utcoffset(self, when: datetime | None) -> timedelta:
        raise AssertionError


AS_IN_ARROW = [
    (UTC, "UTC"),
    (ZoneInfo("UTC"), "UTC"),
    (tz.tzutc(), "UTC"),
    (ZoneInfo("Europe/Berlin"), "Europe/Berlin"),
    (tz.gettz("Europe/Berlin"), "Europe/Berlin"),
    (timezone(timedelta(hours=5, minutes=45)), "+05:45"),
    (timezone(-timedelta(minutes=30), "named"), "-00:30"),
]


@pytest.mark.parametrize(("zone", "expected"), AS_IN_ARROW, ids=repr)
def test_a_zone_has_the_name_that_arrow_gives_it(zone: tzinfo, expected: str) -> None:
    times = pd.Series(pd.to_datetime(["2024-01-01"]).tz_localize("UTC").tz_convert(zone))
    assert zone_name(zone) == pa.array(times).type.tz == expected


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (timezone(timedelta(0), "Zulu"), "UTC"),
        (timezone(timedelta(hours=1, seconds=7)), "+01:00:07"),
        (tz.tzoffset("X", -3600), "-01:00"),
    ],
)
def test_a_zone_without_rules_is_called_by_its_offset(zone: tzinfo, expected: str) -> None:
    assert zone_name(zone) == expected


def test_zones_of_pytz_have_names_too() -> None:
    pytz = pytest.importorskip("pytz")
    names = [
        zone_name(zone) for zone in (pytz.utc, pytz.timezone("Asia/Tokyo"), pytz.FixedOffset(90))
    ]
    assert names == ["UTC", "Asia/Tokyo", "+01:30"]


def test_zones_of_other_classes_are_called_by_these() -> None:
    assert zone_name(Own()) == f"{__name__}.Own"
    with Path("/usr/share/zoneinfo/Asia/Tokyo").open("rb") as file:
        assert zone_name(ZoneInfo.from_file(file)) == "zoneinfo.ZoneInfo"
