"""Numpy buffers in canonical form: nulls as zero, instants and decimals in their one unit.

Shared by the libraries' adapters; see the table in `tables` for what the buffers hold. What only
one library needs is in its module.
"""

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nbmlops.fingerprints.columns.tables import Block

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

type Unit = Literal["s", "ms", "us", "ns"]
type Suffix = Literal["", "/ms", "/s"]  # of the logical type of instants that need a coarser unit
COARSE_UNITS = ("/ms", "/s")

_PER_SECOND: dict[str, int] = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
UNITS = frozenset(_PER_SECOND)
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1
_WORDS = {1: np.int8, 2: np.int16, 4: np.int32, 8: np.int64}
_MILLISECONDS_OF_A_DAY = 86_400_000


def zeroed(values: "NDArray[Any]", valid: "NDArray[np.bool_] | None") -> "NDArray[Any]":
    """Return numbers with zero where a row is not valid; the same array where every row is.

    Parameters
    ----------
    values : array of shape (rows,) or (rows, words), contiguous
        Bool, integers, floats, or the words of wider numbers.
    valid : array of shape (rows,) or None
        Which rows are.
    """
    if valid is None:
        return values
    if values.ndim > 1:
        valid = valid[:, None]
    # Multiplying the bits is up to ten times as fast as `where`, and not stopped by NaN.
    words = values.view(_WORDS[values.itemsize])
    cleared: NDArray[Any] = np.multiply(words, valid, dtype=words.dtype).view(values.dtype)
    return cleared


def recoded(codes: "NDArray[Any]", places: "NDArray[np.int32]") -> "NDArray[np.int32]":
    """Return the place of each code, which is one of the places' indices."""
    # Three times as fast as to index, for want of a search for codes that are out of bounds.
    return places.take(codes.astype(np.intp, copy=False), mode="clip")


def fitting(unit: Unit, span: "Callable[[], tuple[int, int] | None]") -> Suffix:
    """Return what the type of instants ends in: the finest unit that holds all of them.

    ``span`` gives the lowest and highest valid instant, None where there is none; it is asked only
    where the unit is coarser than microseconds.
    """
    if unit in ("us", "ns"):
        return ""
    ends = span() or (0, 0)
    for finer, suffix in (("us", ""), ("ms", "/ms")):
        times = _PER_SECOND[finer] // _PER_SECOND[unit]
        if all(_LOWEST <= end * times <= _HIGHEST for end in ends):
            return suffix  # type: ignore[return-value]
    return "/s"


def instants(
    values: "NDArray[np.int64]", unit: Unit, suffix: Suffix = ""
) -> "tuple[NDArray[Any], ...]":
    """Return the buffers of timestamps or durations counted in a unit, nulls zeroed already."""
    if unit == "ns":
        micros = values // 1000
        nanos = values - micros * 1000
        return (micros, nanos.astype(np.int16)) if nanos.any() else (micros,)
    times = _PER_SECOND[suffix[1:] or "us"] // _PER_SECOND[unit]
    return (values if times == 1 else values * times,)


def times_of_day(values: "NDArray[Any]", unit: Unit) -> "tuple[NDArray[np.int64]]":
    """Return the buffer of times since midnight counted in a unit, nulls zeroed already."""
    times = _PER_SECOND["ns"] // _PER_SECOND[unit]
    wide = values.astype(np.int64, copy=False)
    return (wide if times == 1 else wide * times,)


def dates(milliseconds: "NDArray[np.int64]") -> "tuple[NDArray[Any], ...]":
    """Return the buffers of dates counted in milliseconds since 1970, nulls zeroed already.

    A second buffer has the milliseconds of the day, only where one is not 0, which no library
    writes. Days outside of int32 stay int64.
    """
    days = milliseconds // _MILLISECONDS_OF_A_DAY
    rest = milliseconds - days * _MILLISECONDS_OF_A_DAY
    narrow = days.astype(np.int32)
    buffer = narrow if np.array_equal(narrow, days) else days
    return (buffer, rest) if rest.any() else (buffer,)


def two_words(values: "NDArray[Any]") -> "tuple[NDArray[np.uint64]]":
    """Return the buffer of signed integers of at most 64 bits as 128: shape (rows, 2)."""
    low = values.astype(np.int64, copy=False)
    return (np.stack((low, low >> 63), axis=1).view(np.uint64),)


def objects_block(values: list[Any]) -> Block:
    """Return the block of some Python values; None is missing."""
    valid = np.array([value is not None for value in values], np.bool_)
    return Block(len(values), None if valid.all() else valid, objects=values)
