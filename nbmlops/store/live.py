"""A living session's file: locked while its process lives, holding what is not yet delivered.

The file answers two questions without a server. *Is the session alive?* The operating system
drops the lock when the process ends, however it ends. *What did it do last?* Every record is
appended here first (one ``write``, a few µs), and the file is emptied when the database has them.
After a ``kill -9`` or a crash of the kernel, the next reader delivers what is left. Where there was
no room for a record, the file's head (`nbmlops.store.live_head`) says so.

POSIX record locks are used (``lockf``): unlike ``flock`` they are not inherited by forked workers,
which may outlive the kernel. They are lost when the process closes *any* handle of the file, so a
process never opens its own (`nbmlops.store.locked_files`), by whatever path.
"""

import contextlib
import errno
import fcntl
import os
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbmlops.errors import StoreNotWritable
from nbmlops.records import Record, SessionId
from nbmlops.store.folders import make_private
from nbmlops.store.lines import count_in, from_line, to_line
from nbmlops.store.live_head import HEAD_BYTES, Loss, head, lines_in, loss_in
from nbmlops.store.locked_files import content_of, hold, is_held, release
from nbmlops.system_calls import pwrite_undisturbed

SUFFIX = ".jsonl"
_SLOW_SECONDS = 0.002  # of a write; from then on other threads go on meanwhile
UNREADABLE = ".unreadable"


class LiveFile:
    """The live file of a session of this process. Methods may be called from any thread.

    Raises
    ------
    StoreNotWritable
        The folder cannot be made, or no file in it.
    """

    def __init__(self, folder: Path, session_id: SessionId) -> None:
        self.path = folder / f"{session_id}{SUFFIX}"
        self._pid = os.getpid()
        self._guard = threading.Lock()
        self._end = HEAD_BYTES
        self._loss: Loss | None = None
        self._is_slow = False
        try:
            make_private(folder)
            self._handle: int | None = _create_locked(self.path)
        except OSError as problem:
            raise StoreNotWritable(str(folder), str(problem)) from problem
        self._hold = hold(self.path)

    def append(self, records: Sequence[Record]) -> None:
        """Write records behind the others, in one system call; all, or none and `OSError`."""
        line = to_line(records).encode("ascii")
        with self._guard:
            if self._handle is not None and self._pid == os.getpid():
                begun = time.perf_counter()
                _write_whole(self._handle, line, self._end, lets_others_in=self._is_slow)
                self._is_slow = time.perf_counter() - begun > _SLOW_SECONDS
                self._end += len(line)

    def note_loss(self, loss: Loss | None) -> None:
        """Say in the head how much found no room and is lost if the process ends; None for none."""
        with self._guard:
            if loss != self._loss and self._handle is not None and self._pid == os.getpid():
                os.pwrite(self._handle, head(loss), 0)
                self._loss = loss

    def empty(self) -> None:
        """Forget the records: the store has them."""
        with self._guard:
            if self._handle is not None and self._pid == os.getpid():
                os.ftruncate(self._handle, HEAD_BYTES)
                self._end = HEAD_BYTES

    def close(self) -> None:
        """End the session's life properly: nothing is left, no file, no lock."""
        self._end_life(leaves_file=False)

    def leave(self) -> None:
        """End the session's life and leave what is not delivered to the next reader."""
        self._end_life(leaves_file=True)

    def _end_life(self, *, leaves_file: bool) -> None:
        with self._guard:
            if self._handle is None or self._pid != os.getpid():
                return
            if not leaves_file:
                self.path.unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = None
            release(self._hold)


def is_alive(folder: Path, session_id: SessionId) -> bool:
    """Tell whether the process of a session on this machine lives."""
    path = folder / f"{session_id}{SUFFIX}"
    with _taken(path) as handle:
        return handle is None and path.exists()


def has_file(folder: Path, session_id: SessionId) -> bool:
    """Tell whether a session lives, or has left what is not delivered yet."""
    return (folder / f"{session_id}{SUFFIX}").exists()


@dataclass(frozen=True, slots=True)
class Left:
    """What a dead session left: records that are not delivered, and what found no room on disk.

    ``unreadable`` is how many records cannot be read: damaged, or of a later version.
    """

    records: list[Record]
    loss: Loss | None
    unreadable: int = 0


@contextlib.contextmanager
def leftovers(path: Path) -> Iterator[Left | None]:
    """Give what a dead session left, and remove its file when that went well.

    Gives None where the session lives, or where another process is delivering its records. A last
    line that was cut off by a crash is left out; a file with other lines that cannot be read is
    kept under another name. Raises `StoreNotWritable` where the file cannot be removed.
    """
    with _taken(path) as handle:
        if handle is None:
            yield None
            return
        content = os.pread(handle, os.fstat(handle).st_size, 0)
        left = _left_in(content)
        yield left
        try:
            if left.unreadable:
                path.replace(path.with_suffix(UNREADABLE))
            else:
                path.unlink(missing_ok=True)
        except OSError as problem:
            raise StoreNotWritable(str(path), str(problem)) from problem


def live_files(folder: Path) -> list[Path]:
    """Return the live files of all sessions, dead ones included."""
    return sorted(folder.glob(f"*{SUFFIX}"))


def has_undelivered(folder: Path) -> bool:
    """Tell whether a live file has records that the store does not have yet."""
    for path in live_files(folder):
        with contextlib.suppress(OSError):  # of a session that has just ended
            if any(lines_in(content_of(path))):
                return True
    return False


def session_of(path: Path) -> SessionId:
    """Return the session of a live file."""
    return SessionId(path.name.removesuffix(SUFFIX))


def living(folder: Path) -> list[SessionId]:
    """Return the sessions whose processes live, of those with a file in this folder."""
    ids = map(session_of, live_files(folder))
    return [session_id for session_id in ids if is_alive(folder, session_id)]


def _create_locked(path: Path) -> int:
    """Make the file under another name and lock it first: nobody ever sees it unlocked."""
    temporary = path.with_suffix(".new")
    handle = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        _lock(handle)
        _write_whole(handle, head(), 0, lets_others_in=True)
        temporary.replace(path)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _write_whole(handle: int, data: bytes, end: int, *, lets_others_in: bool) -> None:
    """Write bytes at the end, or nothing: the next line must not be joined to half of this one."""
    write = os.pwrite if lets_others_in else pwrite_undisturbed
    written = write(handle, data, end)
    if written < len(data):
        os.ftruncate(handle, end)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _lock(handle: int) -> None:
    fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def _taken(path: Path) -> Iterator[int | None]:
    """Hold a dead session's lock; give None where it cannot be had or there is no file."""
    try:
        handle = None if is_held(path) else os.open(path, os.O_RDWR)
    except OSError:  # gone meanwhile, or not ours to judge
        handle = None
    if handle is None:
        yield None
        return
    try:
        yield handle if _is_locked(path, handle) else None
    finally:
        os.close(handle)


def _is_locked(path: Path, handle: int) -> bool:
    """Lock a file that was opened; tell whether that went well and it is still there.

    Another reader may have delivered and removed it in between: what is in it is old by now, and
    saved again would undo what came after.
    """
    try:
        _lock(handle)
        return os.path.samestat(path.stat(), os.fstat(handle))
    except OSError:
        return False


def _left_in(content: bytes) -> Left:
    *whole, cut = content.split(b"\n")
    lines = [*lines_in(b"\n".join(whole))]
    records = [record for line in lines for record in from_line(line)]
    unreadable = sum(map(count_in, lines)) - len(records)
    records += [record for line in lines_in(cut) for record in from_line(line)]
    return Left(records, loss_in(content), unreadable)
