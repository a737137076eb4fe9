import numpy as np
import pytest

from nbmlops.tracking.results import as_scalar


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(np.float32(0.5), 0.5, id="numpy float"),
        pytest.param(np.int8(3), 3.0, id="numpy integer"),
        pytest.param(np.array(0.25), 0.25, id="0-d array"),
        pytest.param(np.bool_(True), None, id="numpy bool"),
        pytest.param(np.datetime64("2026-01-01", "ns"), None, id="time"),
        pytest.param(np.timedelta64(5, "ns"), None, id="duration"),
        pytest.param(True, None, id="bool"),
    ],
)
def test_one_number_is_a_scalar_and_a_time_is_none(value, expected):
    assert as_scalar(value) == expected
