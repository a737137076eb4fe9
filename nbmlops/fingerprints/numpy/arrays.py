"""Numpy arrays: their type, shape and elements in C order, however they lie in memory.

What counts
    The logical type (`dtypes`), the shape, the elements. The mask of masked arrays, and their fill
    value, which shows in what ``filled`` gives; in the semantic digest, where what is masked is as
    NaN, only one that is not the usual. That an array is a ``matrix``, whose products are others.
    The class and the attributes of arrays of other libraries' and the user's classes.
What does not
    Strides, byte order, padding; whether the array is a view, in a file (``memmap``) or a
    ``recarray``; what lies under the mask; a mask without any masked value against none.

The digest joins those of boxes of some MB (`boxes`), so that any layout is read without a copy of
the whole, by two threads where it is large. Elements that are Python objects are described as those
of a list are.
"""

from collections.abc import Generator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmlops.fingerprints.base import (
    PAUSE,
    Child,
    Described,
    Digesting,
    Mode,
    Part,
    Steps,
)
from nbmlops.fingerprints.columns.two_threads import THREADED_BYTES, work_off
from nbmlops.fingerprints.hashing import hashed, joined, text
from nbmlops.fingerprints.numpy.boxes import Box, boxes, contiguous
from nbmlops.fingerprints.numpy.dtypes import holds_objects, size_of, type_digest, type_name
from nbmlops.fingerprints.numpy.elements import digest_of
from nbmlops.fingerprints.packing import in_order
from nbmlops.fingerprints.python.classes import attributes, full_name, module_of, own_dict
from nbmlops.records import Digest

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BOXES_AT_ONCE = 64  # between two looks at the clock
_USUAL = b"usual"
# Attributes that numpy's own subclasses keep for themselves.
_OF_NUMPY = frozenset(
    "_mask _fill_value _hardmask _sharedmask _isfield _baseclass _optinfo _basedict "
    "_mmap filename offset mode".split()
)


def array(value: "NDArray[Any]", mode: Mode) -> Steps:
    """Describe an array of numpy's, or of a class derived from it."""
    kind = type(value)
    data = np.ndarray.view(value, np.ndarray)  # whatever the class makes of views
    marks = [b"matrix"] if issubclass(kind, np.matrix) else []
    if issubclass(kind, np.ma.MaskedArray):
        filling = yield from _fill_value(value, data.dtype, mode)
        marks += [b"masked", filling] if mode == "exact" else [filling] * (filling != _USUAL)
    digest = yield from array_digest(data, mask_of(value), mode=mode)
    if marks:
        digest = joined("marked", digest, *marks)
    if module_of(kind).partition(".")[0] != "numpy":
        own = {name: item for name, item in attributes(value) if name not in _OF_NUMPY}
        digest = joined("subclass", digest, text(full_name(kind)), (yield Child(own, "__dict__")))
    return Described(
        "array",
        digest,
        data.shape,
        _column(data, digest),
        size_bytes=data.nbytes,
        element_type=type_name(data.dtype),
    )


def _column(data: "NDArray[Any]", digest: bytes) -> tuple[Part, ...]:
    """Return the one column that an array of one axis is, as its profile has it.

    Of several columns the digests would take longer than that of the array.
    """
    if data.ndim != 1 or data.dtype.names is not None:
        return ()
    return (Part("0", type_name(data.dtype), Digest(digest.hex())),)


def array_digest(
    data: "NDArray[Any]", mask: "NDArray[Any] | None" = None, *, mode: Mode = "exact"
) -> Digesting:
    """Return the digest of an array of exactly numpy's class: of its type, shape and elements.

    ``mask`` has its shape, and True for elements that do not count; of structured arrays, in every
    field.
    """
    header = (type_digest(data.dtype), text(repr(data.shape)))
    if not data.ndim:
        data, mask = data.reshape(1), None if mask is None else mask.reshape(1)
    places = list(boxes(data.shape, size_of(data.dtype)))
    if holds_objects(data.dtype):
        digests = []
        for place in places:
            steps = _digest_of_objects(data[place], _part(mask, place), mode, _first(place))
            digests.append((yield from steps))
    else:
        digests = yield from _digests(data, mask, places, mode)
    return joined("array", *header, b"".join(digests))


def _digests(
    data: "NDArray[Any]", mask: "NDArray[Any] | None", places: list[Box], mode: Mode
) -> Generator[Child, bytes, list[bytes]]:
    """Return the digest of each box, with pauses; the same elements are looked at once."""
    other = data if mask is None else mask
    is_moving = [any(both) for both in zip(data.strides, other.strides, strict=True)]
    keys = [_without_repeats(place, is_moving) for place in places]
    found: dict[Box, bytes] = {}

    def work(key: Box) -> None:
        with np.errstate(all="ignore"):  # is the thread's own
            found[key] = digest_of(data[key], _part(mask, key), mode=mode)

    different = list(dict.fromkeys(keys))
    is_large = data.nbytes > THREADED_BYTES
    for start in range(0, len(different), _BOXES_AT_ONCE):
        work_off(different[start : start + _BOXES_AT_ONCE], work, in_two=is_large)
        yield PAUSE
    return [found[key] for key in keys]


def _without_repeats(place: Box, is_moving: Sequence[bool]) -> Box:
    """Return the first of the boxes that have the same elements, since an axis repeats them."""
    if all(is_moving):
        return place
    return tuple(
        part if moves else slice(0, part.stop - part.start)
        for part, moves in zip(place, is_moving, strict=True)
    )


def _digest_of_objects(
    box: "NDArray[Any]", mask: "NDArray[Any] | None", mode: Mode, first: tuple[int, ...]
) -> Digesting:
    """Return the digest of a box of elements that are objects or have fields that are.

    ``first`` has the indices of the box's first element in the array.
    """
    if box.dtype.names is not None:
        fields = []
        for name in box.dtype.names:
            field = _digest_of_objects(box[name], None if mask is None else mask[name], mode, first)
            fields.append((yield from field))
        return joined("fields", *fields)
    if box.dtype.kind != "O":
        return digest_of(box, mask, mode=mode)
    if mask is None or not mask.any():
        return (yield from _digest_of_items(box, mode, first))
    cleared = np.array(box, order="C")
    cleared[mask] = None
    items = yield from _digest_of_items(cleared, mode, first)
    return joined("masked", items, hashed(contiguous(mask)))


def _digest_of_items(box: "NDArray[np.object_]", mode: Mode, first: tuple[int, ...]) -> Digesting:
    def where(place: int) -> str:
        inside = np.unravel_index(place, box.shape)
        index = zip_longest(inside, first, fillvalue=0)  # fields may have axes of their own
        return f"[{', '.join(str(sum(parts)) for parts in index)}]"

    found = in_order(box.reshape(-1).tolist(), mode, where)
    return found if isinstance(found, bytes) else (yield from found)


def _part(mask: "NDArray[Any] | None", place: Box) -> "NDArray[Any] | None":
    return None if mask is None else mask[place]


def _first(place: Box) -> tuple[int, ...]:
    return tuple(part.start for part in place)


def mask_of(value: "NDArray[Any]") -> "NDArray[Any] | None":
    """Return the mask of a masked array, as it is kept; None where it, or any array, has none."""
    if not issubclass(type(value), np.ma.MaskedArray):
        return None
    mask = (own_dict(value) or {}).get("_mask")
    return None if mask is None or mask is np.ma.nomask else np.ndarray.view(mask, np.ndarray)


def _fill_value(value: "NDArray[Any]", dtype: "np.dtype[Any]", mode: Mode) -> Digesting:
    """Return the digest of what a masked array is filled with, which asking it would set.

    The usual value of a type of text depends on its width, so it is not looked at.
    """
    given = (own_dict(value) or {}).get("_fill_value")
    if given is None:
        return _USUAL
    digests = []
    for filling in (given, None):
        stand_in = np.ma.MaskedArray(np.empty(0, dtype), fill_value=filling)
        one = np.empty(1, dtype)
        one[0] = stand_in.fill_value
        digests.append((yield from array_digest(one, mode=mode)))
    return _USUAL if digests[0] == digests[1] else digests[0]
