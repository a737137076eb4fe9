"""Times as people write them: a day, a minute, an instant, so long ago; and durations.

A time stands for the whole of what it names: ``2026-11-20`` for that day. Without a zone it is
local.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

_WORDS: dict[str, float] = {
    "microsecond": 1e-6, "millisecond": 1e-3, "msec": 1e-3, "second": 1, "sec": 1, "minute": 60,
    "min": 60, "hour": 3600, "hr": 3600, "day": 86_400, "week": 7 * 86_400, "month": 30 * 86_400,
    "year": 365 * 86_400,
}  # fmt: skip
# Signs have no plural: "ms" is no minutes.
_SIGNS: dict[str, float] = {
    "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600, "d": 86_400,
    "w": 7 * 86_400, "y": 365 * 86_400,
}  # fmt: skip
_UNITS = _SIGNS | _WORDS | {f"{word}s": size for word, size in _WORDS.items()}
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*([a-zµμ]+)")
_DAYS = {"today": 0, "yesterday": -1}
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_MINUTE = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?![:\d])")
_SECOND = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?!\.)")

FORMS = "such as '2026-11-20', '2026-11-20 14:30', 'today' or '2 days ago'"
DURATION_FORMS = (
    "such as 90, '90 seconds', '5 minutes' or '1 h 30 min', in us, ms, s, min, h, days, weeks, "
    "months or years"
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time in seconds since 1970 UTC; ``end`` is the first instant behind it."""

    begin: float
    end: float


def stretch(text: str, now: float) -> Stretch:
    """Return what a time stands for; ``now`` is in seconds since 1970 UTC.

    Raises
    ------
    ValueError
        The text is no time.

    Examples
    --------
    >>> stretch("2 days ago", 1_000_000.0)
    Stretch(begin=827200.0, end=827200.0)
    >>> stretch("1970-01-01 00:01Z", 0.0)
    Stretch(begin=60.0, end=120.0)
    """
    plain = " ".join(text.lower().split())
    if plain == "now":
        return _instant(now)
    if plain in _DAYS:
        return _days(_midnight(now) + timedelta(days=_DAYS[plain]), 1)
    if plain.endswith(" ago"):
        return _instant(now - seconds(plain.removesuffix(" ago")))
    if month := _MONTH.fullmatch(plain):
        first = _midnight(now).replace(year=int(month[1]), month=int(month[2]), day=1)
        next_first = (first + timedelta(days=32)).replace(day=1)
        return Stretch(_zoned(first), _zoned(next_first))
    moment = datetime.fromisoformat(text.strip())
    if len(plain) <= len("2026-11-20"):
        return _days(moment, 1)
    begin = _zoned(moment)
    if _MINUTE.match(text.strip()):
        return Stretch(begin, begin + 60)
    return Stretch(begin, begin + 1) if _SECOND.match(text.strip()) else _instant(begin)


def seconds(text: str) -> float:
    """Return how many seconds a duration has; a month has 30 days, a year 365.

    Raises
    ------
    ValueError
        The text is no duration.

    Examples
    --------
    >>> seconds("1 h 30 min")
    5400.0
    >>> seconds("250 ms")
    0.25
    """
    plain = text.lower().strip()
    amounts = _AMOUNT.findall(plain)
    if not amounts or _AMOUNT.sub("", plain).replace("and", "").strip(" ,"):
        raise ValueError(text)
    if unknown := [word for _, word in amounts if word not in _UNITS]:
        raise ValueError(unknown[0])
    return sum(float(count) * _UNITS[word] for count, word in amounts)


def _instant(moment: float) -> Stretch:
    return Stretch(moment, moment)


def _midnight(now: float) -> datetime:
    here = datetime.fromtimestamp(now)  # local time is meant
    return here.replace(hour=0, minute=0, second=0, microsecond=0)


def _days(begin: datetime, count: int) -> Stretch:
    return Stretch(_zoned(begin), _zoned(begin + timedelta(days=count)))


def _zoned(moment: datetime) -> float:
    """Return the seconds of a time; without a zone it is of this place, summer time and all."""
    return moment.timestamp()
