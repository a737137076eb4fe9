"""The session of this process: what is executed in it, and everything that is recorded of it.

One tracker serves a process. It listens to the recorder and puts everything into the writer. When
runs begin and end, and what belongs to them, is in `nbmlops.tracking.run_rules`.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from nbmlops.canonical import now
from nbmlops.capture.base import FileTouch, Namespace
from nbmlops.config import Settings
from nbmlops.drawing.page import Span
from nbmlops.records import (
    Digest,
    Execution,
    ExecutionId,
    Record,
    Session,
)
from nbmlops.redaction.redactor import Redactor
from nbmlops.store import open_blobs
from nbmlops.store.base import Store
from nbmlops.store.places import home_of, passwords_in
from nbmlops.store.waiting import has_spool
from nbmlops.tracking.active import ActiveRun
from nbmlops.tracking.allowed import allowed_in
from nbmlops.tracking.clocks import Acts
from nbmlops.tracking.lineage import Lineage
from nbmlops.tracking.ongoing import Ongoing, OngoingExecutions
from nbmlops.tracking.outlines import Outlines
from nbmlops.tracking.redacting import Redacting
from nbmlops.tracking.run_rules import RunRules
from nbmlops.tracking.script import Script
from nbmlops.tracking.secret_values import SecretValues, main_namespace
from nbmlops.tracking.secrets_told import ToldSecrets
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
        self.is_lost = False
        self._surroundings = Surroundings(
            project,
            self.keep_code,
            self.writer.put,
            self.redacting.document,
            self.writer.idle_soon,
        )
        self._outlines = Outlines(
            session.notebook, session.place, self.writer.put, self.redacting.cell
        )
        self.runs = RunRules(
            session,
            settings,
            self.writer,
            make=lambda record, before: ActiveRun(record, self, before),
            ongoing=self._ongoing,
            lineage=self._lineage,
            surroundings=self._surroundings,
            outlines=self._outlines,
        )
        self._data = UsedData(project, settings, self.writer.put, self._telling.fault)
        self._script: Script | None = None
        self._ended = False
        self._has_settled = False
        self.writer.put(session)

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
            if self.runs.find_results(ongoing, namespace):
                self._say(ongoing)
        finally:
            self._ongoing.done(ongoing)
            self._telling.tell_now()
            with self.writer.with_the_next():  # that the execution is complete
                self._data.ended(execution, namespace)

    def _say(self, ongoing: Ongoing) -> None:
        if self.writer.look_for_loss() or self.quiet:
            return
        for line in self.runs.lines(ongoing):
            self.say(line)

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
        for run in self.runs.all_open:
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

    def keep_image(self, data: bytes) -> Digest:
        """Keep an image that a cell shows; where that fails it is lost, and the cell's end says so.

        Raises
        ------
        OSError
            There is no room for it, say.
        """
        return self._kept_or_told("an image that was shown", data)

    def keep_if_room(self, what: str, data: bytes) -> Digest | None:
        """Keep bytes, or say what they were and return None where a disk does not take them."""
        with suppress(OSError):
            return self._kept_or_told(what, data)
        return None

    def _kept_or_told(self, what: str, data: bytes) -> Digest:
        try:
            return self.keep_blob(data)
        except OSError as problem:
            self._telling.tell_unkept(what, len(data), problem)
            raise

    def keep_code(self, data: bytes) -> Digest:
        """Keep source code, or a patch of some, in the store's blobs, without the secrets in it."""
        return self._blobs.put(self.redacting.data(data, has_code=True))

    def _end_script(self, script: Script) -> None:
        script.close()
        ended = script.ended()
        if ended.failure is not None:
            reason = f"{ended.failure.type}: {ended.failure.message}".removesuffix(": ")
            for run in [*self.runs.stack]:
                run.finish("interrupted" if script.was_interrupted else "failed", reason=reason)
        self.quiet = True
        self.execution_ended(ended, {})
        self.execution_completed(ended)

    # In the writing thread

    def _measurements(self) -> list[Record]:
        return self.runs.measurements()

    def _when_idle(self, store: Store) -> list[Record]:
        """Take the environment where a run waits for it; show that the session lives."""
        records: list[Record] = []
        if not self._has_settled and has_spool(self.url):
            store.settle()  # what earlier sessions of this machine could not deliver
            self._has_settled = True
        self.runs.look_before(store)
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
            f"nbmlops: {home_of(self.url)} was deleted or moved; nothing is recorded any more. "
            "Start anew with %nbmlops on.",
        )
