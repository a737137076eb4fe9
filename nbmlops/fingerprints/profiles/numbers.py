"""Columns of numbers, and of what can be treated as such: arrays of float64, int64 or uint64."""

import math
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmlops.fingerprints.columns.tables import Block
from nbmlops.fingerprints.profiles.distributions import Spread
from nbmlops.fingerprints.profiles.profile import Distinct, Numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

_UNSIGNED = re.compile(r"uint64\b")
_INTEGERS = re.compile(r"(bool|u?int(8|16|32)|int64|timestamp|duration|date|time|period)\b")
_WIDE = re.compile(r"(?P<unsigned>u)?(int128|decimal\[(?P<scale>-?\d+)\])")
_FLOATS = re.compile(r"float\d+\b")


def number_type(type: str) -> "np.dtype[Any] | None":
    """Return what the values of a logical type become: None where they are not numbers.

    Decimals and integers of 128 bits become float64, and times lose their nanoseconds. An extension
    of a type is as the type by itself.
    """
    if _UNSIGNED.match(type):
        return np.dtype(np.uint64)
    if _INTEGERS.match(type):
        return np.dtype(np.int64)
    return np.dtype(np.float64) if _FLOATS.match(type) or _WIDE.match(type) else None


def numbers_in(block: Block, type: str) -> "NDArray[Any]":
    """Return the valid numbers of a block, of `number_type`; the array is not to be written to."""
    values = block.buffers[0]
    wide = _WIDE.match(type)
    if wide is not None:
        scale = int(wide["scale"] or 0)
        values = _as_floats(block.buffers, scale, is_signed=wide["unsigned"] is None)
    if block.valid is not None:
        values = values[block.valid]
    return values.astype(number_type(type), copy=False)


def _as_floats(
    buffers: "tuple[NDArray[Any], ...]", scale: int, *, is_signed: bool
) -> "NDArray[np.float64]":
    """Return numbers of 128 bits, or of 256 where there is a second buffer, over 10 ** scale."""
    words = [buffer[:, place] for buffer in buffers for place in (0, 1)]
    sign = (words[-1].view(np.int64) >> 63).view(np.uint64) * np.uint64(is_signed)
    size = np.zeros(len(sign))
    for word in reversed(words):
        size = size * 2.0**64 + (word ^ sign)
    values: NDArray[np.float64] = np.where(sign, -1.0 - size, size) / 10.0**scale
    return values


class NumberSummary:
    """Takes in numbers and says what they are like."""

    def __init__(self) -> None:
        self._spread = Spread()
        self._count = self._zeros = 0
        self._nan = self._positive_infinite = self._negative_infinite = 0
        self._least: list[int | float] = []
        self._greatest: list[int | float] = []
        self._mean = self._squares = 0.0

    def add(self, numbers: "NDArray[Any]") -> None:
        """Take in some numbers: float64, int64 or uint64, always the same."""
        if numbers.dtype.kind == "f":
            numbers = self._finite(numbers)
        if not len(numbers):
            return
        self._zeros += len(numbers) - int(np.count_nonzero(numbers))
        self._least = [min([*self._least, numbers.min().item()])]
        self._greatest = [max([*self._greatest, numbers.max().item()])]
        self._add_moments(numbers.astype(np.float64, copy=False))
        self._spread.add(numbers)

    def _finite(self, numbers: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """Count those that are not finite, and return the others, without −0.0."""
        is_finite = np.isfinite(numbers)
        if not is_finite.all():
            others = numbers[~is_finite]
            self._positive_infinite += int(np.count_nonzero(others == np.inf))
            self._negative_infinite += int(np.count_nonzero(others == -np.inf))
            self._nan += int(np.count_nonzero(np.isnan(others)))
            numbers = numbers[is_finite]
        return numbers + 0.0

    def _add_moments(self, numbers: "NDArray[np.float64]") -> None:
        """Add to mean and squared deviations; exact to rounding wherever the numbers lie.

        Chan, Golub, LeVeque, "Algorithms for computing the sample variance", 1983.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            mean = numbers.mean()
            deviations = numbers - mean
            rest = deviations.mean()
            squares = np.square(deviations).sum() - rest * rest * len(numbers)
            added = (len(numbers), float(mean + rest), float(squares))
        moments = (self._count, self._mean, self._squares)
        self._count, self._mean, self._squares = together(moments, added)

    def numbers(self) -> Numbers:
        """Return what they are like."""
        return Numbers(
            count=self._count,
            zeros=self._zeros,
            minimum=self._least[0] if self._count else None,
            maximum=self._greatest[0] if self._count else None,
            mean=mean_or_none(self._count, self._mean),
            std=std_or_none(self._count, self._squares),
            distribution=self._spread.distribution(),
            nan=self._nan,
            positive_infinite=self._positive_infinite,
            negative_infinite=self._negative_infinite,
        )

    def distinct(self, numbers: Numbers) -> Distinct:
        """Return how many different ones there are; ``numbers`` is what `numbers` returned."""
        return self._spread.distinct(numbers.distribution).among(numbers.count)


type Moments = tuple[int, float, float]
"""Count, mean, and sum of the squared deviations from it."""


def together(one: Moments, other: Moments) -> Moments:
    """Return the moments of two sets of numbers together."""
    count = one[0] + other[0]
    if not one[0] or not other[0]:
        return one if one[0] else other
    step = other[1] - one[1]
    share = other[0] / count
    return (
        count,
        one[1] + step * share,
        one[2] + other[2] + step * step * one[0] * share,
    )


def mean_or_none(count: int, mean: float) -> float | None:
    """Return a mean; None where there is none, or float64 does not hold it."""
    return mean if count and math.isfinite(mean) else None


def std_or_none(count: int, squares: float) -> float | None:
    """Return the standard deviation, with n − 1; None for fewer than two, or beyond float64."""
    if count < 2 or not math.isfinite(squares):
        return None
    return math.sqrt(max(squares, 0.0) / (count - 1))
