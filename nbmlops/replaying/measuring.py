"""The metrics of a run, compared with those that were measured again. Pure."""

import math
import struct
from bisect import bisect_right
from collections.abc import Mapping, Sequence

from nbmlops.drawing.words import count, number, shortened
from nbmlops.records import Execution, ExecutionId
from nbmlops.replaying.traces import Series, Trace
from nbmlops.replaying.verdicts import Compared, Verdict, worst

_LONGEST = 60


def compared_metrics(
    before: Trace,
    after: Trace,
    again: Mapping[ExecutionId, Execution],
    *,
    rtol: float = 0.0,
) -> tuple[Compared, ...]:
    """Compare all measurements of each metric that was recorded.

    Parameters
    ----------
    before, after : Trace
        Before has one series for each metric, that of the run in question.
    again : mapping of str to Execution
        What each recorded execution became.
    rtol : float
        How far a number may be from what was recorded, as a share of that; 0 for not at all.
    """
    return tuple(
        _compared(name, series, _measured_again(series, name, before, after, again), rtol)
        for name, (series, *_) in before.series.items()
    )


def compared_numbers(
    name: str, before: Sequence[float], after: Sequence[float], rtol: float
) -> Compared:
    """Compare measurements of a metric, in order.

    Examples
    --------
    >>> found = compared_numbers("auc", [0.5, 0.91], [0.5, 0.9100001], rtol=1e-6)
    >>> found.verdict, found.words
    ('within tolerance', '')
    """
    if not after:
        return Compared(name, "different", _last(before), "", "it was not measured this time")
    if len(before) != len(after):
        words = f"{count(len(after), 'measurement')} instead of {len(before):,}"
        return Compared(name, "different", _last(before), _last(after), words)
    verdicts = [_judged(*pair, rtol) for pair in zip(before, after, strict=True)]
    verdict = worst(verdicts) or "not comparable"
    place = verdicts.index("different") if verdict == "different" else len(before) - 1
    was, now = _told_apart(before[place], after[place])
    words = f"measurement {place + 1:,} of {len(before):,}" if place < len(before) - 1 else ""
    return Compared(name, verdict, was, now, words)


def _judged(before: float, after: float, rtol: float) -> Verdict:
    if struct.pack("<d", before) == struct.pack("<d", after):
        return "identical"
    if before == after or (math.isnan(before) and math.isnan(after)):
        return "equal"
    is_near = rtol > 0 and math.isfinite(after) and abs(after - before) <= rtol * abs(before)
    return "within tolerance" if is_near else "different"


def _told_apart(before: float, after: float) -> tuple[str, str]:
    """Write two numbers: in full where different ones would look the same."""
    texts = number(before), number(after)
    is_same = struct.pack("<d", before) == struct.pack("<d", after)
    return texts if is_same or texts[0] != texts[1] else (repr(before), repr(after))


def _last(values: Sequence[float]) -> str:
    return shortened(number(values[-1]), _LONGEST) if values else ""


# Which measurements are of the executions in question


def _compared(name: str, series: Series, again: Sequence[Sequence[float]], rtol: float) -> Compared:
    """Compare with the run that measured the same, where the cells have opened several."""
    recorded = [point.value for point in series.points]
    found = [compared_numbers(name, recorded, values, rtol) for values in again]
    same = next((each for each in found if each.is_same), None)
    return same or (found[0] if found else compared_numbers(name, recorded, [], rtol))


def _measured_again(
    series: Series,
    name: str,
    before: Trace,
    after: Trace,
    again: Mapping[ExecutionId, Execution],
) -> list[list[float]]:
    """Return what each of the new runs measured in the executions that had measured it.

    Of runs with a name only those of that name count, where there is one. Where none of those
    executions was executed again (its cell had nothing in it but ``%nbmlops metric``), all do.
    """
    givers = {execution.id for execution in _begun_last(series, before.executions)}
    wanted = {again[each].id for each in givers if each in again}
    found = after.series.get(name, ())
    named = [each for each in found if each.summary.run.name == series.summary.run.name]
    chosen = named if series.summary.run.name is not None and named else found
    measured = [
        [
            point.value
            for point, execution in zip(
                each.points, _begun_last(each, after.executions), strict=True
            )
            if execution.id in wanted or not wanted
        ]
        for each in chosen
    ]
    return [values for values in measured if values]


def _begun_last(series: Series, executions: Sequence[Execution]) -> list[Execution]:
    """Return for each measurement the execution that had begun last when it was made."""
    starts = [execution.started for execution in executions]
    if not executions:
        return []
    return [executions[max(bisect_right(starts, point.time) - 1, 0)] for point in series.points]
