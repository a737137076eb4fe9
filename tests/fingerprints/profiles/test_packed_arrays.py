import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.fingerprints.profiles.packed_arrays import packed, unpacked


@given(st.lists(st.floats()))
def test_floats_come_back_bit_by_bit(numbers):
    values = np.array(numbers, np.float64)
    assert unpacked(packed(values), np.float64).tobytes() == values.tobytes()


@given(st.lists(st.integers(0, 2**64 - 1)))
def test_words_come_back(numbers):
    assert unpacked(packed(np.array(numbers, np.uint64)), np.uint64).tolist() == numbers


@pytest.mark.parametrize(
    ("values", "most"),
    [
        pytest.param(np.arange(1000.0), 250, id="close together"),
        pytest.param(np.random.default_rng(0).normal(size=256), 2800, id="of any kind"),
    ],
)
def test_packed_arrays_are_short(values, most):
    assert len(packed(np.sort(values))) <= most
