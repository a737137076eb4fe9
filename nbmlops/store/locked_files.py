"""Files in which this process holds locks, and how to read them without losing those.

POSIX drops a process's record locks on a file when the process closes *any* handle of it, whoever
opened that one. A live file would read as that of a dead session; and without SQLite's lock another
process that closes the store takes itself for the last one and removes the log, with all that is
written to it from then on. So a held file is read by a handle that stays open as long as the hold.
"""

import os
import threading
from collections import Counter
from pathlib import Path

type Identity = tuple[int, int, int]  # of process, device and inode: a forked child holds nothing

_held: Counter[Identity] = Counter()
_kept: dict[Identity, int] = {}
_guard = threading.RLock()


def hold(path: Path) -> Identity:
    """Note that this process is about to lock a file, or has; `release` takes what is returned."""
    with _guard:
        identity = _identity(path)
        _held[identity] += 1
        return identity


def release(identity: Identity) -> None:
    """Note that this process has given up a lock, or the handle that it was held by."""
    with _guard:
        _held[identity] -= 1
        if _held[identity] <= 0:
            del _held[identity]
            if identity in _kept:
                os.close(_kept.pop(identity))


def is_held(path: Path) -> bool:
    """Tell whether this process holds a file; `FileNotFoundError` where there is none."""
    with _guard:
        return _identity(path) in _held


def content_of(path: Path, size_bytes: int | None = None) -> bytes:
    """Return what is in a file, or its beginning; raises `OSError` as opening it does."""
    with _guard:
        identity = _identity(path)
        if identity not in _held:
            with path.open("rb") as file:
                return file.read(-1 if size_bytes is None else size_bytes)
        if identity not in _kept:
            _kept[identity] = os.open(path, os.O_RDONLY)
        handle = _kept[identity]
        wanted = os.fstat(handle).st_size if size_bytes is None else size_bytes
        return os.pread(handle, wanted, 0)


def _identity(path: Path) -> Identity:
    found = path.stat()
    return os.getpid(), found.st_dev, found.st_ino
