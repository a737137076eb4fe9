"""The executions of a slice beside those that executing it again made: what is the same. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from nbmlops.cells.hidden import is_hidden
from nbmlops.cells.slices import Step
from nbmlops.drawing.words import shortened
from nbmlops.records import Execution, ExecutionId, Failure
from nbmlops.replaying.aside import Aside
from nbmlops.replaying.comparing import Pair, compared_versions
from nbmlops.replaying.measuring import compared_metrics
from nbmlops.replaying.replayed import Replayed
from nbmlops.replaying.traces import Trace
from nbmlops.replaying.verdicts import Compared, worst
from nbmlops.tracking.slice_page import SlicePage

_OUTCOME = "how it ended"
_LONGEST = 160


@dataclass(frozen=True)
class Judged:
    """Both executions of a slice compared.

    Attributes
    ----------
    rows : tuple of Replayed
    results : tuple of Compared
        Of what was asked for.
    failed : Execution or None
        What ended this time with an error though it had not then; nothing behind it was executed.
    """

    rows: tuple[Replayed, ...]
    results: tuple[Compared, ...]
    failed: Execution | None = None

    @property
    def first(self) -> tuple[Execution, Compared] | None:
        """The first execution that is not the same, and what of it; its failure comes first."""
        for row in self.rows:
            differing = [each for each in row.compared if _is_different(each)]
            if differing:
                return row.execution, differing[0]
        return None


def judged(
    page: SlicePage,
    before: Trace,
    after: Trace,
    again: Mapping[ExecutionId, Execution],
    *,
    rtol: float = 0.0,
) -> Judged:
    """Compare what a slice made with what it made again.

    Parameters
    ----------
    page : SlicePage
    before, after : Trace
        What the stores have of both.
    again : mapping of str to Execution
        What each recorded execution became, by its id.
    rtol : float
        For metrics, see `compared_metrics`.
    """
    metrics = compared_metrics(before, after, again, rtol=rtol)
    by_execution = _givers(page, metrics)
    aside = Aside(before.executions, frozenset(step.execution.id for step in page.steps))
    rows = []
    failed: Execution | None = None
    results: list[Compared] = [*metrics]
    for step in page.steps:
        pair = Pair(step.execution, again.get(step.execution.id))
        own = by_execution.get(step.execution.id, [])
        measured = {each.name for each in own}
        needed = {reason.name for reason in step.reasons if not is_hidden(reason.name)}
        if step.is_target and not metrics:
            needed |= _result_names(page, before, step)
        versions = [
            each
            for each in aside.excused(
                step.execution,
                compared_versions(
                    pair, before, after, needed, partial(aside.columns, step.execution)
                ),
                before.versions(step.execution),
            )
            if each.name not in measured
        ]
        ended = [*_endings(pair)]
        compared = (*ended, *_by_what_they_tell(versions, own, before, step.execution))
        if step.is_target and not metrics:
            results += [each for each in (*ended, *versions) if each.is_needed]
        failed = failed or (step.execution if _has_failed(pair) else None)
        rows.append(_row(pair, compared, has_failed=failed is not None))
    return Judged(tuple(rows), tuple(results), failed)


def _row(pair: Pair, compared: tuple[Compared, ...], *, has_failed: bool) -> Replayed:
    """Return an execution and its verdict; ``has_failed`` where it, or one before it, has."""
    verdict = worst(each.verdict for each in compared if each.is_needed)
    verdict = "not run" if has_failed else verdict
    seconds = pair.again.duration_seconds if pair.again is not None else None
    return Replayed(pair.recorded, verdict, compared, seconds)


def _givers(page: SlicePage, metrics: Sequence[Compared]) -> dict[ExecutionId, list[Compared]]:
    """Return the metrics by the execution that measured each last; of the last one by default."""
    known = {metric.name: metric for metric in page.summary.metrics} if page.summary else {}
    there = {step.execution.id for step in page.steps}
    found: dict[ExecutionId, list[Compared]] = {}
    for each in metrics:
        giver = known[each.name].execution_id
        if giver is None or giver not in there:
            giver = page.steps[-1].execution.id
        found.setdefault(giver, []).append(each)
    return found


def _result_names(page: SlicePage, before: Trace, step: Step) -> set[str]:
    """Return what of a target is its result where no metric is."""
    if page.target.kind == "variable":
        return {page.target.name}
    if page.target.kind == "failure":
        return set()
    written = {*before.versions(step.execution)}
    models = {model.name for model in page.summary.models} if page.summary else set()
    return models & written or written


def _endings(pair: Pair) -> Iterator[Compared]:
    """Give how both ended, where one of them failed."""
    if pair.again is None:
        return
    was, now = pair.recorded.failure, pair.again.failure
    if was is None and now is None:
        return
    is_same = was is not None and now is not None and _said(was) == _said(now)
    yield Compared(_OUTCOME, "identical" if is_same else "different", _said(was), _said(now))


def _said(failure: Failure | None) -> str:
    if failure is None:
        return "without error"
    return shortened(f"{failure.type}: {failure.message}".removesuffix(": "), _LONGEST)


def _has_failed(pair: Pair) -> bool:
    """Tell whether an execution did not come to its end this time, though it had then."""
    has_ended = pair.again is None or pair.again.outcome == "ok"
    return pair.recorded.outcome == "ok" and not has_ended


def _by_what_they_tell(
    versions: Sequence[Compared], metrics: Sequence[Compared], before: Trace, execution: Execution
) -> list[Compared]:
    """Return data first, then metrics, then other values: a difference of data tells most."""
    known = before.versions(execution)
    is_data = {name for name, version in known.items() if version.value is not None}
    return [
        *(each for each in versions if each.name in is_data),
        *metrics,
        *(each for each in versions if each.name not in is_data),
    ]


def _is_different(compared: Compared) -> bool:
    return compared.is_needed and compared.verdict == "different"
