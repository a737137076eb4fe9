"""How measurements are kept on disk: without loss, in a third of their bytes.

Steps and times hardly change from one to the next, so their differences are kept, those of times as
differences of their bits, which are exact. Then the first bytes of all numbers come together, then
the second, and so on: what is alike lies side by side, and zlib finds it.
"""

import sys
import zlib
from array import array
from itertools import accumulate
from operator import sub

_FEWEST = 64  # in less there is nothing to be found
_LEVEL = 1  # higher ones take twice the time for 1 % less
_WIDTH = 8


def packed(count: int, data: bytes) -> bytes:
    """Return the data of a `Points` record as it is kept: packed where that is smaller."""
    if count < _FEWEST:
        return data
    third = _WIDTH * count
    try:
        changes = [_differences(data[start : start + third]) for start in (0, third)]
    except OverflowError:  # steps from one end of the integers to the other
        return data
    small = zlib.compress(b"".join(map(_planes, (*changes, data[2 * third :]))), _LEVEL)
    return small if len(small) < len(data) else data


def unpacked(count: int, data: bytes) -> bytes:
    """Return the data of a `Points` record from what `packed` gave."""
    third = _WIDTH * count
    if len(data) == 3 * third:
        return data
    planes = zlib.decompress(data)
    steps, times, values = (_numbers(planes[n * third : (n + 1) * third]) for n in range(3))
    return _sums(steps) + _sums(times) + values


def _differences(data: bytes) -> bytes:
    numbers = _native(data)
    changes = array("q", numbers[:1])
    changes.extend(map(sub, numbers[1:], numbers))
    return _little(changes)


def _sums(data: bytes) -> bytes:
    return _little(array("q", accumulate(_native(data))))


def _planes(data: bytes) -> bytes:
    return b"".join(data[place::_WIDTH] for place in range(_WIDTH))


def _numbers(planes: bytes) -> bytes:
    count = len(planes) // _WIDTH
    data = bytearray(len(planes))
    for place in range(_WIDTH):
        data[place::_WIDTH] = planes[place * count : (place + 1) * count]
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
