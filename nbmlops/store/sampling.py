"""Many measurements as few that draw the same: the extremes of each bucket, and what is no number.

A chart a thousand pixels wide shows of a million points their range in each pixel, and nothing of
an average: so that is what is kept. NaN and infinities are kept where they are, one of each kind
in a bucket, for they are what somebody who looks at a chart wants to see first.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nbmlops.store.base import SampledSeries
from nbmlops.store.packed_points import columns

if TYPE_CHECKING:
    import numpy


def sampled(parts: Sequence[tuple[int, bytes]], buckets: int) -> SampledSeries:
    """Return a series from its parts, each a count and the data as it is kept, in order."""
    import numpy  # nobody who records needs it

    read = [columns(count, data) for count, data in parts] or [columns(0, b"")]
    steps, times, values = map(numpy.concatenate, zip(*read, strict=True))
    chosen = _places(values, buckets)
    return SampledSeries(
        tuple(steps[chosen].tolist()),
        tuple(times[chosen].tolist()),
        tuple(values[chosen].tolist()),
        len(values),
    )


def _places(values: "numpy.ndarray[Any, Any]", buckets: int) -> "numpy.ndarray[Any, Any]":
    """Return which values are kept, in order: all where they are few."""
    import numpy

    count = len(values)
    if count <= 2 * buckets:
        return numpy.arange(count)
    length = -(-count // buckets)
    rows = -(-count // length)
    starts = numpy.arange(rows) * length
    known = numpy.isfinite(values)
    found = [numpy.array([0, count - 1])]
    for worst, place in ((numpy.inf, "argmin"), (-numpy.inf, "argmax")):
        filled = numpy.full(rows * length, worst)
        filled[:count] = numpy.where(known, values, worst)
        at = getattr(filled.reshape(rows, length), place)(axis=1) + starts
        at = at[at < count]
        found.append(at[known[at]])
    for is_odd in (numpy.isnan(values), values == numpy.inf, values == -numpy.inf):
        padded = numpy.zeros(rows * length, bool)
        padded[:count] = is_odd
        grid = padded.reshape(rows, length)
        found.append((grid.argmax(axis=1) + starts)[grid.any(axis=1)])
    return numpy.unique(numpy.concatenate(found))
