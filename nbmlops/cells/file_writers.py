"""Which executions wrote the files and folders that an execution needs."""

from collections.abc import Iterable, Iterator
from posixpath import dirname

from nbmlops.records import ExecutionId, FileUse


class FileWriters:
    """Who wrote which file last, grown one execution at a time.

    A file that is read needs the execution that wrote it last, or removed it. The names in a
    folder, whose path ends in a slash, need all that wrote a file in it; a folder that is read as
    a whole needs all that wrote anything beneath it. Writing a file needs whoever made the folders
    that it is in.
    """

    def __init__(self) -> None:
        self._writers: dict[str, ExecutionId] = {}
        self._folders: set[str] = set()  # in which something was written

    def add(
        self, execution_id: ExecutionId, uses: Iterable[FileUse]
    ) -> Iterator[tuple[str, ExecutionId]]:
        """Add what the next execution did to files; give the paths it needs, with their writers."""
        found: dict[tuple[str, ExecutionId], None] = {}
        written = []
        for use in uses:
            if use.role == "read":
                found.update(dict.fromkeys(self._behind(use.path)))
            else:
                found.update(dict.fromkeys(self._makers(use.path)))
                written.append(use.path)
        for path in written:
            self._writers[path] = execution_id
            self._folders.update(_folders_of(path))
        return iter(found)

    def _behind(self, path: str) -> Iterator[tuple[str, ExecutionId]]:
        if path in self._writers:
            yield path, self._writers[path]
        is_listing = path.endswith("/")
        folder = path.removesuffix("/")
        if folder in self._folders:
            for other, writer in self._writers.items():
                above = _folders_of(other)
                if folder == next(above, None) or (not is_listing and folder in above):
                    yield other, writer

    def _makers(self, path: str) -> Iterator[tuple[str, ExecutionId]]:
        for folder in _folders_of(path):
            maker = self._writers.get(f"{folder}/")
            if maker is not None:
                yield f"{folder}/", maker


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
