"""The values that a profile keeps, as people read them: times as times."""

import math
import re
from datetime import UTC, date, datetime, time, timedelta

from nbmlops.drawing.words import number
from nbmlops.fingerprints.profiles.profile import Numbers

_TIMES = re.compile(r"(timestamp|duration|date|time)\b")
_MICROSECONDS = {"/ms": 1_000, "/s": 1_000_000}
_DAY_ONE = datetime(1970, 1, 1, tzinfo=UTC)


def is_time(type: str) -> bool:
    """Whether the values of a logical type are instants, days, times of day or durations."""
    return _TIMES.match(type) is not None


def infinite(numbers: Numbers) -> int:
    """Return how many of a column's numbers are infinite."""
    return numbers.positive_infinite + numbers.negative_infinite


def ends(numbers: Numbers) -> tuple[float | None, float | None]:
    """Return the least and the greatest number of a profile, the infinite ones among them."""
    return (
        -math.inf if numbers.negative_infinite else _least(numbers),
        math.inf if numbers.positive_infinite else _greatest(numbers),
    )


def _least(numbers: Numbers) -> float | None:
    is_all = numbers.minimum is None and numbers.positive_infinite
    return math.inf if is_all else numbers.minimum


def _greatest(numbers: Numbers) -> float | None:
    is_all = numbers.maximum is None and numbers.negative_infinite
    return -math.inf if is_all else numbers.maximum


def shown_type(type: str) -> str:
    """Return a logical type for people: nothing in brackets where there is nothing to say.

    Examples
    --------
    >>> shown_type("category[]"), shown_type("category[ordered]"), shown_type("list[timestamp[]]")
    ('category', 'category (ordered)', 'list[timestamp]')
    """
    return type.replace("category[ordered]", "category (ordered)").replace("[]", "")


def shown_range(numbers: Numbers, type: str) -> str:
    """Return the least and the greatest number of a profile, as `shown`."""
    return " … ".join("?" if end is None else shown(end, type) for end in ends(numbers))


def shown(value: float, type: str) -> str:
    """Return a number of a profile as a person would write what it stands for.

    Examples
    --------
    >>> shown(1357016400000000, "timestamp[tz=UTC]"), shown(15706, "date"), shown(12.5, "float64")
    ('2013-01-01 05:00 UTC', '2013-01-01', '12.5')
    """
    if not is_time(type):
        return number(value)
    try:
        return _time(round(value), type)
    except (OverflowError, ValueError):  # before the year 1 or after 9999
        return f"{number(value)} ({shown_type(type)})"


def _time(value: int, type: str) -> str:
    if type == "date":
        return (date(1970, 1, 1) + timedelta(days=value)).isoformat()
    if type == "time":
        return _clock((datetime.min + timedelta(microseconds=value // 1000)).time())
    micros = value * _MICROSECONDS.get(type[type.rfind("/") :] if "/" in type else "", 1)
    if type.startswith("duration"):
        return str(timedelta(microseconds=micros))
    moment = _DAY_ONE + timedelta(microseconds=micros)
    zone = " UTC" if "tz=" in type else ""
    if moment.time() == time():
        return moment.date().isoformat() + zone
    return f"{moment.date().isoformat()} {_clock(moment.time())}{zone}"


def _clock(moment: time) -> str:
    if moment.microsecond:
        return moment.isoformat()
    return moment.isoformat("seconds" if moment.second else "minutes")
