"""To which execution the file use of a thread belongs.

To the one that runs in the thread. Another thread works for the only execution that is running,
also if an earlier one started it (a pool of threads); where several run at once, for the one that
started it, else for none. Threads whose name begins with ``nbmlops`` work for nobody. What other
processes do is not seen.
"""

import threading
import weakref
from threading import Thread

from nbmlops.capture.file_ledger import FileLedger

OWN_THREADS = "nbmlops"

RUNNING: dict[int, FileLedger] = {}  # by the thread that executes
_STARTED: "weakref.WeakKeyDictionary[Thread, FileLedger]" = weakref.WeakKeyDictionary()


def ledger_here() -> FileLedger | None:
    """Return the ledger of the execution that the calling thread works for."""
    ident = threading.get_ident()
    ledger = RUNNING.get(ident)
    if ledger is not None or not RUNNING:
        return ledger
    thread = _thread(ident)
    if thread is not None and str(thread._name).startswith(OWN_THREADS):  # type: ignore[attr-defined]
        return None
    running = list(RUNNING.values())
    if len(running) == 1:
        return running[0]
    started = None if thread is None else _STARTED.get(thread)
    return started if started in running else None


def thread_starts(bootstrap: object) -> None:
    """Note for whom a thread works: that whose method ``bootstrap`` is, started by this thread."""
    thread, ledger = getattr(bootstrap, "__self__", None), ledger_here()
    if isinstance(thread, Thread) and ledger is not None:
        _STARTED[thread] = ledger


def _thread(ident: int) -> Thread | None:
    # `current_thread` would register a thread that is not Python's own.
    found: Thread | None = threading._active.get(ident)  # type: ignore[attr-defined]
    return found
