import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from nbmlops.fingerprints.numpy.boxes import boxes, contiguous, parts_in_order

SHAPES = array_shapes(min_dims=1, max_dims=5, min_side=0, max_side=12)


@given(shape=SHAPES, limit=st.integers(1, 400), rows=st.integers(1, 16))
def test_boxes_have_every_element_once_and_keep_to_the_limit(
    shape: tuple[int, ...], limit: int, rows: int
) -> None:
    times_met = np.zeros(shape, int)
    for box in boxes(shape, 1, limit=limit, rows=rows):
        times_met[box] += 1
        assert 0 < times_met[box].size <= limit
    assert (times_met == 1).all()


@given(shape=SHAPES, limit=st.integers(1, 400))
def test_boxes_of_one_row_follow_each_other_in_c_order(shape: tuple[int, ...], limit: int) -> None:
    numbers = np.arange(math.prod(shape)).reshape(shape)
    met = [number for box in boxes(shape, 1, limit=limit, rows=1) for number in numbers[box].flat]
    assert met == list(range(numbers.size))


@pytest.mark.parametrize(
    "shape", [(10**6,), (10**5, 10), (1000, 1001), (3, 10**6), (20, 10**6), (50, 3, 9000)], ids=str
)
def test_boxes_are_not_much_smaller_than_they_may_be(shape: tuple[int, ...]) -> None:
    assert sum(1 for _ in boxes(shape, 8)) <= 2 * math.prod(shape) * 8 / (1 << 22) + 4


@pytest.mark.parametrize("itemsize", [0, 1 << 40])
def test_an_element_of_any_size_has_its_box(itemsize: int) -> None:
    assert sum(1 for _ in boxes((2, 3), itemsize)) == (1 if itemsize == 0 else 6)


@pytest.mark.parametrize("columns", [2, 6, 7, 500, 3000])
@pytest.mark.parametrize("rows", [3, 64, 256])
@pytest.mark.parametrize("dtype", ["u1", "<f8", ">f8", "c16"])
def test_a_copy_in_c_order_has_the_same_elements(rows: int, columns: int, dtype: str) -> None:
    box = np.arange(rows * columns).astype(dtype).reshape(columns, rows).T
    copy = contiguous(box)
    assert copy.flags.c_contiguous
    assert copy.dtype.byteorder in "=|<"
    assert np.array_equal(copy, box)


def test_what_lies_as_it_is_hashed_is_not_copied() -> None:
    array = np.zeros((20, 100_000))
    assert contiguous(array) is array
    assert all(part.base is array for part in parts_in_order(array[2:9, 1000:50_000]))
