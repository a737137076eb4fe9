"""Which files and folders an execution reads and writes.

`file_events` hears of all that goes through Python's own functions, `native_files` of libraries
that open files by themselves, `file_tests` of tests for existence, `file_threads` knows for whom a
thread works, `file_children` sees what child processes made, `file_ledger` makes reads and writes
of it, `file_noise` says what is left out (Python's and the system's own files, caches, what nbmlops
and IPython keep).

Deliberately so:

- Listing a folder (`os.listdir`, `glob`, `Path.iterdir`) reads the names in it, not the files: a
  touch of its own kind. So does making a folder write them. Removing, moving or natively reading a
  folder (a data set of many Parquet files) is about all that is in it.
- Appending to a file reads it, because what it is afterwards depends on what it was.
- A lazy frame's sources are read where the scan is written, and where it is collected.
- A file that is still open at the end of an execution counts as written by each later one in which
  it changes; what is read through it later is not seen.
- Of more than 1,000 files, those of one folder are told as that folder.
- Importing a module that is not installed reads its source, and again in each cell that imports it,
  though Python reads it once.
- What exists and was only asked for is looked at: less than read, its content is not hashed.
- What child processes wrote is found by looking: it is the execution's that was going on meanwhile,
  whoever wrote it.

Not seen: what child processes read, and write elsewhere than around the notebook or after the
execution that started them; those of which no event tells (workers of joblib, and those that
`multiprocessing` spawns); threads of libraries written in C where they open files unasked;
writing through memory maps after the execution that opened them.
"""

import os
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from nbmlops.capture.base import FileTouch
from nbmlops.capture.file_calls import Calls
from nbmlops.capture.file_events import FileEvents
from nbmlops.capture.file_ledger import FileLedger
from nbmlops.capture.file_modules import LocalModules
from nbmlops.capture.file_noise import Noise
from nbmlops.capture.file_tests import FileTests
from nbmlops.capture.file_threads import RUNNING
from nbmlops.capture.native_files import NativeFiles
from nbmlops.fingerprints.files.file_bytes import Stamp
from nbmlops.records import UseRole

_MOST_TOUCHES = 1_000
_MANY_FILES = 20  # of one folder
_MOST_OPEN = 64
_MOST_WRITTEN = 10_000  # paths of earlier executions
_OPEN_FILES = "/proc/self/fd" if os.path.isdir("/proc/self/fd") else "/dev/fd"  # noqa: PTH112


class TouchedFiles:
    """Watches files by audit events and the functions of libraries.

    Parameters
    ----------
    leave_out : iterable of Path
        Folders of our own besides ``.nbmlops``, such as a store's elsewhere.
    project : Path, optional
        The folder in which child processes may write, besides the working directory.
    """

    def __init__(self, leave_out: Iterable[Path] = (), project: Path | None = None) -> None:
        self._noise = Noise(leave_out)
        self._around = () if project is None else (str(project),)
        self._written: dict[str, None] = {}  # by earlier executions; may be gone by now
        self._events, self._calls = FileEvents(), Calls()
        self._native, self._tests = NativeFiles(), FileTests(self._noise, self._written)
        self._modules = LocalModules(self._noise)
        self._still_open: dict[str, Stamp | None] = {}
        self._own: set[FileLedger] = set()  # those of others are running, too

    def started(self) -> None:
        """Begin to watch for the execution that starts in this thread."""
        self._events.start()
        self._calls.open()
        self._tests.start(self._calls)
        self._native.start(self._calls)
        self._still_open = {path: _stamp(path) for path in self._still_open}
        ledger = FileLedger(self._noise, time.time_ns(), self._around)
        self._own.add(ledger)
        RUNNING.open()
        RUNNING.add(ledger)

    def ended(self, source: str = "") -> tuple[FileTouch, ...]:
        """End the watch that began last in this thread; ``source`` is what was executed."""
        ledger = RUNNING.remove()
        if ledger is None:
            return ()
        self._own.discard(ledger)
        with suppress(Exception):  # modules and classes can be anything
            for path in self._modules.imported_in(source):
                ledger.read(path)
        touches = list(ledger.touches())
        touches += self._written_through_open_files(touches)
        self._note_open_files(touches)
        self._note_written(touches)
        return tuple(sorted(_fewer(touches), key=lambda touch: touch.role))

    def close(self) -> None:
        """Leave everything as it was found."""
        for ledger in self._own:
            RUNNING.drop(ledger)
        self._own.clear()
        if not RUNNING.all:  # who begins an execution later opens it again
            RUNNING.close()
        for stop in (self._events.stop, self._native.stop, self._tests.stop, self._calls.close):
            with suppress(Exception):  # what one of them meets must not keep the others from it
                stop()
        self._still_open.clear()

    def _written_through_open_files(self, touches: list[FileTouch]) -> list[FileTouch]:
        """Return writes to files that earlier executions opened."""
        known = {touch.path for touch in touches if touch.role == "written"}
        now = {path: _stamp(path) for path in self._still_open if path not in known}
        return [
            FileTouch(path, "written", is_there=stamp is not None, stamp=stamp)
            for path, stamp in now.items()
            if stamp != self._still_open[path]
        ]

    def _note_open_files(self, touches: list[FileTouch]) -> None:
        """Keep in mind which of the files that were written are still open."""
        stamps = self._still_open | {
            touch.path: touch.stamp for touch in touches if touch.role == "written" and touch.stamp
        }
        if not stamps:
            return
        is_open = _open_inodes()
        still = {path: stamp for path, stamp in stamps.items() if stamp and stamp[:2] in is_open}
        self._still_open = dict(list(still.items())[-_MOST_OPEN:])

    def _note_written(self, touches: list[FileTouch]) -> None:
        written = (touch.path for touch in touches if touch.role == "written")
        self._written.update(dict.fromkeys(written))
        while len(self._written) > _MOST_WRITTEN:
            del self._written[next(iter(self._written))]


def _open_inodes() -> set[tuple[int, int]]:
    """Return device and inode of every file that the process has open."""
    found = set()
    with suppress(OSError):  # a system that does not tell
        for descriptor in os.listdir(_OPEN_FILES):  # noqa: PTH208, text
            with suppress(OSError):  # the one of the listing itself
                status = os.fstat(int(descriptor))
                found.add((status.st_dev, status.st_ino))
    return found


def _fewer(touches: list[FileTouch]) -> list[FileTouch]:
    """Return no more than 1,000 touches, with folders in place of their many files.

    What was written comes before all that was read: without it, others would not be tied to it.
    """
    if len(touches) <= _MOST_TOUCHES:
        return touches
    looks = [touch for touch in touches if touch.is_only_looked_at]
    opened = [touch for touch in touches if not (touch.is_listing or touch.is_only_looked_at)]
    files = _with_folders(opened, _MANY_FILES)
    before = 0
    while len(files) > _MOST_TOUCHES and len(files) != before:
        before = len(files)
        files = _with_folders(files, 2)
    listings = [touch for touch in touches if touch.is_listing]
    listings.sort(key=lambda touch: touch.path.count("/"))
    fewer = [*files, *listings, *looks]
    fewer.sort(key=lambda touch: touch.role != "written")
    return fewer[:_MOST_TOUCHES]


def _with_folders(files: list[FileTouch], least: int) -> list[FileTouch]:
    """Return touches with a folder in place of its files, where they are at least so many."""
    counts = Counter(_folder_and_role(touch) for touch in files)
    return list(
        dict.fromkeys(
            FileTouch(*_folder_and_role(touch))
            if counts[_folder_and_role(touch)] >= least
            else touch
            for touch in files
        )
    )


def _folder_and_role(touch: FileTouch) -> tuple[str, UseRole]:
    return os.path.dirname(touch.path), touch.role  # noqa: PTH120, may be a URL


def _stamp(path: str) -> Stamp | None:
    try:
        return Stamp.of(os.stat(path))  # noqa: PTH116, text
    except OSError:
        return None
