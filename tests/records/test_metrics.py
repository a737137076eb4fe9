import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nbmlops.records.metrics import Metric, Point, Points

steps = st.integers(-(2**63), 2**63 - 1)
points = st.lists(st.builds(Point, steps, st.floats(0, 1e10), st.floats()), max_size=50)
rows = st.lists(st.tuples(steps, st.floats(0, 1e10), st.floats()), min_size=1, max_size=20)


@given(points)
@example([])
@example([Point(0, 0.0, math.nan), Point(-1, 1.5, -0.0), Point(2**62, 2.0, math.inf)])
def test_points_unpack_to_what_was_packed(measured):
    packed = Points.pack("run1", "auc", 0, measured)
    assert packed.count == len(measured)
    assert len(packed.data) == 24 * len(measured)
    assert repr(list(packed)) == repr(measured)


def test_points_are_little_endian_steps_then_times_then_values():
    packed = Points.pack("run1", "auc", 0, [Point(1, 0.5, 2.0), Point(2, 1.0, -2.0)])
    assert packed.data.hex(" ", 8) == (
        "0100000000000000 0200000000000000 "
        "000000000000e03f 000000000000f03f "
        "0000000000000040 00000000000000c0"
    )


def metric(measured):
    return Metric.empty("run1", "loss", "logged", None).extended(measured)


@pytest.mark.parametrize(
    ("values", "last", "minimum", "maximum"),
    [
        pytest.param([2.0], 2.0, 2.0, 2.0, id="one"),
        pytest.param([3.0, 1.0, 2.0], 2.0, 1.0, 3.0, id="several"),
        pytest.param([1.0, math.nan], math.nan, 1.0, 1.0, id="nan last"),
        pytest.param([math.nan, 1.0], 1.0, 1.0, 1.0, id="nan first"),
        pytest.param([math.nan], math.nan, math.nan, math.nan, id="only nan"),
        pytest.param([1.0, -math.inf], -math.inf, -math.inf, 1.0, id="infinity"),
    ],
)
def test_metric_counts_nan_as_the_last_value_and_never_in_the_range(values, last, minimum, maximum):
    found = metric([(step, 10.0 + step, value) for step, value in enumerate(values)])
    shown = [repr(value) for value in (found.last, found.minimum, found.maximum)]
    assert shown == [repr(value) for value in (last, minimum, maximum)]
    assert (found.count, found.last_step) == (len(values), len(values) - 1)
    assert found.last_time == 9.0 + len(values)


@given(rows, rows)
def test_a_metric_measured_in_two_batches_is_as_if_measured_in_one(first, second):
    assert repr(metric(first).extended(second)) == repr(metric([*first, *second]))
