"""The bytes of an array's elements in canonical form: what counts as the same element.

A box of elements (`boxes`) has one digest, whatever its byte order, padding, text width or unit of
time. Types are told apart by the array's header (`dtypes`), so that nothing here repeats them.

Does not live here: elements that are Python objects (`arrays`).
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from xxhash import xxh3_128

from nbmlops.fingerprints.base import Mode
from nbmlops.fingerprints.hashing import hashed, joined
from nbmlops.fingerprints.numpy.boxes import contiguous, parts_in_order
from nbmlops.fingerprints.numpy.dtypes import X87_BYTES, is_x87
from nbmlops.fingerprints.numpy.texts import blocks_of_text, digest_of_texts
from nbmlops.fingerprints.numpy.times import time_lanes

if TYPE_CHECKING:
    from numpy.typing import NDArray


def digest_of(
    box: "NDArray[Any]", mask: "NDArray[Any] | None" = None, *, mode: Mode = "exact"
) -> bytes:
    """Return the digest of a box of elements that are no Python objects.

    ``mask`` has the box's shape and says which elements do not count, field by field for
    structured ones; what lies there is not looked at.
    """
    if box.dtype.names is not None:
        fields = [
            digest_of(box[name], None if mask is None else mask[name], mode=mode)
            for name in box.dtype.names
        ]
        return joined("fields", *fields)
    digest = _DIGESTS[box.dtype.kind]
    if mask is None or not mask.any():
        return digest(box, mode)
    cleared = np.array(box, order="C")
    if mode == "semantic" and box.dtype.kind in "fc":  # missing and NaN are alike
        cleared[mask] = np.nan
        return digest(cleared, mode)
    cleared[mask] = np.zeros((), box.dtype)
    return joined("masked", digest(cleared, mode), hashed(contiguous(mask)))


def _as_they_are(box: "NDArray[Any]", _mode: Mode) -> bytes:
    state = xxh3_128()
    for part in parts_in_order(box):
        state.update(part)
    return state.digest()


def _bools(box: "NDArray[np.bool_]", _mode: Mode) -> bytes:
    whole = contiguous(box).view(np.uint8)
    return hashed(whole if whole.max(initial=0) <= 1 else whole != 0)  # any byte but 0 is true


def _floats(box: "NDArray[Any]", mode: Mode) -> bytes:
    if mode == "semantic":
        box = like_equal_ones(box)
    if is_x87(box.dtype):
        reals = contiguous(box).view(box.real.dtype.newbyteorder("<"))
        every_byte = reals.view(np.uint8).reshape(-1, reals.itemsize)
        return hashed(np.ascontiguousarray(every_byte[:, :X87_BYTES]))
    return _as_they_are(box, mode)


def like_equal_ones(numbers: "NDArray[Any]") -> "NDArray[Any]":
    """Return floats or complex numbers with the same bits for all that are equal, and for NaN."""
    with np.errstate(all="ignore"):
        plain: NDArray[Any] = np.add(numbers, numbers.dtype.type(0), order="C")  # −0.0 + 0.0 is 0.0
    reals = plain.view(plain.real.dtype)
    reals[np.isnan(reals)] = np.nan
    return plain


def _times(box: "NDArray[Any]", _mode: Mode) -> bytes:
    form, lanes = time_lanes(contiguous(box))
    return joined(form, *map(hashed, lanes))


def _texts(box: "NDArray[Any]", _mode: Mode) -> bytes:
    return digest_of_texts(blocks_of_text(box))


_DIGESTS: "dict[str, Callable[[NDArray[Any], Mode], bytes]]" = {
    "b": _bools, "i": _as_they_are, "u": _as_they_are, "f": _floats, "c": _floats,
    "M": _times, "m": _times, "U": _texts, "S": _texts, "T": _texts, "V": _as_they_are,
}  # fmt: skip
