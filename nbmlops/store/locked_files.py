"""Files in which this process holds locks, and how to read them without losing those.

POSIX drops a process's record locks on a file when the process closes *any* handle of it, whoever
opened that one. A live file would read as that of a dead session; and without SQLite's lock another
process that closes the store takes itself for the last one and removes the log, with all that is
written to it from then on. So a held file is read by a handle that stays open as long as the hold.
"""

import contextlib
import os
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

type Identity = tuple[int, int, int]  # of process, device and inode: a forked child holds nothing

_PIECE_BYTES = 1_000_000

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
    if size_bytes is None:
        return b"".join(pieces_of(path))
    with _reading(path) as handle:
        return os.pread(handle, size_bytes, 0)


def pieces_of(path: Path, *, overlap: int = 0) -> Iterator[bytes]:
    """Give what is in a file in pieces, each beginning with the last bytes of the one before.

    Raises `OSError` as opening it does. Meanwhile nothing here takes a lock or gives one up.
    """
    place, before = 0, b""
    with _reading(path) as handle:
        while piece := os.pread(handle, _PIECE_BYTES, place):
            yield before + piece
            place += len(piece)
            before = (before + piece)[-overlap:] if overlap else b""


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[int]:
    """Give a handle to read a file by, whose closing gives up no lock."""
    with _guard:
        identity = _identity(path)
        is_held = identity in _held
        handle = _kept.get(identity) if is_held else None
        if handle is None:
            handle = os.open(path, os.O_RDONLY)
        if is_held:
            _kept[identity] = handle
        try:
            yield handle
        finally:
            if not is_held:
                os.close(handle)


def _identity(path: Path) -> Identity:
    found = path.stat()
    return os.getpid(), found.st_dev, found.st_ino
