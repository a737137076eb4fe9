"""Arrays of eight-byte numbers as short text, for profiles."""

import base64
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def packed(values: "NDArray[Any]") -> str:
    """Return a one-dimensional array of eight-byte numbers as text.

    Differences of the bit patterns, the bytes of equal weight side by side, zlib, base64: numbers
    in rising order that are close together take little more than a byte each, and any others no
    more than eleven.
    """
    bits = np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<"), copy=False)
    steps = np.diff(bits.view("<u8"), prepend=np.uint64(0))
    planes = steps.view(np.uint8).reshape(-1, 8).T.tobytes()
    return base64.b64encode(zlib.compress(planes, 9)).decode("ascii")


def unpacked(text: str, dtype: Any) -> "NDArray[Any]":
    """Return the array that `packed` was given; ``dtype`` is its type."""
    planes = np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8)
    steps = np.ascontiguousarray(planes.reshape(8, -1).T).view("<u8").ravel()
    return np.cumsum(steps, dtype=np.uint64).view(dtype)
