"""Which executions wrote the files and folders that an execution needs.

Who lists a folder needs all that wrote something in it. That is kept as one look at the folder, and
found out only where it is asked for: what is kept grows with what the executions did themselves,
however many files are in the folders that they list.
"""

import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from posixpath import dirname

from nbmlops.records import ExecutionId, FileUse

# Reasons why the content of a file that was used is not told.
NOT_THERE = "it is not there"
ONLY_LOOKED_AT = "only looked at"
FOLDER_LOOKED_AT = "only looked whether it is there"
LOOKED_AT = frozenset((NOT_THERE, ONLY_LOOKED_AT, FOLDER_LOOKED_AT))


@dataclass(slots=True, eq=False)
class _Write:
    """What an execution wrote; ``until`` is the place of the one that wrote it again."""

    path: str
    place: int  # in the order of executions
    writer: ExecutionId
    until: int = sys.maxsize


@dataclass(frozen=True, slots=True)
class _Did:
    """What an execution did: the writes it needs, the folders it looked through, its own writes."""

    place: int
    needed: tuple[_Write, ...]
    folders: tuple[str, ...]
    written: tuple[_Write, ...]


class FileWriters:
    """Who wrote which file last, grown one execution at a time.

    A file that is read needs the execution that wrote it last, or removed it, or moved or removed a
    folder that it is in. The names in a folder, whose path ends in a slash, need all that wrote a
    file in it; a folder that is read as a whole needs all that wrote anything beneath it; one that
    was only looked at needs whoever made, moved or removed it. Writing a file needs whoever made
    the folders that it is in; removing something needs whoever wrote it, and making a folder
    whoever removed the last one there.

    What is needed, `FileNeeds` tells, which goes through the executions backwards.
    """

    def __init__(self) -> None:
        self._writes: dict[str, _Write] = {}
        self._folders: set[str] = set()  # in which something was written
        self._did: dict[ExecutionId, _Did] = {}
        self._count = 0

    def add(self, execution_id: ExecutionId, uses: Iterable[FileUse]) -> None:
        """Add what the next execution did to files."""
        needed: dict[_Write, None] = {}
        folders: dict[str, None] = {}
        written: dict[str, None] = {}
        for use in uses:
            if use.role == "written":
                written[use.path] = None
                needed.update(dict.fromkeys(self._before(use)))
            else:
                needed.update(dict.fromkeys(self._behind(use)))
                if self._is_look_through(use):
                    folders[use.path] = None
        self._count += 1
        writes = tuple(_Write(path, self._count, execution_id) for path in written)
        for write in writes:
            if write.path in self._writes:
                self._writes[write.path].until = self._count
            self._writes[write.path] = write
            self._folders.update(_folders_of(write.path))
        if needed or folders or writes:
            self._did[execution_id] = _Did(self._count, (*needed,), (*folders,), writes)

    def did(self, execution_id: ExecutionId) -> _Did | None:
        """Return what an execution did; None where that is nothing that matters."""
        return self._did.get(execution_id)

    def needed_by(self, execution_id: ExecutionId) -> Iterator[tuple[str, ExecutionId]]:
        """Give the paths that an execution needs, with their writers, the latest first."""
        needs = FileNeeds(self)
        is_earlier = False
        for other in reversed(self._did):
            if is_earlier:
                yield from ((path, other) for path in needs.met_by(other))
            elif other == execution_id:
                needs.take(other)
                is_earlier = True

    def _behind(self, use: FileUse) -> Iterator[_Write]:
        """Give what is behind something that is read, beside what is in a folder."""
        is_listing = use.path.endswith("/")
        return self._last(use.path if is_listing else (use.path, f"{use.path}/"))

    def _is_look_through(self, use: FileUse) -> bool:
        is_written_in = use.path.removesuffix("/") in self._folders
        return is_written_in and use.reason not in (NOT_THERE, FOLDER_LOOKED_AT)

    def _before(self, use: FileUse) -> Iterator[_Write]:
        """Give what made it possible that something is written, made or removed."""
        for folder in _folders_of(use.path):
            yield from self._last((folder, f"{folder}/"), only_itself=True)
        if use.reason == NOT_THERE or use.path.endswith("/"):
            path = use.path.removesuffix("/")
            yield from self._last((path, f"{path}/"))

    def _last(self, paths: str | tuple[str, ...], *, only_itself: bool = False) -> Iterator[_Write]:
        """Give the last write of something, or of a folder that it is in as a whole."""
        wanted = (paths,) if isinstance(paths, str) else paths
        above = () if only_itself else _folders_of(wanted[0])
        known = [self._writes[path] for path in (*wanted, *above) if path in self._writes]
        if known:
            yield max(known, key=lambda write: write.place)


class FileNeeds:
    """What executions need of files, as a session is gone through from its end.

    Lists of readers have the latest first.
    """

    def __init__(self, writers: FileWriters) -> None:
        self._writers = writers
        self._readers: defaultdict[_Write, list[int]] = defaultdict(list)
        # Who looked through a folder, with the place at which that was.
        self._lookers: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)

    def take(self, execution_id: ExecutionId, reader: int = 0) -> None:
        """Add what an execution needs; ``reader`` is its number."""
        did = self._writers.did(execution_id)
        if did is not None:
            for write in did.needed:
                self._readers[write].append(reader)
            for folder in did.folders:
                self._lookers[folder].append((did.place, reader))

    def is_met_by(self, execution_id: ExecutionId) -> bool:
        """Tell whether an execution wrote something that is needed."""
        did = self._writers.did(execution_id)
        return did is not None and any(
            write in self._readers or any(self._has_looker(write, seen) for seen in _seen_in(write))
            for write in did.written
        )

    def met_by(self, execution_id: ExecutionId) -> dict[str, tuple[int, ...]]:
        """Return what is needed of what an execution wrote, with its readers in order.

        What the same ones read has the same readers, not equal ones.
        """
        did = self._writers.did(execution_id)
        if did is None or not self.is_met_by(execution_id):
            return {}
        lookers: dict[tuple[str, int], tuple[int, ...]] = {}
        found = {}
        for write in did.written:
            readers = tuple(reversed(self._readers.get(write, ())))
            for folder in _seen_in(write):
                key = folder, write.until
                if key not in lookers:
                    lookers[key] = self._lookers_at(*key)
                readers = _merged(readers, lookers[key])
            if readers:
                found[write.path] = readers
        return found

    def _has_looker(self, write: _Write, folder: str) -> bool:
        lookers = self._lookers.get(folder)
        return lookers is not None and lookers[-1][0] <= write.until

    def _lookers_at(self, folder: str, until: int) -> tuple[int, ...]:
        lookers = self._lookers.get(folder, [])
        first = bisect_left(lookers, -until, key=lambda looker: -looker[0])
        return tuple(reader for _, reader in reversed(lookers[first:]))


def _merged(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted({*one, *other})) if one and other else one or other


def _seen_in(write: _Write) -> Iterator[str]:
    """Give the folders that a write shows in: by name in its own, and in all as a whole."""
    for number, folder in enumerate(_folders_of(write.path)):
        if number == 0:
            yield f"{folder}/"
        yield folder


def _folders_of(path: str) -> Iterator[str]:
    """Give the folders that a path is in, the nearest first; ``.`` is the project's own.

    A URL is in none.
    """
    if "://" in path:
        return
    folder = dirname(path.removesuffix("/"))
    while folder and not folder.endswith("/"):
        yield folder
        folder = dirname(folder)
    yield folder or "."
