"""How many different words there are, in half a kilobyte: Apache DataSketches' HyperLogLog.

The library takes one word at a time. Most change nothing, as the sketch keeps but one number for
each of its registers: which ones do is found here for arrays, so that only those are handed over,
and the sketch is the same, to the bit, as if it had been given all.
"""

import base64
from typing import TYPE_CHECKING

import numpy as np
from datasketches import hll_sketch, hll_union, tgt_hll_type

from nbmlops.fingerprints.profiles.profile import Distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nbmlops.fingerprints.profiles.mixing import Words

_REGISTERS_BITS = 10  # 568 bytes, ± 6.7 % with 95 % confidence
_REGISTERS = 1 << _REGISTERS_BITS
_CONFIDENCE = 2  # standard deviations
_SEED = 9001  # the library's; sketches of any language and version are made with it


class DistinctSketch:
    """Estimates how many different words it was given."""

    def __init__(self) -> None:
        self._sketch = hll_sketch(_REGISTERS_BITS, tgt_hll_type.HLL_4)
        self._highest: NDArray[np.int64] = np.zeros(_REGISTERS, np.int64)

    def add(self, words: "Words") -> None:
        """Count some words in."""
        register, height = _placed(words)
        if np.count_nonzero(self._highest) > _REGISTERS // 2:  # before, the sketch lists all words
            words = words[height > self._highest[register]]
        np.maximum.at(self._highest, register, height)
        for word in words.view(np.int64).tolist():
            self._sketch.update(word)

    def estimated(self) -> Distinct:
        """Return the estimate, with the sketch."""
        return _distinct(self._sketch)


def merged_sketches(one: str, other: str) -> Distinct:
    """Return the estimate of what two sketches were given together."""
    union = hll_union(_REGISTERS_BITS)
    for sketch in (one, other):
        union.update(hll_sketch.deserialize(base64.b64decode(sketch)))
    return _distinct(union.get_result(tgt_hll_type.HLL_4))


def sketch_of(words: "Words") -> str:
    """Return the sketch of some words."""
    made = DistinctSketch()
    made.add(words)
    return _packed(made._sketch)


def _distinct(sketch: hll_sketch) -> Distinct:
    error = max(
        abs(hll_sketch.get_rel_err(is_upper, True, _REGISTERS_BITS, _CONFIDENCE))
        for is_upper in (True, False)
    )
    return Distinct(round(sketch.get_estimate()), round(error, 4), _packed(sketch))


def _packed(sketch: hll_sketch) -> str:
    return base64.b64encode(sketch.serialize_compact()).decode("ascii")


def _placed(words: "Words") -> "tuple[NDArray[np.int64], NDArray[np.int64]]":
    """Return the register that each word belongs to in the sketch, and its height there."""
    low, high = _murmur3(words)
    register = (low & np.uint64(_REGISTERS - 1)).view(np.int64)
    exponent = (high.astype(np.float64).view(np.int64) >> 52) - 1023  # place of the highest bit
    return register, np.minimum(63 - exponent, 62) + 1


def _murmur3(words: "Words") -> "tuple[Words, Words]":
    """Return the 128 bits of MurmurHash3 (x64) of each word, as the library hashes integers."""
    mixed = words * np.uint64(0x87C37B91114253D5)
    mixed = (mixed << np.uint64(31)) | (mixed >> np.uint64(33))
    mixed *= np.uint64(0x4CF5AD432745937F)
    length = np.uint64(8)
    high = np.uint64(_SEED) ^ length
    low = mixed ^ high
    low += high
    second = _finished(low + high)
    low = _finished(low) + second
    return low, low + second


def _finished(words: "Words") -> "Words":
    shift = np.uint64(33)
    words = words ^ (words >> shift)
    words *= np.uint64(0xFF51AFD7ED558CCD)
    words ^= words >> shift
    words *= np.uint64(0xC4CEB9FE1A85EC53)
    words ^= words >> shift
    return words
