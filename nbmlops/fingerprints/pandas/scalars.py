"""Single values of pandas' own types, and its offsets.

The unit of a time does not count: it is the same instant in seconds and nanoseconds.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from nbmlops.fingerprints.base import Child, Described, Mode, Steps
from nbmlops.fingerprints.hashing import joined, text
from nbmlops.fingerprints.numpy.arrays import array_digest
from nbmlops.fingerprints.python.classes import full_name

if TYPE_CHECKING:
    import pandas as pd


def timestamp(value: "pd.Timestamp", _mode: Mode) -> Steps:
    """Describe an instant with its time zone."""
    instant = yield from array_digest(np.array(value.asm8))
    zone = yield Child(value.tzinfo, ".tzinfo")
    return Described("timestamp", joined("timestamp", instant, zone))


def duration(value: "pd.Timedelta", _mode: Mode) -> Steps:
    """Describe a duration."""
    digest = yield from array_digest(np.array(value.asm8))
    return Described("duration", joined("duration", digest))


def period(value: "pd.Period", _mode: Mode) -> Described:
    """Describe a stretch of time by its number and frequency."""
    shown = f"{value.ordinal} {value.freqstr}"
    return Described("period", joined("period", text(shown)))


def interval(value: "pd.Interval[Any]", _mode: Mode) -> Steps:
    """Describe an interval by its ends and which of them belong to it."""
    left = yield Child(value.left, ".left")
    right = yield Child(value.right, ".right")
    return Described("interval", joined("interval", left, right, text(value.closed)))


def missing(value: Any, _mode: Mode) -> Described:
    """Describe NaT and NA, which have one value each."""
    return Described("constant", joined("pandas", text(type(value).__name__)))


def offset(value: Any, _mode: Mode) -> Steps:
    """Describe a date offset by its class, count and settings."""
    settings = yield Child([value.n, value.normalize, value.kwds], "")
    return Described("offset", joined("offset", text(full_name(type(value))), settings))
