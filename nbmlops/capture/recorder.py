"""The hooks in a kernel: one `Execution` for each executed cell, told as it happens.

Recorded: every cell that holds more than white space, once for each time it runs, syntax errors
and interrupted cells included. Deliberately not recorded: empty cells, what front ends execute
silently, cells headed ``%%nbmlops scratch``. A cell run from within a cell (``get_ipython()
.run_cell``) counts as part of the outer one. No hook ever raises into the user's cell, and no
value of theirs is kept.
"""

import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import wraps
from types import FrameType
from typing import Any

from nbmlops.canonical import new_id, now
from nbmlops.capture.base import (
    FileWatcher,
    KeepBlob,
    Listener,
    NameWatcher,
    OutputTap,
    RedactText,
)
from nbmlops.capture.observed_names import ObservedNames
from nbmlops.capture.outcomes import failure_of, outcome_of
from nbmlops.capture.outputs import Collector, KernelTap, Limits, StreamTap
from nbmlops.capture.resources import Meter
from nbmlops.capture.static_names import StaticNames
from nbmlops.capture.typed_secrets import TypedSecrets
from nbmlops.cells.headers import header_of
from nbmlops.cells.names import merged
from nbmlops.cells.sources import source_key
from nbmlops.config import Settings
from nbmlops.records import (
    Execution,
    ExecutionId,
    Names,
    Output,
    SessionId,
)


@dataclass(slots=True)
class _Active:
    """An execution that is going on in one thread."""

    info: Any
    execution: Execution | None  # None where it is not to be recorded
    meter: Meter | None
    nested: list[Any] = field(default_factory=list)  # infos of cells run from within
    inner_names: list[Names] = field(default_factory=list)


def _never_raises[**P](hook: Callable[P, None]) -> Callable[P, None]:
    """Turn our own error in a hook into a fault told to the listener.

    An interruption by the user goes through: IPython handles it as it does without us.
    """

    @wraps(hook)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            hook(*args, **kwargs)
        except KeyboardInterrupt:
            raise
        except BaseException as problem:  # noqa: BLE001, whatever it is, the user's cell must not notice
            recorder = args[0]
            assert isinstance(recorder, Recorder)
            recorder.listener.fault(hook.__name__, problem)

    return guarded


class _GoingOn:
    """Tells of an error instead of raising it: what comes behind is worth having without this.

    A class, as a generator takes several times as long, and each cell goes through some of these.
    """

    __slots__ = ("_listener", "_where")

    def __init__(self, listener: Listener, where: str) -> None:
        self._listener, self._where = listener, where

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, problem: BaseException | None, traceback: object) -> bool:
        if problem is not None and not isinstance(problem, KeyboardInterrupt):
            self._listener.fault(self._where, problem)
        return True


class Recorder:
    """Records the executions of one IPython shell from `start` until `stop`.

    Parameters
    ----------
    shell : InteractiveShell
    listener : Listener
        Is told of every execution.
    session_id : str
        Goes into every record.
    keep_blob : callable
        Keeps bytes (images) and returns their digest.
    watcher : NameWatcher, optional
        Finds the names; by default by watching what runs.
    files : FileWatcher, optional
        Finds the files; by default none are looked for.
    redact : RedactText, optional
        Looks for secrets where outputs are cut, and learns what is typed as a password.
    """

    def __init__(
        self,
        shell: Any,
        listener: Listener,
        *,
        session_id: SessionId,
        settings: Settings,
        keep_blob: KeepBlob,
        watcher: NameWatcher | None = None,
        files: FileWatcher | None = None,
        redact: RedactText | None = None,
    ) -> None:
        self.shell, self.listener, self.session_id = shell, listener, session_id
        self.watcher: NameWatcher = watcher or ObservedNames(shell, listener.fault)
        self._files = files
        self.sequence = 0
        self._limits = Limits(settings.output_limit_bytes, settings.image_limit_bytes, redact)
        self._keep_blob = keep_blob
        self._typed = TypedSecrets(shell, redact, listener.fault) if redact is not None else None
        self._tap: OutputTap | None = None
        self._active: dict[int, _Active] = {}
        self._counting = threading.Lock()
        self._started = 0.0
        self._is_stopping = False

    @property
    def is_recording(self) -> bool:
        """Whether the hooks are in place, and to stay beyond the cell that is running."""
        return self._tap is not None and not self._is_stopping

    def start(self) -> None:
        """Put the hooks in place; the cell that is running now is recorded too."""
        self._is_stopping = False
        if self.is_recording:
            return
        self._started = now()
        self._tap = self._new_tap()
        if self._typed is not None:
            self._typed.open()
        self.watcher.open()
        self.shell.events.register("pre_run_cell", self.before_cell)
        self.shell.events.register("post_run_cell", self.after_cell)
        running = _cells_running()
        if running and not running[-1].silent:
            self.before_cell(running[-1], is_midway=True)

    def stop(self) -> None:
        """Take the hooks away; those of a cell that is running in this thread when it ends."""
        if self._tap is None:
            return
        self._is_stopping = threading.get_ident() in self._active
        if not self._is_stopping:
            self._tap.close()
            self.abandon()

    def abandon(self) -> None:
        """Take the hooks away at once, and tell nothing any more.

        For the copy in a forked child, too: it may not wait for the listener's locks.
        """
        if self._tap is None:
            return
        self.shell.events.unregister("pre_run_cell", self.before_cell)
        self.shell.events.unregister("post_run_cell", self.after_cell)
        self.watcher.close()
        if self._files is not None:
            self._files.close()
        if self._typed is not None:
            self._typed.close()
        self._tap.abandon()
        self._tap = None
        self._active.clear()

    @_never_raises
    def before_cell(self, info: Any, *, is_midway: bool = False) -> None:
        """Hook ``pre_run_cell``."""
        thread = threading.get_ident()
        active = self._active.get(thread)
        if active is not None and len(_cells_running()) > 1:
            active.nested.append(info)
            return
        if active is not None:  # IPython failed so badly that it never said how the cell ended
            self._end(active, None)
        header = header_of(info.raw_cell)
        if header is not None and header.kind == "scratch":
            self._active[thread] = _Active(info, None, None)
            return
        execution = self._begun(info)
        self._active[thread] = active = _Active(info, execution, None)
        self.listener.execution_started(execution)
        self.watcher.started(_python(self.shell, info), is_midway=is_midway)
        if self._files is not None:
            self._files.started()
        if self._tap is not None:
            self._tap.started()
        active.meter = Meter()

    @_never_raises
    def after_cell(self, result: Any) -> None:
        """Hook ``post_run_cell``; IPython calls it for empty cells too, without its twin."""
        with suppress(KeyboardInterrupt):  # the cell is over: there is nothing left to interrupt
            self._after_cell(result)

    def _after_cell(self, result: Any) -> None:
        thread = threading.get_ident()
        active = self._active.get(thread)
        info = getattr(result, "info", None)
        if active is None:
            if info is not None and info.raw_cell and not info.raw_cell.isspace():
                self._ended_without_start(info, result)
            return
        if info is not None and not info.raw_cell.strip():
            return
        # Not every info is the one of the start: IPython makes another when it fails itself.
        if active.nested and info is not active.info:
            self._nested_ended(active)
            return
        try:
            self._end(active, result)
        finally:
            if self._is_stopping:
                self.stop()

    def _end(self, active: _Active, result: Any) -> None:
        """Tell that an execution has ended, whatever of that fails or is interrupted."""
        del self._active[threading.get_ident()]
        if active.execution is None:
            self.watcher.unrecorded_ended()
            return
        ended = self._completed(active, active.execution, result)
        if self._files is not None:
            with self._going_on("finding files"):
                touches = self._files.ended(_python(self.shell, active.info))
                self.listener.files_touched(ended, touches)
        with self._going_on("recording what a cell gave"):
            self.listener.execution_ended(ended, self.shell.user_ns)
        self._await_outputs(ended)

    def _going_on(self, where: str) -> "_GoingOn":
        """Go on after our own error, and when the user interrupts a cell that is over already."""
        return _GoingOn(self.listener, where)

    def _await_outputs(self, ended: Execution) -> None:
        def complete(outputs: tuple[Output, ...]) -> None:
            self.listener.execution_completed(replace(ended, outputs=outputs) if outputs else ended)

        if self._tap is not None:
            with self._going_on("collecting outputs"):
                self._tap.ended(complete)
                return
        complete(())

    def _begun(self, info: Any) -> Execution:
        header = header_of(info.raw_cell)
        given = (getattr(info, "cell_meta", None) or {}).get("tags") or ()
        tags = [tag for tag in given if isinstance(tag, str)]
        tags += [tag for tag in (header.tags if header else ()) if tag not in tags]
        with self._counting:
            self.sequence += 1
            sequence, started = self.sequence, now()
        return Execution(
            id=ExecutionId(new_id()),
            session_id=self.session_id,
            sequence=sequence,
            source=info.raw_cell,
            started=started,
            cell_key=info.cell_id or source_key(info.raw_cell),
            cell_id=info.cell_id,
            tags=tuple(tags),
            execution_count=self.shell.execution_count - 1 if info.store_history else None,
        )

    def _completed(self, active: _Active, execution: Execution, result: Any) -> Execution:
        outcome, error = outcome_of(self.shell, result)
        cost = failure = None
        with self._going_on("measuring a cell"):
            cost = active.meter.read() if active.meter else None
        own = self._names(active.info)
        if error is not None:
            with self._going_on("recording how a cell failed"):
                failure = failure_of(error)
        return replace(
            execution,
            duration_seconds=cost.duration_seconds if cost else max(0.0, now() - execution.started),
            cpu_seconds=cost.cpu_seconds if cost else None,
            memory_growth_bytes=cost.memory_growth_bytes if cost else None,
            outcome=outcome,
            failure=failure,
            names=merged([own, *active.inner_names]) if active.inner_names else own,
        )

    def _names(self, info: Any) -> Names:
        """Return the names of the cell that ended, from its source where they cannot be had."""
        for watcher in (self.watcher, StaticNames()):
            with self._going_on("finding names"):
                return watcher.ended(_python(self.shell, info), self.shell.user_ns)
        return Names()

    def _ended_without_start(self, info: Any, result: Any) -> None:
        """Record the cell in which another thread began to record; its start is when that did."""
        execution = replace(self._begun(info), started=self._started)
        self.listener.execution_started(execution)
        ended = self._completed(_Active(info, execution, None), execution, result)
        self.listener.execution_ended(ended, self.shell.user_ns)
        self.listener.execution_completed(ended)

    def _nested_ended(self, active: _Active) -> None:
        inner = active.nested.pop()
        active.inner_names.append(
            self.watcher.inner_ended(_python(self.shell, inner), self.shell.user_ns)
        )

    def _new_tap(self) -> OutputTap:
        def new_collector() -> Collector:
            return Collector(self._limits, self._keep_blob)

        if hasattr(self.shell, "kernel") and hasattr(self.shell.kernel, "session"):
            return KernelTap(self.shell, new_collector, self.listener.fault)
        return StreamTap(new_collector)


def _python(shell: Any, info: Any) -> str:
    transformed = getattr(info, "transformed_cell", None)
    if isinstance(transformed, str):
        return transformed
    try:
        return str(shell.transform_cell(info.raw_cell))
    except SyntaxError:
        return str(info.raw_cell)


def _cells_running() -> list[Any]:
    """Return the infos of the cells that this thread is executing, the innermost first."""
    found = []
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if frame.f_code.co_name == "run_cell_async" and "info" in frame.f_locals:
            found.append(frame.f_locals["info"])
        frame = frame.f_back
    return found
