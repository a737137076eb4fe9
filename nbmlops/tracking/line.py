"""The one line below a cell that gave a result: what it was, and what changed against before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nbmlops.config import Settings
from nbmlops.drawing.page import Span
from nbmlops.drawing.words import count, number, signed
from nbmlops.measures import direction
from nbmlops.records import ExecutionId, Param, RunSummary, SessionId
from nbmlops.store.base import RunQuery, Store
from nbmlops.wording import arrow, changed, short

if TYPE_CHECKING:
    from nbmlops.tracking.active import ActiveRun

_MOST_METRICS = 6
_MOST_PARAMS = 4
_MOST_LINES = 3


@dataclass(frozen=True)
class Before:
    """The run that the open one is compared with: its last metrics and its parameters.

    ``is_known`` is False until it was looked up.
    """

    metrics: dict[str, float] = field(default_factory=dict)
    params: dict[str, Param] = field(default_factory=dict)
    is_known: bool = False

    @classmethod
    def of(cls, run: "ActiveRun") -> "Before":
        """Return a run of this session as the one before."""
        return cls(run.last_values(), dict(run.params), is_known=True)

    @classmethod
    def of_summary(cls, summary: RunSummary) -> "Before":
        """Return a stored run as the one before."""
        metrics = {metric.name: metric.last for metric in summary.metrics}
        params = {param.name: param for param in summary.params}
        return cls(metrics, params, is_known=True)

    @classmethod
    def latest(cls, store: Store, experiment: str, *, besides: SessionId) -> "Before":
        """Return what to compare the first run of a session with: the experiment's latest."""
        found: list[RunSummary] = store.runs(RunQuery(experiment=experiment, limit=5))
        earlier = [summary for summary in found if summary.run.session_id != besides]
        return cls.of_summary(earlier[0]) if earlier else cls(is_known=True)


def result_lines(
    runs: "Sequence[ActiveRun]", before: Before, settings: Settings, given_by: ExecutionId
) -> Iterator[tuple[Span, ...]]:
    """Give a line for each run that one execution gave a result, a loop of runs in one line."""
    if len(runs) > _MOST_LINES:
        yield Span(f"{len(runs)} runs with results  "), Span("%nbmlops runs", "code")
        return
    for run in runs:
        known = run.before if run.before.is_known else before
        yield result_line(run, known, settings, given_by)
        run.was_said = True


def result_line(
    run: "ActiveRun", before: Before, settings: Settings, given_by: ExecutionId
) -> tuple[Span, ...]:
    """Return the line: what one execution gave the run, with differences to the run before.

    The parameters that changed follow, once for a run.
    """
    parts = [*_models(run, given_by), *_metrics(run, before, settings, given_by)]
    parts += _params(run, before)
    head = Span(f"{run.name or 'run ' + short(run.id)}  ", "muted")
    joined: list[Span] = [head]
    for index, part in enumerate(parts):
        joined += [Span(" · ", "muted"), *part] if index else part
    return tuple(joined)


def _models(run: "ActiveRun", given_by: ExecutionId) -> Iterator[list[Span]]:
    for model in run.models.values():
        if model.execution_id == given_by:
            yield [Span(f"{model.name} "), Span(model.class_name.rpartition(".")[2], "strong")]


def _metrics(
    run: "ActiveRun", before: Before, settings: Settings, given_by: ExecutionId
) -> Iterator[list[Span]]:
    values = {
        name: value
        for name, value in run.last_values().items()
        if run.series[name].execution_id == given_by
    }
    for name, value in [*values.items()][:_MOST_METRICS]:
        spans = [Span(f"{name} "), Span(number(value), "strong")]
        if name in before.metrics:
            old = before.metrics[name]
            sign, tone, words = arrow(old, value, direction(name, settings))
            change = "" if words == "the same" else f" {signed(value - old)}"
            if words != "not comparable":
                spans.append(Span(f" {sign}{change}", tone, words))
        yield spans
    if len(values) > _MOST_METRICS:
        yield [Span(count(len(values) - _MOST_METRICS, "more metric"), "muted")]


def _params(run: "ActiveRun", before: Before) -> Iterator[list[Span]]:
    if run.was_said:  # once for a run is enough
        return
    parts = []
    for param in run.params.values():
        old = before.params.get(param.name)
        if old is not None and (old.type, old.json) != (param.type, param.json):
            was, is_now = changed(old.value, param.value)
            parts.append([Span(f"{param.name} {was} → "), Span(is_now, "strong")])
    yield from parts[:_MOST_PARAMS]
    if len(parts) > _MOST_PARAMS:
        yield [Span(f"{count(len(parts) - _MOST_PARAMS, 'more parameter')} changed", "muted")]
