"""The one tracker of this process, started by ``%load_ext nbmlops`` or the first logging call."""

import atexit
import multiprocessing
import os
import platform
import socket
import sys
import threading
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbmlops import config
from nbmlops.canonical import new_id, now
from nbmlops.capture.files import TouchedFiles
from nbmlops.capture.front_end import FrontEnd, front_end_of
from nbmlops.capture.recorder import Recorder
from nbmlops.drawing.page import Span
from nbmlops.records import Place, Session, SessionId
from nbmlops.store.places import home_of, is_on_server, path_of, without_password
from nbmlops.store.probing import probe
from nbmlops.store.reaching import answers
from nbmlops.tracking.saying import say_in
from nbmlops.tracking.script import Script
from nbmlops.tracking.secret_values import main_namespace
from nbmlops.tracking.tracker import Tracker

_tracker: Tracker | None = None
_recorder: Recorder | None = None
_pid = 0
_ANSWER_SECONDS = 0.25  # that loading waits for a server to say that it is there
_starting = threading.RLock()


def tracker() -> Tracker | None:
    """Return the tracker of this process, None where nothing has started one."""
    return _tracker if _pid == os.getpid() else None


def fault(where: str, problem: BaseException) -> None:
    """Write an error of our own down and tell of it once, where something is recorded."""
    found = tracker()
    if found is not None:
        found.fault(where, problem)


def user_name() -> str:
    """Return who works here, as the session says where there is one.

    To ask git, in a cell, would be recorded as something that the cell did.
    """
    running = tracker()
    return running.session.user if running is not None else config.user_name()


def recorder() -> Recorder | None:
    """Return the recorder of this kernel, None in a script."""
    return _recorder


def ensure() -> Tracker:
    """Return the tracker, starting one for the shell or script that asks; see `start`."""
    with _starting:
        return tracker() or start(running_shell())


def start(
    shell: Any,
    *,
    url: str | None = None,
    experiment: str | None = None,
    notebook: Path | None = None,
    place: Place | None = None,
    quiet: bool | None = None,
) -> Tracker:
    """Start recording in this process, or go on with it; keywords override what is found out.

    Raises
    ------
    ConfigInvalid
        A setting cannot be used.
    UnsupportedStore, NotAStore, StoreTooNew, StoreNotWritable
        The store cannot be recorded into.
    """
    global _tracker, _recorder, _pid
    running = tracker()
    if running is not None and running.is_lost:
        stop()
        running = None
    if running is not None:
        if _recorder is not None:
            _recorder.start()
        return running
    _warn_of_worker()
    where = front_end_of(shell)
    notebook = notebook or where.notebook
    project = config.project_folder(notebook.parent if notebook else None)
    settings = config.load(project)
    url = url or config.store_url(settings, project)
    probe(url)
    session = _new_session(
        where, place or where.place, notebook, experiment or settings.experiment, project
    )
    namespace = (lambda: shell.user_ns) if shell is not None else main_namespace
    made = Tracker(session, url, settings, project, say_in(shell), namespace)
    if quiet is not None:
        made.quiet = quiet
    _tracker, _pid = made, os.getpid()
    if shell is None:
        made.begin_script(Script(session.id, notebook))
    else:
        _recorder = Recorder(
            shell,
            made,
            session_id=session.id,
            settings=settings,
            keep_blob=made.keep_image,
            files=TouchedFiles([home_of(url)], project) if settings.data else None,
            redact=made.redacting.redact,
        )
        made.follow_threads()
        _recorder.start()
    atexit.register(stop)
    if multiprocessing.parent_process() is not None:  # a forked worker ends without atexit
        from multiprocessing.util import Finalize

        Finalize(None, stop, exitpriority=0)
    return made


def stop() -> None:
    """End the session of this process: close its runs, deliver everything."""
    global _tracker, _recorder
    ending = tracker()
    if ending is None:
        return
    if _recorder is not None:
        _recorder.stop()
    ending.end()
    _tracker = _recorder = None
    atexit.unregister(stop)


def _leave_to_parent() -> None:
    """Let the copy that a forked child has do nothing: it has no thread to deliver anything.

    Its hooks would wait for locks that the parent's threads held when it was forked.
    """
    global _tracker, _recorder
    copied = _recorder
    _tracker = _recorder = None
    if copied is not None:
        copied.abandon()


os.register_at_fork(after_in_child=_leave_to_parent)


def say_where(running: Tracker) -> Sequence[Span]:
    """Return the line that says where this session is recorded."""
    shown = without_password(running.url)
    if not is_on_server(running.url):
        path = path_of(running.url)
        shown = os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
    line = (
        Span("nbmlops records ", "muted"),
        Span(running.experiment),
        Span(f" to {shown}", "muted"),
    )
    if is_on_server(running.url) and not answers(running.url, within_seconds=_ANSWER_SECONDS):
        told = " · no answer from there yet: what is recorded waits on this machine"
        return (*line, Span(told, "warn"))
    return line


def running_shell() -> Any:
    """Return the IPython shell of this process, None where there is none; loads nothing."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def _new_session(
    where: FrontEnd, place: Place, notebook: Path | None, experiment: str | None, project: Path
) -> Session:
    return Session(
        id=SessionId(new_id()),
        started=now(),
        place=place,
        experiment=experiment or (notebook.stem if notebook else project.name) or "default",
        notebook=str(notebook) if notebook else None,
        kernel_id=where.kernel_id,
        host=socket.gethostname(),
        pid=os.getpid(),
        user=config.user_name(),
        python=platform.python_version(),
        heartbeat=now(),
    )


def _warn_of_worker() -> None:
    was_forked = _pid not in (0, os.getpid())
    if multiprocessing.parent_process() is not None or was_forked:
        warnings.warn(
            "nbmlops records this worker process as a session of its own; to have its results in "
            "the run of the parent process, return them and log them there.",
            stacklevel=4,
        )
