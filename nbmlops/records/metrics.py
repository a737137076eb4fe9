"""The measurements of a run: each, packed by the thousand, and what they came to."""

import math
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from nbmlops.records.ids import ExecutionId, RunId

type MetricSource = Literal["logged", "magic", "matched"]

_BIG_ENDIAN = array("H", [1]).tobytes() == b"\x00\x01"


@dataclass(frozen=True, slots=True)
class Point:
    """One measurement of a metric: ``step`` counts from 0 where the user gave none."""

    step: int
    time: float
    value: float


@dataclass(frozen=True, slots=True)
class Points:
    """A stretch of consecutive measurements of one metric, packed.

    ``data`` holds the steps (int64), then the times, then the values (float64), little-endian.
    ``part`` numbers the stretches of one metric from 0. A store makes one of several: it holds
    those from ``part`` to ``last_part``, which is None where it is a single one.
    """

    run_id: RunId
    name: str
    part: int
    count: int
    data: bytes
    last_part: int | None = None

    @classmethod
    def pack(cls, run_id: RunId, name: str, part: int, points: Iterable[Point]) -> "Points":
        """Pack measurements; the inverse of iterating over the stretch."""
        rows = [(point.step, point.time, point.value) for point in points]
        return cls.pack_rows(run_id, name, part, rows)

    @classmethod
    def pack_rows(
        cls, run_id: RunId, name: str, part: int, rows: list[tuple[int, float, float]]
    ) -> "Points":
        """Pack measurements given as ``(step, time, value)``; the fast way in."""
        steps, times, values = zip(*rows, strict=True) if rows else ((), (), ())
        data = b"".join((_le("q", steps), _le("d", times), _le("d", values)))
        return cls(run_id, name, part, len(rows), data)

    def __iter__(self) -> Iterator[Point]:
        steps, times, values = array("q"), array("d"), array("d")
        third = 8 * self.count
        for numbers, start in ((steps, 0), (times, third), (values, 2 * third)):
            numbers.frombytes(self.data[start : start + third])
            if _BIG_ENDIAN:
                numbers.byteswap()
        return map(Point, steps, times, values)


@dataclass(frozen=True, slots=True)
class Metric:
    """What a run's metric came to: its last value, its range, and which execution gave it.

    ``minimum`` and ``maximum`` leave NaN out; all three are NaN where every value was.
    """

    run_id: RunId
    name: str
    last: float
    minimum: float
    maximum: float
    count: int
    last_step: int
    last_time: float
    source: MetricSource = "logged"
    execution_id: ExecutionId | None = None

    def extended(self, rows: list[tuple[int, float, float]]) -> "Metric":
        """Return the metric with further ``(step, time, value)`` measurements counted in."""
        step, time, last = rows[-1]
        values = [value for _, _, value in rows if not math.isnan(value)]
        known = [value for value in (self.minimum, self.maximum) if not math.isnan(value)]
        return replace(
            self,
            last=last,
            minimum=min([*values, *known], default=math.nan),
            maximum=max([*values, *known], default=math.nan),
            count=self.count + len(rows),
            last_step=step,
            last_time=time,
        )

    @classmethod
    def empty(
        cls, run_id: RunId, name: str, source: MetricSource, execution_id: ExecutionId | None
    ) -> "Metric":
        """Return the metric before its first measurement."""
        nan = math.nan
        return cls(run_id, name, nan, nan, nan, 0, -1, 0.0, source, execution_id)


def _le(typecode: str, numbers: Iterable[Any]) -> bytes:
    packed = array(typecode, numbers)
    if _BIG_ENDIAN:
        packed.byteswap()
    return packed.tobytes()
