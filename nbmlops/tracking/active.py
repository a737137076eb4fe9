"""A run that is open: what a user logs to."""

import itertools
import mimetypes
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from nbmlops.canonical import class_name
from nbmlops.capture.outcomes import is_normal_exit
from nbmlops.errors import ArtifactMissing, InvalidMetric, RunClosed
from nbmlops.records import (
    Annotation,
    Artifact,
    ExecutionId,
    Metric,
    MetricSource,
    Model,
    Param,
    ParamSource,
    Points,
    Record,
    Run,
    RunId,
    RunStatus,
    Verdict,
)
from nbmlops.tracking.checked_names import checked_name, fitting_run_name
from nbmlops.tracking.clocks import Stopwatch
from nbmlops.tracking.estimators import params_json
from nbmlops.tracking.line import Before

if TYPE_CHECKING:
    from nbmlops.tracking.tracker import Tracker

_FIRST_STEP, _LAST_STEP = -(2**63), 2**63 - 1
_clock = time.time
_USERS_WORD = ("logged", "given")


class Series:
    """The measurements of one metric that are not yet with the store, and its summary so far.

    ``execution_id`` is the execution that gave the last of them.
    """

    __slots__ = ("execution_id", "last", "metric", "part", "points", "steps")

    def __init__(self, metric: Metric) -> None:
        self.metric = metric
        self.execution_id = metric.execution_id
        self.last = metric.last
        self.part = 0
        self.points: deque[tuple[int, float, float]] = deque()
        self.steps: Iterator[int] = itertools.count()

    def drain(self) -> list[Record]:
        """Return what came since the last time, as records; empty where nothing did."""
        rows = [self.points.popleft() for _ in range(len(self.points))]
        if not rows:
            return []
        self.metric = replace(self.metric.extended(rows), execution_id=self.execution_id)
        packed = Points.pack_rows(self.metric.run_id, self.metric.name, self.part, rows)
        self.part += 1
        return [self.metric, packed]


class ActiveRun:
    """An open run. Use it as a context manager, or `finish` it.

    Attributes
    ----------
    record : Run
        What is stored of it now.
    before : Before
        The run it is compared with in the lines below cells.
    is_fixed : bool
        Whether it stays open when a cell that gave it a result is executed again, as the run of a
        ``with`` block and that of a headless execution do.
    """

    def __init__(self, record: Run, tracker: "Tracker", before: Before) -> None:
        self.record = record
        self.before = before
        self.params: dict[str, Param] = {}
        self.models: dict[str, Model] = {}
        self.series: dict[str, Series] = {}
        self.result_cells: set[str] = set()
        self.result_executions: set[ExecutionId | None] = set()
        self.unlinked_results: set[ExecutionId] = set()
        self.linked: set[ExecutionId] = set()
        self.is_fixed = False
        self.was_said = False
        self.last_given: float | None = None
        self._changing = threading.Lock()
        self._stopwatch = Stopwatch()
        self._tracker = tracker

    def __repr__(self) -> str:
        name = f" {self.name!r}" if self.name else ""
        return f"<ActiveRun {self.id}{name} of {self.record.experiment!r}, {self.record.status}>"

    @property
    def id(self) -> RunId:
        """The run's id."""
        return self.record.id

    @property
    def name(self) -> str | None:
        """The run's name, None where it was given none."""
        return self.record.name

    @property
    def parent_id(self) -> RunId | None:
        """The id of the run it was opened in, None where it was in none."""
        return self.record.parent_id

    @property
    def is_open(self) -> bool:
        """Whether results can be given to it."""
        return self.record.status == "running"

    def __enter__(self) -> Self:
        self.is_fixed = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        if problem is None or is_normal_exit(problem):
            self.finish()
        elif isinstance(problem, KeyboardInterrupt):
            self.finish("interrupted", reason="KeyboardInterrupt")
        else:
            self.finish("failed", reason=f"{class_name(problem)}: {_text(problem)}")

    def log_metric(self, name: str, value: float, step: int | None = None) -> None:
        """Record one measurement of a metric.

        It is in the store within 250 ms, and at the end of the cell at the latest.

        Parameters
        ----------
        name : str
            At most 250 characters.
        value : float
            Anything that ``float()`` takes; NaN and infinities are recorded as they are.
        step : int, optional
            Where in training it was measured; by default counted from 0.

        Raises
        ------
        InvalidMetric
            The value is no number, the step no whole number of 64 bits, or the name no text.
        RunClosed
            The run has ended.
        """
        if self.record.status != "running":
            raise RunClosed(self.id, self.record.status)
        if type(value) is not float:
            value = _as_float(name, value)
        if step is not None and (type(step) is not int or not _FIRST_STEP <= step <= _LAST_STEP):
            step = _as_step(name, step)
        series = self.series.get(name)
        if series is None:
            series = self._new_series(name, "logged")
        if step is None:
            step = next(series.steps)
        tracker = self._tracker
        series.execution_id = tracker.current_execution_id or series.execution_id
        series.points.append((step, _clock(), value))
        series.last = value
        if not tracker.writer.points_waiting:
            tracker.writer.wake_for_points()
        if tracker.current_execution_id not in self.result_executions:
            tracker.runs.gave_result(self)

    def log_metrics(self, values: Mapping[str, float], step: int | None = None) -> None:
        """Record one measurement of each of several metrics; none where one is refused."""
        check_metrics(values, step)
        for name, value in values.items():
            self.log_metric(name, value, step)

    def log_params(self, params: Mapping[str, object]) -> None:
        """Record parameters, with their types; one recorded before is replaced."""
        self._check_open()
        for name, value in params.items():
            self.put_param(checked_name(name, "parameter"), value, "logged")

    def log_artifact(self, path: str | PathLike[str], name: str | None = None) -> None:
        """Keep a file with the run, under its own name or the one given.

        Where a disk has no room for it, that is told, and the run goes on without it.

        Raises
        ------
        ArtifactMissing
            There is no such file.
        """
        self._check_open()
        file = Path(path)
        kept_as = checked_name(name or file.name, "artifact")
        try:
            data = file.read_bytes()
        except (FileNotFoundError, IsADirectoryError):
            raise ArtifactMissing(path) from None
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        blob = self._tracker.keep_if_room(f"the artifact {kept_as}", data)
        if blob is None:
            return
        execution = self._tracker.current_execution_id
        self._tracker.writer.put(Artifact(self.id, kept_as, blob, len(data), kind, execution))
        self._tracker.runs.gave_result(self)

    def log_model(self, model: Any, name: str = "model") -> None:
        """Keep a model itself, pickled, with its class and hyperparameters.

        Where a disk has no room for it, that is told, and its class and hyperparameters are kept.

        Reading a pickle runs code: load only models from people you trust.

        Raises
        ------
        pickle.PicklingError, TypeError, AttributeError
            The model cannot be pickled; nothing is recorded.
        """
        self.keep_model(model, pickled(model), name)

    def keep_model(self, model: Any, data: bytes, name: str) -> None:
        """Keep a model that is pickled already."""
        self._check_open()
        checked_name(name, "model")
        blob = self._tracker.keep_if_room(f"the model {name}", data)
        kept = {} if blob is None else {"blob": blob, "format": "pickle", "size_bytes": len(data)}
        self.describe_model(name, model, **kept)
        self._tracker.runs.gave_result(self)

    def set_tags(self, *words: str, **pairs: object) -> None:
        """Put words and ``key=value`` pairs on the run."""
        for name, value in (*((word, "") for word in words), *pairs.items()):
            self._write(f"tags.{checked_name(name, 'tag')}", str(value))

    def annotate(
        self,
        *,
        name: str | None = None,
        note: str | None = None,
        hypothesis: str | None = None,
        verdict: Verdict | None = None,
    ) -> None:
        """Set the run's name, note, hypothesis or what became of the hypothesis."""
        if name is not None:
            name = fitting_run_name(name)
        given = {"name": name, "note": note, "hypothesis": hypothesis, "verdict": verdict}
        changes = {field: value for field, value in given.items() if value is not None}
        with self._changing:
            self.record = replace(self.record, **changes)  # type: ignore[arg-type]
        for field, value in changes.items():
            self._write(field, str(value))

    def _write(self, field: str, value: str) -> None:
        user = self._tracker.session.user  # to ask anew, in a cell, would be recorded as the cell's
        self._tracker.writer.put(Annotation(self.id, field, value, self._tracker.acts.next(), user))

    def finish(self, status: RunStatus = "finished", *, reason: str | None = None) -> None:
        """Close the run; closing it again does nothing."""
        if self.is_open:
            self._tracker.runs.close(self, status, reason)

    # What the tracker does with a run

    def now(self, moment: float) -> float:
        """Return what the clock says now, ``moment``, unless it was set since the run opened."""
        return self._stopwatch.now(moment)

    def change(self, **fields: Any) -> None:
        """Store the run with some fields changed."""
        with self._changing:  # the writing thread adds the environment
            self.record = replace(self.record, **fields)
            self._tracker.writer.put(self.record)

    def put_param(self, name: str, value: object, source: ParamSource) -> None:
        """Store a parameter unless the run has the very same already."""
        self.put_written_param(Param.of(self.id, name, value, source))

    def put_written_param(self, param: Param) -> None:
        """Store a parameter unless the run has the very same, or the user's own word, already."""
        known = self.params.get(param.name)
        said_by_user = known is not None and known.source in _USERS_WORD
        if known != param and (param.source in _USERS_WORD or not said_by_user):
            self.params[param.name] = param
            self._tracker.writer.put(param)

    def describe_model(self, name: str, model: Any, **kept: Any) -> None:
        """Store what a model is; the model itself only where ``kept`` names its blob."""
        params = params_json(model) if hasattr(type(model), "get_params") else "{}"
        execution = self._tracker.current_execution_id
        self.put_model(Model(self.id, name, class_name(model), params, execution, **kept))

    def put_model(self, model: Model) -> None:
        """Store the record of a model."""
        self.models[model.name] = model
        self._tracker.writer.put(model)

    def measure(self, name: str, value: float, source: MetricSource) -> None:
        """Record a scalar that the tracker found or was asked to take."""
        series = self.series.get(name) or self._new_series(name, source)
        series.execution_id = self._tracker.current_execution_id or series.execution_id
        series.points.append((next(series.steps), _clock(), value))
        series.last = value

    def drain(self) -> list[Record]:
        """Return the measurements not yet with the store."""
        return [record for series in list(self.series.values()) for record in series.drain()]

    def given_names(self, execution_id: ExecutionId) -> set[str]:
        """Return the metrics that are logged, and those that an execution has already given."""
        return {
            name
            for name, found in list(self.series.items())
            if found.metric.source == "logged" or found.execution_id == execution_id
        }

    def last_values(self) -> dict[str, float]:
        """Return the last value of every metric."""
        return {name: series.last for name, series in list(self.series.items())}

    def _new_series(self, name: str, source: MetricSource) -> Series:
        self._check_open()
        execution = self._tracker.current_execution_id
        made = Series(Metric.empty(self.id, checked_name(name), source, execution))
        return self.series.setdefault(name, made)

    def _check_open(self) -> None:
        if not self.is_open:
            raise RunClosed(self.id, self.record.status)


def check_metrics(values: Mapping[str, float], step: int | None) -> None:
    """Raise `InvalidMetric` where `ActiveRun.log_metric` would."""
    for name, value in values.items():
        _as_float(checked_name(name), value)
        if step is not None:
            _as_step(name, step)


def pickled(model: Any) -> bytes:
    """Return a model as bytes; raises what `pickle.dumps` does."""
    import pickle

    return pickle.dumps(model, protocol=5)


def _as_float(name: object, value: object) -> float:
    if isinstance(value, str | bytes):
        raise InvalidMetric(name, f"{value!r} is a text, not a number.")
    try:
        return float(value)  # type: ignore[arg-type]
    except OverflowError:
        most = sys.float_info.max
        raise InvalidMetric(name, f"its value is beyond what a float holds ({most:.2g}).") from None
    except (TypeError, ValueError):
        raise InvalidMetric(name, f"a {class_name(value)} is not a number.") from None


def _as_step(name: object, step: object) -> int:
    index = getattr(type(step), "__index__", None)
    if index is None or isinstance(step, bool):
        raise InvalidMetric(name, f"step {step!r} is not a whole number.")
    whole = int(index(step))
    if not _FIRST_STEP <= whole <= _LAST_STEP:
        raise InvalidMetric(name, f"step {whole} has more than 64 bits.")
    return whole


def _text(problem: BaseException) -> str:
    try:
        return str(problem)
    except Exception as second:  # noqa: BLE001, an exception whose own __str__ fails
        return f"<its text failed: {type(second).__name__}>"
