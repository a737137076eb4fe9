"""Vectorised 64-bit mixing: whatever goes in, every bit of what comes out depends on all of it.

The same on every machine and for ever: only wrapping sums, products and shifts of uint64. Not made
to resist somebody who builds collisions on purpose.
"""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    type Words = NDArray[np.uint64]

# Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014; the multipliers
# of its finaliser are Stafford's variant 13. The first is 2⁶⁴ divided by the golden ratio.
_STEP = 0x9E3779B97F4A7C15
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)

# Steele and Vigna, "Computationally easy, spectrally good multipliers", SPE 52, 2022; Vigna, "An
# experimental exploration of Marsaglia's xorshift generators, scrambled", TOMS 42, 2016.
_THIRD, _FOURTH = np.uint64(0xD1342543DE82EF95), np.uint64(0x2545F4914F6CDD1D)

_31, _32, _27, _30 = (np.uint64(bits) for bits in (31, 32, 27, 30))


def mixed(words: "Words") -> "Words":
    """Return a one-to-one image of each word in which equal bits of the words do not show."""
    image = words + np.uint64(_STEP)
    image ^= image >> _30
    image *= _FIRST
    image ^= image >> _27
    image *= _SECOND
    image ^= image >> _31
    return image


def mixed_again(words: "Words") -> "Words":
    """Return another one-to-one image of words that are `mixed`: the second lane of a hash."""
    image = words * _THIRD
    image ^= image >> _32
    image *= _FOURTH
    image ^= image >> _32
    return image


def key(number: int) -> np.uint64:
    """Return an odd constant: one for each number, with which words are multiplied or begun."""
    state = (number + 1) * _STEP % (1 << 64)
    state = (state ^ (state >> 30)) * int(_FIRST) % (1 << 64)
    state = (state ^ (state >> 27)) * int(_SECOND) % (1 << 64)
    return np.uint64((state ^ (state >> 31)) | 1)
