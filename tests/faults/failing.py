"""A disk that fails: the n-th write of this process's store, by SQLite or by us, or all from it on.

SQLite is given other system calls (its ``xSetSystemCall``); our own go through `os`.
"""

import _sqlite3
import ctypes
import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from nbmlops.store import live

_POINTER, _INT, _SIZE = ctypes.c_void_p, ctypes.c_int, ctypes.c_ssize_t
# Those by which SQLite's files grow and change, with the types of what they take.
_CALLS = {
    "write": (_INT, _POINTER, _SIZE),
    "pwrite": (_INT, _POINTER, _SIZE, _SIZE),
    "pwrite64": (_INT, _POINTER, _SIZE, _SIZE),
    "ftruncate": (_INT, _SIZE),
}


class _Vfs(ctypes.Structure):
    """The beginning of ``sqlite3_vfs``, https://sqlite.org/c3ref/vfs.html."""

    _fields_ = (
        *((name, _INT) for name in ("version", "file_size", "path_size")),
        *((f"before_{n}", _POINTER) for n in range(16)),
        ("set_call", ctypes.CFUNCTYPE(_INT, _POINTER, ctypes.c_char_p, _POINTER)),
        ("get_call", ctypes.CFUNCTYPE(_POINTER, _POINTER, ctypes.c_char_p)),
    )


class Disk:
    """Counts writes while it is armed, and has them fail: the ``at``-th, or all from it on."""

    def __init__(self, at: int, code: int, *, is_lasting: bool) -> None:
        self.at, self.code, self.is_lasting = at, code, is_lasting
        self.writes = 0
        self.is_armed = True

    @property
    def has_failed(self) -> bool:
        return self.writes >= self.at

    def fails(self) -> bool:
        if not self.is_armed:
            return False
        self.writes += 1
        return self.writes == self.at or (self.is_lasting and self.writes > self.at)

    def check(self) -> None:
        if self.fails():
            raise OSError(self.code, os.strerror(self.code))


@contextmanager
def failing(disk: Disk, folder: Path) -> Iterator[None]:
    """Have the writes below a folder go to a disk."""
    with pytest.MonkeyPatch.context() as patch, _sqlite_on(disk):
        for name in ("write", "pwrite", "ftruncate", "fsync", "replace"):
            patch.setattr(os, name, _checked(getattr(os, name), disk, folder))
        undisturbed = _checked(live.pwrite_undisturbed, disk, folder)
        patch.setattr(live, "pwrite_undisturbed", undisturbed)
        opening, fdopening = os.open, os.fdopen

        def opened(path: Any, flags: int, *args: Any, **options: Any) -> int:
            if flags & os.O_CREAT and str(path).startswith(str(folder)):
                disk.check()
            return opening(path, flags, *args, **options)

        def fdopened(*args: Any, **options: Any) -> Any:
            return _File(fdopening(*args, **options), disk)

        patch.setattr(os, "open", opened)
        patch.setattr("nbmlops.store.blobs.os.fdopen", fdopened)
        yield


def _checked(call: Callable[..., Any], disk: Disk, folder: Path) -> Callable[..., Any]:
    def checked(target: Any, *args: Any, **options: Any) -> Any:
        path = str(
            Path(f"/proc/self/fd/{target}").readlink() if isinstance(target, int) else target
        )
        if path.startswith(str(folder)):
            disk.check()
        return call(target, *args, **options)

    return checked


class _File:
    """A file whose writing may fail."""

    def __init__(self, file: Any, disk: Disk) -> None:
        self._file, self._disk = file, disk

    def write(self, data: Any) -> int:
        self._disk.check()
        return int(self._file.write(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> "_File":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


@contextmanager
def _sqlite_on(disk: Disk) -> Iterator[None]:
    library = ctypes.CDLL(_sqlite3.__file__)
    library.sqlite3_vfs_find.restype = _POINTER
    address = library.sqlite3_vfs_find(None)
    vfs = _Vfs.from_address(address)
    replaced = []
    for name, types in _CALLS.items():
        found = vfs.get_call(address, name.encode())
        if not found:
            continue
        kind = ctypes.CFUNCTYPE(_SIZE, *types, use_errno=True)
        ours = kind(_failing_call(kind(found), disk))
        replaced.append((name, ours))
        vfs.set_call(address, name.encode(), ctypes.cast(ours, _POINTER))
    assert replaced
    try:
        yield
    finally:
        for name, _ in replaced:
            vfs.set_call(address, name.encode(), None)


def _failing_call(call: Callable[..., int], disk: Disk) -> Callable[..., int]:
    def failing_call(*args: int) -> int:
        if disk.fails():
            ctypes.set_errno(disk.code)
            return -1
        return call(*args)

    return failing_call


CODES = {"full": errno.ENOSPC, "broken": errno.EIO}
