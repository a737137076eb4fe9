"""The bytes of files on this machine: read in pieces, hashed with BLAKE3, remembered by stat.

Read, not mapped into memory: a mapped file that somebody cuts short kills the process that looks
at it. BLAKE3's own choice of threads is not used: it hangs in a process forked from one that has
used it, while a number of threads given for each hash does not.
"""

import os
import stat
import time
from io import FileIO
from typing import NamedTuple

from nbmlops.fingerprints.deadline import NEVER, Deadline

PIECE_BYTES = 8 << 20  # from here on the threads of BLAKE3 are worth their start
_MOST_THREADS = 4
_LARGEST_UNSIZED_BYTES = 64 << 20  # files of the kernel's that say they have 0 bytes
# A digest is remembered only if the file had rested this long before it was read. FAT keeps times
# in steps of 2 s; clocks of file servers may be off by as much.
RESTED_NS = 2_000_000_000
_MOST_REMEMBERED = 65_536  # about 25 MB

# Opening must not wait for a writer (a pipe that took the file's place), nor take a terminal.
_OPENING = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


class Stamp(NamedTuple):
    """What the file system says of a file, which is another when its content is.

    Not so for what is written through a memory map: Linux may leave the times as they are for as
    long as it has not written those pages to the disk, up to half a minute.
    """

    device: int
    inode: int
    size_bytes: int
    modified_ns: int
    changed_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> "Stamp":
        """Return the stamp of a file from what `os.stat` gave."""
        return cls(
            status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
        )


class FileChanged(Exception):
    """The file was written, replaced or cut short while it was read, twice in a row."""


class FileDigests:
    """Digests of regular files, each read again only when its stamp is another.

    Git's rule for racy files holds: one that was modified less than two seconds before it was read
    might be written again without a change of its times, so its digest is not remembered. May be
    used by any number of threads.

    Attributes
    ----------
    read_bytes : int
        How much was read in all, for tests and benchmarks.
    """

    def __init__(self) -> None:
        self.read_bytes = 0
        self._known: dict[Stamp, bytes] = {}  # single operations on a dict need no lock

    def remembered(self, stamp: Stamp) -> bytes | None:
        """Return the digest of a file as it was at a stamp, if it was looked at then."""
        return self._known.get(stamp)

    def of(
        self, path: str | bytes, *, follow_links: bool = True, deadline: Deadline = NEVER
    ) -> tuple[bytes, Stamp]:
        """Return the digest (32 bytes) and the stamp of a regular file.

        Raises `OSError` where it cannot be read, `FileChanged` where it does not keep still, and
        `TakesTooLong` when the deadline is over.
        """
        stamp = Stamp.of(os.stat(path, follow_symlinks=follow_links))  # noqa: PTH116, or bytes
        digest = self._known.get(stamp)
        if digest is not None:
            return digest, stamp
        flags = _OPENING if follow_links else _OPENING | os.O_NOFOLLOW
        try:
            return self._read(path, flags, deadline)
        except FileChanged:
            return self._read(path, flags, deadline)

    def _read(self, path: str | bytes, flags: int, deadline: Deadline) -> tuple[bytes, Stamp]:
        with FileIO(os.open(path, flags)) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise FileChanged
            before, begun_ns = Stamp.of(status), time.time_ns()
            digest = self._hashed(file, before.size_bytes, deadline)
            if Stamp.of(os.fstat(file.fileno())) != before:
                raise FileChanged
        if max(before.modified_ns, before.changed_ns) + RESTED_NS < begun_ns:
            self._remember(before, digest)
        return digest, before

    def _hashed(self, file: FileIO, size_bytes: int, deadline: Deadline) -> bytes:
        from blake3 import blake3

        most_bytes = size_bytes or _LARGEST_UNSIZED_BYTES
        threads = min(os.cpu_count() or 1, _MOST_THREADS) if size_bytes > PIECE_BYTES else 1
        state = blake3(max_threads=threads)
        piece = memoryview(bytearray(min(most_bytes + 1, PIECE_BYTES)))
        count = 0
        while (length := file.readinto(piece)) and count <= most_bytes:
            deadline.check()
            state.update(piece[:length])
            count += length
        self.read_bytes += count
        if count > most_bytes or (size_bytes and count < size_bytes):
            raise FileChanged
        return state.digest()

    def _remember(self, stamp: Stamp, digest: bytes) -> None:
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        self._known[stamp] = digest


def kind_of(mode: int) -> str:
    """Return what kind of thing a path names, in a word, from the mode that `os.stat` gave."""
    for is_kind, kind in _KINDS:
        if is_kind(mode):
            return kind
    return "device"


_KINDS = (
    (stat.S_ISREG, "file"),
    (stat.S_ISDIR, "folder"),
    (stat.S_ISLNK, "link"),
    (stat.S_ISSOCK, "socket"),
    (stat.S_ISFIFO, "pipe"),
)


def why_unreadable(problem: Exception) -> str:
    """Return in words why a file or folder could not be looked at."""
    if isinstance(problem, FileChanged):
        return "it changed while it was read"
    if isinstance(problem, FileNotFoundError):
        return "there is no such file"
    if isinstance(problem, OSError) and problem.strerror:
        return problem.strerror[0].lower() + problem.strerror[1:]
    return f"{type(problem).__name__}: {problem}"[:200]
