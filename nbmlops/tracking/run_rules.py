"""When runs begin and end, and which of them a result belongs to: DESIGN.md §1 in code.

- a run opens at the first result, or by name;
- a result from a cell that has already given the open run one, in an earlier execution, belongs
  to a new run; so does a scalar that an automatic run has already from another cell;
- a model fitted after an automatic run got its metrics waits for the metric that depends on it;
- a run contains the executions its results depend on, also those from before it opened; one
  opened by name contains all executions until it is closed, too.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from nbmlops.canonical import new_id, now
from nbmlops.capture.base import Namespace
from nbmlops.config import Settings
from nbmlops.drawing.page import Span
from nbmlops.errors import NoRunOpen
from nbmlops.records import (
    MetricSource,
    Param,
    Record,
    Run,
    RunId,
    RunStatus,
    Session,
)
from nbmlops.store.base import Store
from nbmlops.tracking.active import ActiveRun
from nbmlops.tracking.checked_names import checked_name, fitting_run_name
from nbmlops.tracking.line import Before, result_lines
from nbmlops.tracking.lineage import Lineage
from nbmlops.tracking.ongoing import Ongoing, OngoingExecutions
from nbmlops.tracking.outlines import Outlines
from nbmlops.tracking.results import Results
from nbmlops.tracking.stacks import Stacks
from nbmlops.tracking.surroundings import Surroundings
from nbmlops.tracking.writer import Writer


class RunRules:
    """The open runs of a session.

    Parameters
    ----------
    session : Session
    settings : Settings
    writer : Writer
    make : callable
        Makes an open run of its record and of the run before it.
    ongoing : OngoingExecutions
        What is executed now.
    lineage : Lineage
        Which executions a result depends on.
    surroundings, outlines
        Are told which runs want their environment, and the cells of their notebook.
    """

    def __init__(
        self,
        session: Session,
        settings: Settings,
        writer: Writer,
        *,
        make: Callable[[Run, Before], ActiveRun],
        ongoing: OngoingExecutions,
        lineage: Lineage,
        surroundings: Surroundings,
        outlines: Outlines,
    ) -> None:
        self.before = Before()
        self._session, self._settings, self._writer = session, settings, writer
        self._make, self._ongoing, self._lineage = make, ongoing, lineage
        self._surroundings, self._outlines = surroundings, outlines
        self._stacks = Stacks()
        self._results = Results(settings)
        self._pending_params: dict[str, Param] = {}
        self._draining: dict[RunId, ActiveRun] = {}

    @property
    def current(self) -> ActiveRun | None:
        """The run that results of this thread go to now; None where none is open."""
        return self._stacks.top

    @property
    def stack(self) -> list[ActiveRun]:
        """The runs of the notebook that are open, the innermost last."""
        return self._stacks.main

    @property
    def all_open(self) -> list[ActiveRun]:
        """All that are open, those of the notebook first."""
        return [run for stack in self._stacks.all for run in stack]

    def require(self, wanted: str) -> ActiveRun:
        """Return the open run; raise `NoRunOpen` where there is none."""
        run = self.current
        if run is None:
            raise NoRunOpen(wanted)
        return run

    def open(
        self,
        name: str | None = None,
        *,
        experiment: str | None = None,
        run_id: RunId | None = None,
        automatic: bool = False,
        hypothesis: str | None = None,
    ) -> ActiveRun:
        """Open a run: inside the ``with`` block that is open, else in place of the open run.

        A blank name is none; raises `InvalidRunName`.
        """
        name = fitting_run_name(name) if name and name.strip() else None
        stack = self.stack if automatic else self._stacks.own
        while stack and not stack[-1].is_fixed:
            stack[-1].finish()
        parent = stack[-1] if stack else None
        environment = self._surroundings.environment
        record = Run(
            id=run_id or RunId(new_id()),
            session_id=self._session.id,
            experiment=experiment
            or (parent.record.experiment if parent else self._session.experiment),
            opened=self._opening_time(automatic=automatic),
            name=name,
            automatic=automatic,
            parent_id=parent.id if parent else None,
            notebook=self._session.notebook,
            user=self._session.user,
            hypothesis=hypothesis,
            environment=environment.digest if environment else None,
        )
        run = self._make(record, self.before)
        stack.append(run)
        self._draining[run.id] = run
        self._surroundings.wanted_by(run)
        self._writer.put(record)
        ongoing = self._ongoing.here
        if ongoing is not None:
            ongoing.touched[run.id] = run
            ongoing.opened_by_hand = ongoing.opened_by_hand or not automatic
        self._results.describe(run, None)
        for pending in self._pending_params.values():
            run.put_written_param(replace(pending, run_id=run.id))
        self._pending_params.clear()
        return run

    def close(self, run: ActiveRun, status: RunStatus, reason: str | None) -> None:
        """Close a run and every run inside it."""
        for stack in self._stacks.all:
            if run in stack:
                while stack[-1] is not run:
                    stack[-1].finish(status, reason=reason)
                stack.remove(run)
        # What came after the last result of an automatic run is not its time.
        closed = run.last_given if run.record.automatic and run.last_given else run.now(now())
        self._writer.gather()  # before it reads as closed: what is kept of it has no gap
        run.change(status=status, closed=max(closed, run.record.opened), reason=reason)
        self._outlines.wanted_by(run.id)
        self._surroundings.wanted_by(run)
        if run.parent_id is None:
            self.before = Before.of(run)
        self._writer.gather()  # a worker of a pool may be ended at any moment from here
        self._writer.wake_for_points()

    def run_for_result(self) -> ActiveRun:
        """Return the run that a result of this execution belongs to, opening it if need be."""
        run = self.current
        if run is not None and self._is_executed_again(run):
            run.finish()
            run = self.current
        return run or self.open(automatic=True)

    def gave_result(self, run: ActiveRun) -> None:
        """Note that the current execution gave a run a result."""
        ongoing = self._ongoing.here
        if ongoing is None:
            run.result_executions.add(None)
            return
        ongoing.touched[run.id] = run
        execution = ongoing.execution
        if execution.id not in run.result_executions:
            run.unlinked_results.add(execution.id)
            run.result_executions.add(execution.id)
        run.result_cells.add(execution.cell_key)

    def log_params(self, params: Mapping[str, object]) -> None:
        """Give parameters to the open run, or keep them for the next one that opens."""
        run = self.current
        if run is None or self._is_executed_again(run):
            for name, value in params.items():
                pending = Param.of(RunId(""), checked_name(name, "parameter"), value, "logged")
                self._pending_params[name] = pending
        else:
            run.log_params(params)

    def take_metrics(self, values: Mapping[str, float], source: MetricSource) -> ActiveRun:
        """Record scalars as results of the current execution.

        One that the open automatic run has already, from an earlier execution, belongs to a new
        run: the next model was measured by the same name in another cell.
        """
        run = self.current
        if run is not None and run.record.automatic and self._has_earlier(run, values):
            run.finish()
        run = self.run_for_result()
        for name, value in values.items():
            run.measure(name, value, source)
        self.gave_result(run)
        return run

    def want_metrics(self, values: Mapping[str, float]) -> None:
        """Make metrics of scalars by hand: now, and whenever a later cell binds their names."""
        self.want_metrics_named(values)
        self.take_metrics(values, "magic")

    def want_metrics_named(self, names: Iterable[str]) -> None:
        """Make metrics of scalars whenever a later cell binds one of these names."""
        self._results.wanted |= set(names)

    def find_results(self, ongoing: Ongoing, namespace: Namespace) -> bool:
        """Take the results of an execution that has ended; tell whether it gave any."""
        execution, touched = ongoing.execution, ongoing.touched
        given_by_hand = {run.id for run in touched.values() if run.result_executions}
        found = self._take_results(ongoing, namespace)
        ended = execution.started + (execution.duration_seconds or 0.0)
        for run in {**touched, **{run.id: run for run in self.stack}}.values():
            is_touched = run.id in touched
            contains_all = run.is_open and not run.record.automatic
            self._lineage.link(run, *([execution.id] if is_touched or contains_all else []))
            # A parameter that changes after a result is the next run's.
            if is_touched or run.is_fixed:
                self._results.describe(run, run.linked)
            if is_touched:
                run.last_given = run.now(ended)
        if touched:
            self._writer.gather()
        return found or bool(given_by_hand)

    def lines(self, ongoing: Ongoing) -> list[tuple[Span, ...]]:
        """Return what is to be said of the results of an execution."""
        execution_id, touched = ongoing.execution.id, ongoing.touched.values()
        given = [run for run in touched if execution_id in run.result_executions]
        return [*result_lines(given, self.before, self._settings, execution_id)]

    def measurements(self) -> list[Record]:
        """Return the measurements that have come since it was asked last."""
        found = []
        for run in list(self._draining.values()):
            found += run.drain()
            if not run.is_open and not any(series.points for series in run.series.values()):
                self._draining.pop(run.id, None)
        return found

    def look_before(self, store: Store) -> None:
        """Find the run that the first of this session is compared with, where that is not known."""
        if not self.before.is_known:
            last = Before.latest(store, self._session.experiment, besides=self._session.id)
            self.before = self.before if self.before.is_known else last

    def _opening_time(self, *, automatic: bool) -> float:
        """Return when a run begins: an automatic one with the execution of its first result."""
        ongoing = self._ongoing.here
        is_first = automatic and ongoing is not None and not ongoing.opened_by_hand
        return ongoing.execution.started if is_first and ongoing is not None else now()

    def _has_earlier(self, run: ActiveRun, names: Iterable[str]) -> bool:
        here = self._ongoing.id_here
        return any(name in run.series and run.series[name].execution_id != here for name in names)

    def _is_executed_again(self, run: ActiveRun) -> bool:
        ongoing = self._ongoing.here
        if ongoing is None or run.is_fixed:
            return False
        execution = ongoing.execution
        has_result = execution.id in run.result_executions
        return not has_result and execution.cell_key in run.result_cells

    def _take_results(self, ongoing: Ongoing, namespace: Namespace) -> bool:
        """Take the metrics and models that the cell made; tell whether there were any."""
        execution = ongoing.execution
        self._results.take_params(execution, namespace)
        if execution.outcome != "ok":
            return False
        if ongoing.opened_by_hand and not any(run.id in ongoing.touched for run in self.stack):
            return False  # its results are those of the runs that it opened and closed
        run = self.current
        given = run.given_names(execution.id) if run is not None else set()
        metrics = self._results.metrics(execution, namespace, leave_out=given)
        models = self._results.take_models(execution, namespace)
        if models and not metrics and run is not None and self._is_measured(run):
            return False  # the next metric that depends on the model brings it into its run
        if metrics or models:
            self.take_metrics(metrics, "matched")
        return bool(metrics or models)

    def _is_measured(self, run: ActiveRun) -> bool:
        """Tell whether an automatic run has its metrics, so that another fit begins the next."""
        has_metrics = run.record.automatic and self._has_earlier(run, [*run.series])
        return has_metrics and not self._is_executed_again(run)
