"""A table of runs, that draws itself, and becomes a pandas DataFrame or JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from nbmlops.canonical import Json, jsonable, now
from nbmlops.config import Settings
from nbmlops.drawing.page import Column, Drawn, Page, Span, Table, Text, Tone
from nbmlops.drawing.words import count, duration, iso, minute, number, shortened
from nbmlops.records import Run, RunStatus, RunSummary
from nbmlops.tracking import current
from nbmlops.wording import ago, short, shown

if TYPE_CHECKING:
    import pandas

STATUS_TONES: dict[RunStatus, Tone] = {
    "running": "strong", "finished": "good", "failed": "bad", "interrupted": "warn",
}  # fmt: skip
STATUS_SIGNS: dict[RunStatus, str] = {
    "running": "●", "finished": "✓", "failed": "✗", "interrupted": "!",
}  # fmt: skip
_MOST_METRICS, _MOST_METRICS_MIXED = 5, 3
_MOST_PARAMS = 4


@dataclass(frozen=True)
class RunTable(Drawn):
    """Runs in the order they were asked for. A sequence of `RunSummary`.

    Attributes
    ----------
    summaries : tuple of RunSummary
    total : int
        How many runs fit, of which these may be the first.
    next : str or None
        Given as ``after``, it makes `nbmlops.runs` go on behind these; None behind the last.
    filter, order_by : str
        What was asked for; with a filter, no runs does not mean that there are none.
    notes : tuple of str
        Which names no run has: of the order, and where nothing fits of the filter.
    in_trash : bool
        Whether these are the runs in the trash.
    is_narrowed : bool
        Whether an experiment or a state was asked for: then no runs does not mean none, either.
    """

    summaries: tuple[RunSummary, ...]
    total: int
    settings: Settings = Settings()
    next: str | None = None
    filter: str = ""
    order_by: str = ""
    notes: tuple[str, ...] = ()
    in_trash: bool = False
    is_narrowed: bool = False

    def __len__(self) -> int:
        return len(self.summaries)

    def __iter__(self) -> Iterator[RunSummary]:
        return iter(self.summaries)

    @overload
    def __getitem__(self, index: int) -> RunSummary: ...
    @overload
    def __getitem__(self, index: slice) -> "RunTable": ...
    def __getitem__(self, index: int | slice) -> "RunSummary | RunTable":
        if isinstance(index, slice):
            return RunTable(
                self.summaries[index], self.total, self.settings, in_trash=self.in_trash
            )
        return self.summaries[index]

    def __repr__(self) -> str:
        return f"<RunTable of {count(len(self), 'run')}, {self.total:,} in all>"

    def to_json(self) -> Json:
        """Return the runs as plain JSON with stable keys."""
        runs: list[Json] = [run_json(summary) for summary in self.summaries]
        return {"total": self.total, "runs": runs, "next": self.next, "notes": [*self.notes]}

    def to_pandas(self) -> "pandas.DataFrame":
        """Return a DataFrame, indexed by id, a column for each metric and parameter.

        Columns are ``experiment``, ``name``, ``status``, ``opened`` (UTC), ``duration`` (seconds),
        ``notebook``, ``metrics.NAME`` (last value) and ``params.NAME``.
        """
        import pandas

        rows = [_frame_row(summary) for summary in self.summaries]
        fixed = ["experiment", "name", "status", "opened", "duration", "notebook"]
        named = sorted({key for row in rows for key in row} - {"id", *fixed})
        frame = pandas.DataFrame(rows, columns=["id", *fixed, *named]).set_index("id")
        frame["opened"] = pandas.to_datetime(frame["opened"], unit="s", utc=True)
        return frame

    def page(self) -> Page:
        """Return what is to be drawn: the columns that tell these runs apart."""
        notes = [Text((Span(note),)) for note in self.notes]
        is_narrowed = self.is_narrowed or self.filter.strip() != ""
        if not self.summaries and self.total:
            return Page((), [Text((Span(f"none of {count(self.total, 'run')}."),)), *notes])
        if not self.summaries and is_narrowed:
            return Page((), [Text((Span("no run fits.", "strong"),)), *notes])
        if not self.summaries and self.in_trash:
            return Page((), [Text((Span("the trash is empty.", "strong"),))])
        if not self.summaries:
            return Page((), [Text(_nothing())])
        metrics, params = self._metric_names(), self._param_names()
        several = len({summary.run.experiment for summary in self.summaries}) > 1
        named = any(summary.run.name or summary.run.parent_id for summary in self.summaries)
        columns = [Column("run", is_whole=True), *([Column("name")] if named else [])]
        columns += [Column("experiment", is_whole=True)] if several else []
        columns += [Column("status", is_whole=True)]
        columns += [Column(name, "right") for name in (*metrics, *params)]
        # Last, because a narrow terminal leaves columns out from the right.
        columns += [Column("when", is_whole=True), Column("took", "right", is_whole=True)]
        moment = now()
        rows = [
            [
                Span(short(summary.run.id), "code"),
                *([_name(summary.run)] if named else []),
                *([Span(shortened(summary.run.experiment, 30))] if several else []),
                status_span(summary.run.status),
                *_values(summary, metrics, params),
                ago(summary.run.opened, moment),
                Span(duration(lasted(summary.run, moment))),
            ]
            for summary in self.summaries
        ]
        return Page((), [Table(self._caption(), columns, rows), *notes])

    def _caption(self) -> str:
        experiments = {summary.run.experiment for summary in self.summaries}
        shown_count = count(len(self), "run")
        of = f" of {self.total:,}" if self.total > len(self) else ""
        where = f" · {shortened(next(iter(experiments)), 40)}" if len(experiments) == 1 else ""
        return shown_count + of + (" in the trash" if self.in_trash else "") + where

    def _metric_names(self) -> list[str]:
        """Return the metrics that most of the runs have; fewer where experiments are mixed."""
        is_mixed = len({summary.run.experiment for summary in self.summaries}) > 1
        return _commonest(
            [metric.name for summary in self.summaries for metric in summary.metrics],
            _MOST_METRICS_MIXED if is_mixed else _MOST_METRICS,
        )

    def _param_names(self) -> list[str]:
        """Return the parameters that tell runs of one experiment apart, the user's own first."""
        values: dict[tuple[str, str], set[str]] = {}
        by_hand: set[str] = set()
        for summary in self.summaries:
            for param in summary.params:
                key = (param.name, summary.run.experiment)
                values.setdefault(key, set()).add(param.type + param.json)
                if param.source != "estimator":
                    by_hand.add(param.name)
        is_single = len(self.summaries) == 1
        chosen = dict.fromkeys(
            name for (name, _), found in values.items() if len(found) > 1 or is_single
        )
        # A model's parameters mostly repeat what the user set; alone they are worth showing.
        return ([name for name in chosen if name in by_hand] or [*chosen])[:_MOST_PARAMS]


def _nothing() -> tuple[Span, ...]:
    head = Span("no runs yet. ", "strong")
    if current.tracker() is not None:
        return head, Span("This session records: the next result opens a run.")
    return (
        head,
        Span("Put %load_ext nbmlops into a notebook, or execute one: "),
        Span("nbmlops run NOTEBOOK", "code"),
    )


def _name(run: Run) -> Span:
    """Return a run's name, marked where the run is a child of another."""
    name = shortened(run.name or "", 30)
    if run.parent_id is None:
        return Span(name)
    return Span(f"↳ {name}".rstrip(), label=f"inside {run.parent_id}")


def status_span(status: RunStatus) -> Span:
    """Return a status with its sign; the word says what the colour says."""
    sign = STATUS_SIGNS[status]
    lasting = f"{sign} was running at {minute(now())}" if status == "running" else ""
    return Span(f"{sign} {status}", STATUS_TONES[status], lasting=lasting)


def lasted(run: Run, moment: float) -> float | None:
    """Return how long a run has been open, in seconds; None where it died without a trace."""
    if run.closed is not None:
        return run.closed - run.opened
    return moment - run.opened if run.status == "running" else None


def run_json(summary: RunSummary) -> dict[str, Json]:
    """Return a run with its small parts as plain JSON with stable keys."""
    run = summary.run
    return {
        "id": run.id,
        "name": run.name,
        "experiment": run.experiment,
        "status": run.status,
        "reason": run.reason,
        "opened": iso(run.opened),
        "closed": iso(run.closed),
        "duration_seconds": lasted(run, now()),
        "notebook": run.notebook,
        "user": run.user,
        "parent_id": run.parent_id,
        "session_id": run.session_id,
        "automatic": run.automatic,
        "hypothesis": run.hypothesis,
        "verdict": run.verdict,
        "note": run.note,
        "pinned": iso(run.pinned),
        "trashed": iso(run.trashed),
        "params": {param.name: jsonable(param.value) for param in summary.params},
        "metrics": {metric.name: jsonable(metric.last) for metric in summary.metrics},
        "tags": {tag.name: tag.value for tag in summary.tags},
        "models": {model.name: model.class_name for model in summary.models},
        "artifacts": [artifact.name for artifact in summary.artifacts],
    }


def _values(summary: RunSummary, metrics: list[str], params: list[str]) -> list[Span]:
    measured = {metric.name: number(metric.last) for metric in summary.metrics}
    given = {param.name: shown(param.value, 24) for param in summary.params}
    missing = Span("–", "muted", "none")
    return [
        *(Span(measured[name], "strong") if name in measured else missing for name in metrics),
        *(Span(given[name]) if name in given else missing for name in params),
    ]


def _frame_row(summary: RunSummary) -> dict[str, Any]:
    run = summary.run
    return {
        "id": run.id,
        "experiment": run.experiment,
        "name": run.name,
        "status": run.status,
        "opened": run.opened,
        "duration": lasted(run, now()),
        "notebook": run.notebook,
        **{f"metrics.{metric.name}": metric.last for metric in summary.metrics},
        **{f"params.{param.name}": param.value for param in summary.params},
    }


def _commonest(names: list[str], most: int) -> list[str]:
    counts = dict.fromkeys(names, 0)
    for name in names:
        counts[name] += 1
    return sorted(counts, key=lambda name: -counts[name])[:most]
