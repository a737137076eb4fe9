"""Numpy's instants and durations in a unit of their own, so that the unit they had never shows.

A numpy unit is anything from an attosecond to a year, or a multiple of one; there is no single
integer that holds them all. A box of times is therefore written in one of two forms, and its
content alone decides which:

======== ===========================================================================================
``near`` int64 nanoseconds, if all fit (1677 to 2262); then int64 attoseconds 0…10⁹−1, only where
         one is not 0
``far``  int64 seconds; then int64 attoseconds 0…10¹⁸−1
======== ===========================================================================================

NaT is −2⁶³, with 0 attoseconds. Months of a duration have no length and stay months; numbers
without a unit stay numbers. These have their own types (`dtypes`).
"""

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

type Form = Literal["near", "far", "months", "plain"]

NAT = -(2**63)
_LOWEST, _HIGHEST = -(2**63) + 1, 2**63 - 1
_ATTOSECONDS = {
    "as": 1, "fs": 10**3, "ps": 10**6, "ns": 10**9, "us": 10**12, "ms": 10**15, "s": 10**18,
    "m": 60 * 10**18, "h": 3600 * 10**18, "D": 86_400 * 10**18, "W": 604_800 * 10**18,
}  # fmt: skip
_TOO_FAR = "a time is too far away: it does not fit into 64 bits of seconds"
_MONTHS = {"M": 1, "Y": 12}
_MOST_MONTHS = 12 * 10**11  # the seconds of instants up to there fit


def time_lanes(times: "NDArray[Any]") -> "tuple[Form, tuple[NDArray[np.int64], ...]]":
    """Return the form of some times and their numbers.

    Parameters
    ----------
    times : array of datetime64 or timedelta64
        In any unit; contiguous, the lowest byte first.

    Raises
    ------
    OverflowError
        Some time does not fit into 64 bits of seconds, or of its unit where that is a multiple.
    """
    unit, count = np.datetime_data(times.dtype)
    numbers = _multiplied(times.view(np.int64), count)
    if unit == "generic":
        return "plain", (numbers,)
    if unit in _MONTHS:
        numbers = _multiplied(numbers, _MONTHS[unit])
        if times.dtype.kind == "m":
            return "months", (numbers,)
        numbers, unit = _first_days(numbers), "D"
    return _near_or_far(numbers, _ATTOSECONDS[unit])


def _near_or_far(
    numbers: "NDArray[np.int64]", attoseconds: int
) -> "tuple[Form, tuple[NDArray[np.int64], ...]]":
    """Write numbers of so many attoseconds, one of those above."""
    ends = _ends(numbers)
    for form, whole in (("near", 10**9), ("far", 10**18)):
        if all(_LOWEST <= end * attoseconds // whole <= _HIGHEST for end in ends):
            wholes, rest = _divided(numbers, attoseconds, whole)
            if form == "far":
                return "far", (wholes, np.zeros_like(wholes) if rest is None else rest)
            return "near", (wholes,) if rest is None or not rest.any() else (wholes, rest)
    raise OverflowError(_TOO_FAR)


def _divided(
    numbers: "NDArray[np.int64]", attoseconds: int, whole: int
) -> "tuple[NDArray[np.int64], NDArray[np.int64] | None]":
    """Return numbers of so many attoseconds as wholes of so many, and the attoseconds left.

    None is left where no number can leave any.
    """
    if attoseconds >= whole:
        return _multiplied(numbers, attoseconds // whole), None
    wholes = numbers // (whole // attoseconds)
    rest = (numbers - wholes * (whole // attoseconds)) * attoseconds
    is_nat = numbers == NAT
    wholes[is_nat], rest[is_nat] = NAT, 0
    return wholes, rest


def _multiplied(numbers: "NDArray[np.int64]", times: int) -> "NDArray[np.int64]":
    if times == 1:
        return numbers
    if any(not _LOWEST <= end * times <= _HIGHEST for end in _ends(numbers)):
        raise OverflowError(_TOO_FAR)
    products = numbers * times
    products[numbers == NAT] = NAT
    return products


def _first_days(months: "NDArray[np.int64]") -> "NDArray[np.int64]":
    """Return the day since 1970 that each month since 1970 begins with."""
    if any(abs(end) > _MOST_MONTHS for end in _ends(months)):
        raise OverflowError(_TOO_FAR)
    return months.view("M8[M]").astype("M8[D]").view(np.int64)


def _ends(numbers: "NDArray[np.int64]") -> tuple[int, int]:
    """Return the lowest and the highest number that is not NaT; 0 and 0 where there is none."""
    lowest = int(numbers.min())
    if lowest == NAT:
        numbers = numbers[numbers != NAT]
        lowest = int(numbers.min(initial=_HIGHEST))
    return (lowest, int(numbers.max())) if numbers.size else (0, 0)
