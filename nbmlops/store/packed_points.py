"""How measurements are kept on disk: without loss, in a third of their bytes.

Steps and times hardly change from one to the next, so their differences are kept, those of times as
differences of their bits, which are exact. Then the first bytes of all numbers come together, then
the second, and so on: what is alike lies side by side, and zlib finds it.

A server's views read the numbers themselves, and it compresses by itself what is long: there the
bytes are laid side by side (`arranged`) and no more, which lets it find nearly as much.
"""

import sys
import zlib
from array import array
from itertools import accumulate
from operator import sub
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import ndarray

FEWEST = 64  # in less there is nothing to be found
_LEVEL = 1  # higher ones take twice the time for 1 % less
WIDTH = 8
_ARRANGED = b"\1"  # is in front of what is arranged and not compressed: one byte longer than it was


def packed(count: int, data: bytes) -> bytes:
    """Return the data of a `Points` record as it is kept: packed where that is smaller."""
    planes = arranged(count, data)
    if planes is data:
        return data
    small = zlib.compress(planes[len(_ARRANGED) :], _LEVEL)
    return small if len(small) < len(data) else data


def arranged(count: int, data: bytes) -> bytes:
    """Return the data of a `Points` record with what is alike side by side; as it is where few."""
    if count < FEWEST:
        return data
    third = WIDTH * count
    try:
        changes = [_differences(data[start : start + third]) for start in (0, third)]
    except OverflowError:  # steps from one end of the integers to the other
        return data
    return b"".join((_ARRANGED, *map(_planes, (*changes, data[2 * third :]))))


def unpacked(count: int, data: bytes) -> bytes:
    """Return the data of a `Points` record from what `packed` or `arranged` gave."""
    third = WIDTH * count
    if len(data) == 3 * third:
        return data
    is_arranged = len(data) == len(_ARRANGED) + 3 * third
    planes = data[len(_ARRANGED) :] if is_arranged else zlib.decompress(data)
    steps, times, values = (_numbers(planes[n * third : (n + 1) * third]) for n in range(3))
    return _sums(steps) + _sums(times) + values


def columns(count: int, data: bytes) -> "tuple[ndarray[Any, Any], ...]":
    """Return steps, times and values from what `packed` or `arranged` gave, as numpy's arrays.

    The same numbers as of `unpacked`, in a tenth of the time; who only records needs no numpy.
    """
    import numpy

    third = WIDTH * count
    if len(data) == 3 * third:
        kinds = ("<i8", "<f8", "<f8")
        return tuple(
            numpy.frombuffer(data, kind, count, place * third) for place, kind in enumerate(kinds)
        )
    is_arranged = len(data) == len(_ARRANGED) + 3 * third
    planes = data[len(_ARRANGED) :] if is_arranged else zlib.decompress(data)
    grid = numpy.frombuffer(planes, "u1").reshape(3, WIDTH, count).transpose(0, 2, 1)
    steps, times, values = numpy.ascontiguousarray(grid).view("<i8")[:, :, 0]
    return steps.cumsum(), times.cumsum().view("<f8"), values.view("<f8")


def _differences(data: bytes) -> bytes:
    numbers = _native(data)
    changes = array("q", numbers[:1])
    changes.extend(map(sub, numbers[1:], numbers))
    return _little(changes)


def _sums(data: bytes) -> bytes:
    return _little(array("q", accumulate(_native(data))))


def _planes(data: bytes) -> bytes:
    return b"".join(data[place::WIDTH] for place in range(WIDTH))


def _numbers(planes: bytes) -> bytes:
    count = len(planes) // WIDTH
    data = bytearray(len(planes))
    for place in range(WIDTH):
        data[place::WIDTH] = planes[place * count : (place + 1) * count]
    return bytes(data)


def _native(data: bytes) -> "array[int]":
    numbers = array("q", data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _little(numbers: "array[int]") -> bytes:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()
