"""What the harness found, as text and as JSON."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from tests.slicing.checking import ORDERS, Checkup

_SLOW_SECONDS, _MOST_SLOW = 0.02, 12


def totals(found: Sequence[Checkup]) -> dict[str, Any]:
    """Return the figures of several checkups; times in seconds, None where there are none."""
    outputs = [each for checkup in found for each in checkup.outputs]
    overheads = sorted(seconds for checkup in found for _, seconds in checkup.overheads)
    fractions = [each.fraction for each in outputs]

    def count(verdict: str) -> int:
        return sum(each.verdict == verdict for each in outputs)

    return {
        "notebooks": len({each.notebook for each in found}),
        "output_cells": len(outputs),
        "reproduced": count("reproduced"),
        "not_reproduced": count("not reproduced"),
        "nondeterministic": count("nondeterministic"),
        "known_limits": count("known limit"),
        "slices_by_hand": sum(each.checked_by_hand for each in found),
        "inexact": sum(len(each.inexact) for each in found),
        "problems": sum(each.problem is not None for each in found),
        "overhead_median": statistics.median(overheads) if overheads else None,
        "overhead_p95": overheads[int(0.95 * (len(overheads) - 1))] if overheads else None,
        "overhead_max": overheads[-1] if overheads else None,
        "mean_slice_fraction": statistics.fmean(fractions) if fractions else None,
    }


def as_json(found: Sequence[Checkup]) -> dict[str, Any]:
    """Return everything as one document with stable keys."""
    return {
        "totals": totals(found),
        "orders": {order: totals(_of(found, order)) for order in ORDERS},
        "checkups": [asdict(each) for each in found],
    }


def as_text(found: Sequence[Checkup]) -> str:
    """Return a table, what failed, and the totals."""
    parts = (_table(found), _failures(found), _limits(found), _slowest(found), _summary(found))
    return "\n\n".join("\n".join(lines) for lines in map(list, parts) if lines)


def failures(checkup: Checkup) -> list[str]:
    """Return what is wrong in one notebook and order, a line for each."""
    lines = [
        f"{each.cell_id} [{each.sequence}] from {list(each.slice)}: {each.difference}"
        + (f"; {each.hint}" if each.hint else "")
        for each in checkup.outputs
        if each.verdict == "not reproduced"
    ]
    for each in checkup.inexact:
        missing = f"lacks {', '.join(each.missing)}" if each.missing else ""
        unneeded = f"does not need {', '.join(each.unneeded)}" if each.unneeded else ""
        lines.append(f"{each.cell_id}: slice {'; '.join(filter(None, (missing, unneeded)))}")
    if checkup.problem:
        lines.append(checkup.problem)
    return lines


def _of(found: Sequence[Checkup], order: str) -> list[Checkup]:
    return [each for each in found if each.order == order]


def _table(found: Sequence[Checkup]) -> Iterator[str]:
    names = list(dict.fromkeys(each.notebook for each in found))
    width = max(len(name) for name in names)
    yield f"{'':{width}}  {'as is':>11}  {'shuffled':>11}  {'twice':>11}  {'by hand':>9}"
    for name in names:
        mine = [each for each in found if each.notebook == name]
        columns = [_share(each) for each in mine]
        by_hand = sum(each.checked_by_hand for each in mine)
        exact = by_hand - sum(len(each.inexact) for each in mine)
        hand = f"{exact}/{by_hand}" if by_hand else ""
        yield f"{name:{width}}  {'  '.join(f'{text:>11}' for text in columns)}  {hand:>9}"


def _share(checkup: Checkup) -> str:
    judged = ("reproduced", "not reproduced")
    counted = [each for each in checkup.outputs if each.verdict in judged]
    good = sum(each.verdict == "reproduced" for each in counted)
    unsure = len(checkup.outputs) - len(counted)
    mark = "!" if checkup.problem else ""
    return f"{mark}{good}/{len(counted)}" + (f" ({unsure}~)" if unsure else "")


def _failures(found: Sequence[Checkup]) -> Iterator[str]:
    for checkup in found:
        for line in failures(checkup):
            yield f"{checkup.notebook}, {checkup.order}: {line}"


def _limits(found: Sequence[Checkup]) -> Iterator[str]:
    for checkup in found:
        for each in checkup.outputs:
            if each.verdict == "known limit":
                yield f"{checkup.notebook}, {checkup.order}: {each.cell_id}, known: {each.hint}"


def _slowest(found: Sequence[Checkup]) -> Iterator[str]:
    cells = [
        (seconds, checkup, cell_id)
        for checkup in found
        for cell_id, seconds in checkup.overheads
        if seconds > _SLOW_SECONDS
    ]
    for seconds, checkup, cell_id in sorted(cells, key=lambda each: -each[0])[:_MOST_SLOW]:
        yield f"{1000 * seconds:8.1f} ms to record {cell_id} of {checkup.notebook}, {checkup.order}"


def _summary(found: Sequence[Checkup]) -> Iterator[str]:
    columns = [totals(_of(found, order)) for order in ORDERS] + [totals(found)]
    yield f"{'':22}" + "".join(f"{title:>12}" for title in (*ORDERS, "all"))
    for key in columns[0]:
        texts = [_figure(key, column[key]) for column in columns]
        yield f"{key.replace('_', ' '):22}" + "".join(f"{text:>12}" for text in texts)


def _figure(key: str, value: float | None) -> str:
    if value is None:
        return "–"
    if key.startswith("overhead"):
        return f"{1000 * value:.2f} ms"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
