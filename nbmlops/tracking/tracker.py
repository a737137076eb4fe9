"""Decides when runs begin and end, and what belongs to them: the rules of DESIGN.md §1 in code.

One tracker serves a process. It listens to the recorder, keeps the open runs, and puts everything
into the writer. The rules:

- a run opens at the first result, or by name;
- a result from a cell that has already given the open run one, in an earlier execution, belongs
  to a new run; so does a scalar that an automatic run has already from another cell;
- a model fitted after an automatic run got its metrics waits for the metric that depends on it;
- a run contains the executions its results depend on, also those from before it opened; one
  opened by name contains all executions until it is closed, too.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from nbmlops.canonical import new_id, now
from nbmlops.capture.base import FileTouch, Namespace
from nbmlops.config import Settings
from nbmlops.drawing.page import Span
from nbmlops.errors import NoRunOpen
from nbmlops.records import (
    Digest,
    Execution,
    ExecutionId,
    MetricSource,
    Param,
    Record,
    Run,
    RunId,
    RunStatus,
    Session,
)
from nbmlops.redaction.redactor import Redactor
from nbmlops.store import open_blobs
from nbmlops.store.base import Store
from nbmlops.store.places import home_of, passwords_in
from nbmlops.store.waiting import has_spool
from nbmlops.tracking.active import ActiveRun
from nbmlops.tracking.allowed import allowed_in
from nbmlops.tracking.checked_names import checked_name, checked_run_name
from nbmlops.tracking.clocks import Acts
from nbmlops.tracking.line import Before, result_lines
from nbmlops.tracking.lineage import Lineage
from nbmlops.tracking.ongoing import Ongoing, OngoingExecutions
from nbmlops.tracking.outlines import Outlines
from nbmlops.tracking.redacting import Redacting
from nbmlops.tracking.results import Results
from nbmlops.tracking.script import Script
from nbmlops.tracking.secret_values import SecretValues, main_namespace
from nbmlops.tracking.secrets_told import ToldSecrets
from nbmlops.tracking.stacks import Stacks
from nbmlops.tracking.surroundings import Surroundings
from nbmlops.tracking.telling import Telling
from nbmlops.tracking.used_data import UsedData
from nbmlops.tracking.writer import Writer

type Say = Callable[[tuple[Span, ...]], None]


class Tracker:
    """The session of this process and its runs. A `nbmlops.capture.base.Listener`.

    Parameters
    ----------
    session : Session
        Stored at once.
    url : str
        The store's.
    settings : Settings
    project : Path
        Where git and local modules are looked for.
    say : callable
        Shows a line to the user.
    namespace : callable, optional
        Returns the variables that may hold secrets; by default those of the main module.
    """

    def __init__(
        self,
        session: Session,
        url: str,
        settings: Settings,
        project: Path,
        say: Say,
        namespace: Callable[[], Namespace] = main_namespace,
    ) -> None:
        self.session, self.url, self.settings, self.project = session, url, settings, project
        self.say = say
        self.quiet = settings.quiet
        self._stacks = Stacks()
        self._ongoing = OngoingExecutions()
        self._looked_for: ExecutionId | None = None  # the execution whose secrets are learnt
        self._redact = Redactor((*settings.allow_secrets, *allowed_in(home_of(url))))
        for password in passwords_in(url):
            self._redact.learn(password, "password")
        self._telling = Telling(home_of(url) / "faults.log", self._redact)
        self.secrets = SecretValues(self._redact, namespace, self._telling.fault)
        self.redacting = Redacting(self._redact, self.secrets, self._telling.fault)
        self._told_secrets = ToldSecrets(self._redact)
        self.writer = Writer(
            url,
            session.id,
            collect=self._measurements,
            redact=self.redacting,
            replaces_secrets=self.redacting.were_open,
            idle=self._when_idle,
            on_trouble=self._telling.trouble,
            on_lost=self._lost,
        )
        self._blobs = open_blobs(url)
        self.acts = Acts()
        self._lineage = Lineage(self.writer.put)
        self._results = Results(settings)
        self._pending_params: dict[str, Param] = {}
        self.is_lost = False
        self._draining: dict[RunId, ActiveRun] = {}
        self._before = Before()
        self._surroundings = Surroundings(
            project, self.keep_code, self.writer.put, self.redacting.document
        )
        self._outlines = Outlines(
            session.notebook, session.place, self.writer.put, self.redacting.cell
        )
        self._data = UsedData(project, settings, self.writer.put, self._telling.fault)
        self._script: Script | None = None
        self._ended = False
        self._has_settled = False
        self.writer.put(session)

    # Runs

    @property
    def run(self) -> ActiveRun | None:
        """The run that results of this thread go to now; None where none is open."""
        return self._stacks.top

    @property
    def stack(self) -> list[ActiveRun]:
        """The runs of the notebook that are open, the innermost last."""
        return self._stacks.main

    def require_run(self, wanted: str) -> ActiveRun:
        """Return the open run; raise `NoRunOpen` where there is none."""
        run = self.run
        if run is None:
            raise NoRunOpen(wanted)
        return run

    def open_run(
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
        name = checked_run_name(name) if name and name.strip() else None
        stack = self.stack if automatic else self._stacks.own
        while stack and not stack[-1].is_fixed:
            stack[-1].finish()
        parent = stack[-1] if stack else None
        environment = self._surroundings.environment
        record = Run(
            id=run_id or RunId(new_id()),
            session_id=self.session.id,
            experiment=experiment or (parent.record.experiment if parent else self.experiment),
            opened=self._opening_time(automatic=automatic),
            name=name,
            automatic=automatic,
            parent_id=parent.id if parent else None,
            notebook=self.session.notebook,
            user=self.session.user,
            hypothesis=hypothesis,
            environment=environment.digest if environment else None,
        )
        run = ActiveRun(record, self, self._before)
        stack.append(run)
        self._draining[run.id] = run
        self._surroundings.wanted_by(run)
        self.writer.put(record)
        ongoing = self._ongoing.here
        if ongoing is not None:
            ongoing.touched[run.id] = run
            ongoing.opened_by_hand = ongoing.opened_by_hand or not automatic
        self._results.describe(run, None)
        for pending in self._pending_params.values():
            run.put_written_param(replace(pending, run_id=run.id))
        self._pending_params.clear()
        return run

    def close_run(self, run: ActiveRun, status: RunStatus, reason: str | None) -> None:
        """Close a run and every run inside it."""
        for stack in self._stacks.all:
            if run in stack:
                while stack[-1] is not run:
                    stack[-1].finish(status, reason=reason)
                stack.remove(run)
        # What came after the last result of an automatic run is not its time.
        closed = run.last_given if run.record.automatic and run.last_given else run.now(now())
        self.writer.gather()  # before it reads as closed: what is kept of it has no gap
        run.change(status=status, closed=max(closed, run.record.opened), reason=reason)
        self._outlines.wanted_by(run.id)
        self._surroundings.wanted_by(run)
        if run.parent_id is None:
            self._before = Before.of(run)
        self.writer.gather()  # a worker of a pool may be ended at any moment from here
        self.writer.wake_for_points()

    def run_for_result(self) -> ActiveRun:
        """Return the run that a result of this execution belongs to, opening it if need be."""
        run = self.run
        if run is not None and self._is_executed_again(run):
            run.finish()
            run = self.run
        return run or self.open_run(automatic=True)

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
        run = self.run
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
        run = self.run
        if run is not None and run.record.automatic and self._has_earlier(run, values):
            run.finish()
        run = self.run_for_result()
        for name, value in values.items():
            run.measure(name, value, source)
        self.gave_result(run)
        return run

    def want_metrics(self, values: Mapping[str, float]) -> None:
        """Make metrics of scalars by hand: now, and whenever a later cell binds their names."""
        self._results.wanted |= values.keys()
        self.take_metrics(values, "magic")

    @property
    def experiment(self) -> str:
        """The name of the experiment that runs go to unless told otherwise."""
        return self.session.experiment

    # Executions

    @property
    def current_execution_id(self) -> ExecutionId | None:
        """The id of the execution that this thread works for, None where that is not known."""
        return self._ongoing.id_here

    def follow_threads(self) -> None:
        """Have what a thread logs belong to the cell that started it, also beside other cells."""
        self._ongoing.follow_threads()

    def begin_script(self, script: Script) -> None:
        """Record a plain script as one execution, which ends with the session."""
        self._script = script
        self._telling.at_once = True
        self.execution_started(script.execution)

    def execution_started(self, execution: Execution) -> None:
        """Store an execution as running."""
        self._ongoing.started(execution)
        self.secrets.look_at((), {})
        self.writer.put(execution)
        self._data.started(execution.id)

    def execution_ended(self, execution: Execution, namespace: Namespace) -> None:
        """Find the parameters and results of an execution."""
        ongoing = self._ongoing.ended(execution)
        try:
            if self._looked_for != execution.id:
                self._look_for_secrets(execution, namespace)
            self._lineage.add(execution, self._data.take_files(execution.id))
            self._find_results(ongoing, namespace)
        finally:
            self._ongoing.done(ongoing)
            self._telling.tell_now()
            with self.writer.together():
                self._data.ended(execution, namespace)

    def _find_results(self, ongoing: Ongoing, namespace: Namespace) -> None:
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
            self.writer.gather()
        if (found or given_by_hand) and not self.quiet and not self.is_lost:
            self._say_result(ongoing)

    def files_touched(self, execution: Execution, touches: Sequence[FileTouch]) -> None:
        """Store which files an execution read and wrote."""
        # Their names may have a secret in them.
        self._look_for_secrets(execution, self.secrets.namespace())
        self._data.files_touched(execution, touches)

    def _look_for_secrets(self, execution: Execution, namespace: Namespace) -> None:
        self._looked_for = execution.id
        written = (*execution.names.defined, *execution.names.touched)
        self.secrets.look_at(written, namespace)

    def execution_completed(self, execution: Execution) -> None:
        """Store an execution, complete."""
        self.writer.put(execution)
        self._telling.tell_while_full(self.writer.problem, self.writer.at_risk)
        if not self.quiet and not self.is_lost:
            line = self._told_secrets.line()
            if line is not None:
                self.say(line)

    def fault(self, where: str, problem: BaseException) -> None:
        """Write our own error down, and tell the user once."""
        self._telling.fault(where, problem)

    def end(self) -> None:
        """Close the open runs and the session; deliver everything."""
        if self._ended:
            return
        self._ended = True
        if self._script is not None:
            self._end_script(self._script)
        for run in [run for stack in self._stacks.all for run in stack]:
            run.finish()
        self._ongoing.close()
        self._data.close()
        self.session = replace(self.session, ended=now(), heartbeat=now())
        self.writer.put(self.session)
        if not self.writer.close() and self.writer.at_risk:
            self._telling.tell_loss(self.writer.at_risk)
        self._telling.tell_now()

    def flush(self, timeout_seconds: float = 30.0, *, profiles_seconds: float = 30.0) -> bool:
        """Have all that was recorded until now in the store; return whether that was in time.

        Profiles of data are waited for no longer than ``profiles_seconds``: `is_looking` tells.
        """
        is_found = self._data.wait(timeout_seconds, profiles_seconds)
        return is_found and self.writer.flush(timeout_seconds)

    @property
    def is_looking(self) -> bool:
        """Whether data is still being looked at."""
        return self._data.is_looking

    def keep_blob(self, data: bytes) -> Digest:
        """Keep bytes in the store's blobs, without the secrets in them."""
        return self._blobs.put(self.redacting.data(data))

    def keep_code(self, data: bytes) -> Digest:
        """Keep source code, or a patch of some, in the store's blobs, without the secrets in it."""
        return self._blobs.put(self.redacting.data(data, has_code=True))

    def _end_script(self, script: Script) -> None:
        script.close()
        ended = script.ended()
        if ended.failure is not None:
            reason = f"{ended.failure.type}: {ended.failure.message}".removesuffix(": ")
            for run in [*self.stack]:
                run.finish("interrupted" if script.was_interrupted else "failed", reason=reason)
        self.quiet = True
        self.execution_ended(ended, {})
        self.execution_completed(ended)

    # Parts of a run

    def _opening_time(self, *, automatic: bool) -> float:
        """Return when a run begins: an automatic one with the execution of its first result."""
        ongoing = self._ongoing.here
        is_first = automatic and ongoing is not None and not ongoing.opened_by_hand
        return ongoing.execution.started if is_first and ongoing is not None else now()

    def _has_earlier(self, run: ActiveRun, names: Iterable[str]) -> bool:
        here = self.current_execution_id
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
        run = self.run
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

    def _say_result(self, ongoing: Ongoing) -> None:
        execution_id, touched = ongoing.execution.id, ongoing.touched.values()
        given = [run for run in touched if execution_id in run.result_executions]
        for line in result_lines(given, self._before, self.settings, execution_id):
            self.say(line)

    # In the writing thread

    def _measurements(self) -> list[Record]:
        found = []
        for run in list(self._draining.values()):
            found += run.drain()
            if not run.is_open and not any(series.points for series in run.series.values()):
                self._draining.pop(run.id, None)
        return found

    def _when_idle(self, store: Store) -> list[Record]:
        """Take the environment where a run waits for it; show that the session lives."""
        records: list[Record] = []
        if not self._has_settled and has_spool(self.url):
            store.settle()  # what earlier sessions of this machine could not deliver
            self._has_settled = True
        if not self._before.is_known:
            last = Before.latest(store, self.experiment, besides=self.session.id)
            self._before = self._before if self._before.is_known else last
        self._outlines.look()
        self._surroundings.look()
        if not self._ended:
            self.session = replace(self.session, heartbeat=now())
            records.append(self.session)
        return records

    def _lost(self) -> None:
        self.is_lost = True
        self._telling.tell(
            "lost",
            f"nbmlops: {home_of(self.url)} was deleted; nothing is recorded any more. "
            "Start anew with %reload_ext nbmlops.",
        )
