"""To which execution the file use of a thread belongs.

As `RunningHere` says; where several run at once and nobody knows which of them a thread works for,
to none. Threads whose name begins with ``nbmlops`` work for nobody. What other processes do is not
seen.
"""

import threading

from nbmlops.capture.file_ledger import FileLedger
from nbmlops.capture.running import RunningHere

OWN_THREADS = "nbmlops"

RUNNING: RunningHere[FileLedger] = RunningHere()  # of all watchers: audit hooks are one's, too


def ledger_here() -> FileLedger | None:
    """Return the ledger of the execution that the calling thread works for."""
    if not RUNNING.all:
        return None
    return RUNNING.mine() or (None if is_own_thread() else RUNNING.one_here())


def is_own_thread() -> bool:
    """Tell whether the calling thread is one of nbmlops' own."""
    # Not `current_thread`: that makes a Thread for one that has none.
    thread = threading._active.get(threading.get_ident())  # type: ignore[attr-defined]
    return thread is not None and str(thread._name).startswith(OWN_THREADS)
