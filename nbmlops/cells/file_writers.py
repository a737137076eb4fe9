"""Which executions wrote the files and folders that an execution needs."""

from collections.abc import Iterable, Iterator
from posixpath import dirname

from nbmlops.records import ExecutionId, FileUse

# Reasons why the content of a file that was used is not told.
NOT_THERE = "it is not there"
ONLY_LOOKED_AT = "only looked at"
FOLDER_LOOKED_AT = "only looked whether it is there"
LOOKED_AT = frozenset((NOT_THERE, ONLY_LOOKED_AT, FOLDER_LOOKED_AT))

type _Write = tuple[int, ExecutionId]  # with its place in the order of writes


class FileWriters:
    """Who wrote which file last, grown one execution at a time.

    A file that is read needs the execution that wrote it last, or removed it, or moved or removed a
    folder that it is in. The names in a folder, whose path ends in a slash, need all that wrote a
    file in it; a folder that is read as a whole needs all that wrote anything beneath it; one that
    was only looked at needs whoever made, moved or removed it. Writing a file needs whoever made
    the folders that it is in; removing something needs whoever wrote it, and making a folder
    whoever removed the last one there.
    """

    def __init__(self) -> None:
        self._writers: dict[str, _Write] = {}
        self._folders: set[str] = set()  # in which something was written
        self._count = 0

    def add(
        self, execution_id: ExecutionId, uses: Iterable[FileUse]
    ) -> Iterator[tuple[str, ExecutionId]]:
        """Add what the next execution did to files; give the paths it needs, with their writers."""
        found: dict[tuple[str, ExecutionId], None] = {}
        written = []
        for use in uses:
            needed = self._behind(use) if use.role == "read" else self._before(use)
            found.update(dict.fromkeys(needed))
            if use.role == "written":
                written.append(use.path)
        self._count += 1
        for path in written:
            self._writers[path] = self._count, execution_id
            self._folders.update(_folders_of(path))
        return iter(found)

    def _behind(self, use: FileUse) -> Iterator[tuple[str, ExecutionId]]:
        """Give who is behind something that is read."""
        path = use.path
        is_listing = path.endswith("/")
        folder = path.removesuffix("/")
        yield from self._last(path if is_listing else (path, f"{path}/"))
        if folder in self._folders and use.reason not in (NOT_THERE, FOLDER_LOOKED_AT):
            for other, (_, writer) in self._writers.items():
                above = _folders_of(other)
                if folder == next(above, None) or (not is_listing and folder in above):
                    yield other, writer

    def _before(self, use: FileUse) -> Iterator[tuple[str, ExecutionId]]:
        """Give who made it possible that something is written, made or removed."""
        for folder in _folders_of(use.path):
            yield from self._last((folder, f"{folder}/"), only_itself=True)
        if use.reason == NOT_THERE or use.path.endswith("/"):
            path = use.path.removesuffix("/")
            yield from self._last((path, f"{path}/"))

    def _last(
        self, paths: str | tuple[str, ...], *, only_itself: bool = False
    ) -> Iterator[tuple[str, ExecutionId]]:
        """Give the last write of something, or of a folder that it is in as a whole."""
        wanted = (paths,) if isinstance(paths, str) else paths
        above = () if only_itself else _folders_of(wanted[0])
        known = [path for path in (*wanted, *above) if path in self._writers]
        if known:
            last = max(known, key=lambda path: self._writers[path][0])
            yield last, self._writers[last][1]


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
