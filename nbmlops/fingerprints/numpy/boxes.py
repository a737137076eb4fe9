"""Arrays of any shape and strides in boxes of bounded size, which are hashed one by one.

How an array is cut depends on its shape and the size of its elements only, never on how it lies in
memory, so that every layout of equal content gives the same digests. Only one box per thread is
ever copied, and none that lies in memory as it is hashed.

Does not live here: what the bytes of an element are (`elements`).
"""

import math
from collections.abc import Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

type Box = tuple[slice, ...]

BOX_BYTES = 1 << 22  # xxh3 reaches memory's speed; part of the digest
_ROWS = 16  # of a box, where rows are longer than it: in a column-major array these lie together
_LONG_ROW_BYTES = 1 << 16

# How many columns of a box in another order are copied at once, as measured: alone where they are
# few, since numpy's inner loop goes along rows; otherwise as many elements as the cache has room
# for, which are few columns where their addresses collide there.
_FEW_COLUMNS = 6
_ELEMENTS_IN_CACHE, _FEWEST_COLUMNS = 16_384, 512
_COLLIDING_COLUMNS = 8
_COLLIDING_BYTES = 2048
_MANY_ROWS = 64


def boxes(
    shape: Sequence[int], itemsize: int, *, limit: int = BOX_BYTES, rows: int = _ROWS
) -> Iterator[Box]:
    """Cut an array into boxes of at most ``limit`` bytes, if its elements are not larger than that.

    Parameters
    ----------
    shape : sequence of int
        Lengths of the axes, of which there is at least one. Without elements there is no box.
    itemsize : int
        Bytes of an element in canonical form.
    rows : int
        Of a box, where a row by itself is larger than a box. With 1, boxes follow each other in C
        order.
    """
    if not math.prod(shape):
        return
    most = max(1, limit // max(1, itemsize))
    axis, inner = len(shape) - 1, 1  # the axis that is cut, and the elements of one of its steps
    while axis and inner * shape[axis] <= most:
        inner *= shape[axis]
        axis -= 1
    step = most // inner
    steps = [1] * axis + [step] + list(shape[axis + 1 :])
    if axis and step >= rows:
        steps[axis - 1] = min(rows, shape[axis - 1])
        steps[axis] = step // steps[axis - 1]
    yield from product(*map(_cut, shape, steps))


def _cut(length: int, step: int) -> list[slice]:
    return [slice(start, min(start + step, length)) for start in range(0, length, step)]


def contiguous(box: "NDArray[Any]") -> "NDArray[Any]":
    """Return a box in C order and with the lowest byte first; itself where it is that already."""
    little = box.dtype if box.dtype.kind == "T" else box.dtype.newbyteorder("<")
    width = _columns_at_once(box)
    if width >= box.shape[-1]:
        return box.astype(little, order="C", copy=False)
    copy = np.empty(box.shape, little)
    for start in range(0, box.shape[-1], width):
        copy[..., start : start + width] = box[..., start : start + width]
    return copy


def _columns_at_once(box: "NDArray[Any]") -> int:
    columns: int = box.shape[-1]
    if box.ndim < 2 or abs(box.strides[-1]) <= box.itemsize:
        return columns
    if columns <= _FEW_COLUMNS:
        return 1
    rows: int = box.size // columns
    if box.strides[-1] % _COLLIDING_BYTES == 0 and rows >= _MANY_ROWS:
        return _COLLIDING_COLUMNS
    return max(_FEWEST_COLUMNS, _ELEMENTS_IN_CACHE // rows)


def parts_in_order(box: "NDArray[Any]") -> "Iterator[NDArray[Any]]":
    """Give a box as contiguous parts in C order: long rows of a larger array without a copy."""
    is_rows = box.ndim > 1 and box[0].nbytes >= _LONG_ROW_BYTES
    if is_rows and not box.flags.c_contiguous and box[0].flags.c_contiguous:
        yield from map(contiguous, box)
    else:
        yield contiguous(box)
