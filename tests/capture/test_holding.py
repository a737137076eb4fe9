"""Values are held for a look in the background, whatever their library has beside tables."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from nbmlops.capture.holding import held, seconds_to_look

FRAME = pd.DataFrame({"a": [1, 2]})
OBJECTS = pd.DataFrame({"a": [[1], [2]]})


@pytest.mark.parametrize(
    ("value", "is_safe"),
    [
        pytest.param(FRAME, True, id="a frame is copied when it is written"),
        pytest.param(FRAME["a"], True, id="a series too"),
        pytest.param(FRAME.index, True, id="an index too"),
        pytest.param(OBJECTS, False, id="what objects in cells hold can change"),
        pytest.param(pd.array(["2020-01-01"], dtype="datetime64[ns]"), False, id="an array"),
        pytest.param(pd.array([1, None], dtype="Int64"), False, id="a nullable array"),
        pytest.param(pd.Timestamp("2020-01-01"), True, id="a moment"),
        pytest.param(pd.Interval(0, 1), True, id="an interval"),
        pytest.param(pd.offsets.Day(2), True, id="an offset"),
        pytest.param(pa.array([1, 2]), True, id="Arrow does not change"),
        pytest.param(np.arange(3), False, id="numpy's arrays do"),
    ],
)
def test_is_safe_what_no_later_change_shows_in(value, is_safe):
    assert held(value).is_safe == is_safe
    assert seconds_to_look(value) >= 0
