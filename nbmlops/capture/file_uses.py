"""What was in the files that executions read and wrote: touches to records.

A record comes at once, and again when the content was hashed in the background. What a file held
is told only if it is still what it was then; otherwise the record says why there is no digest. What
was only looked at is not read for that.
URLs are named, never fetched: that would be network access nobody asked for.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from nbmlops.capture.background import Background
from nbmlops.capture.base import FileTouch
from nbmlops.cells.file_writers import FOLDER_LOOKED_AT, NOT_THERE, ONLY_LOOKED_AT
from nbmlops.fingerprints.base import Described
from nbmlops.fingerprints.files.described import described_file, described_listing
from nbmlops.records import Digest, ExecutionId, FileUse

_NOT_FETCHED = "what a URL holds is not fetched"


class FileUses:
    """Turns what a `FileWatcher` saw into records.

    Parameters
    ----------
    project : Path
        Files in it are named relative to it.
    background : Background
        Hashes.
    put : callable
        Takes records.
    """

    def __init__(self, project: Path, background: Background, put: Callable[..., None]) -> None:
        self._project, self._background, self._put = project, background, put

    def take(self, execution_id: ExecutionId, touches: Sequence[FileTouch]) -> tuple[FileUse, ...]:
        """Record the files that an execution touched; return what is known of them at once."""
        uses = [(self._use(execution_id, touch), touch) for touch in touches]
        if uses:
            self._put(*(use for use, _ in uses))
        for use, touch in uses:
            if use.reason is None:
                self._background.put(self._look(use, touch), urgent=True)
        return tuple(use for use, _ in uses)

    def _use(self, execution_id: ExecutionId, touch: FileTouch) -> FileUse:
        reason = _reason(touch)
        path = touch.path
        if "://" in path:
            reason = _NOT_FETCHED
        elif Path(path).is_relative_to(self._project):
            path = Path(path).relative_to(self._project).as_posix()
        if touch.is_listing:  # another thing than what is in the folder
            path = f"{path}/"
        stamp = touch.stamp
        return FileUse(
            execution_id,
            path,
            touch.role,
            size_bytes=stamp.size_bytes if stamp and not touch.is_listing else None,
            modified=stamp.modified_ns / 1e9 if stamp and not touch.is_only_looked_at else None,
            reason=reason,
        )

    def _look(self, use: FileUse, touch: FileTouch) -> Callable[[], None]:
        def look() -> None:
            describe = described_listing if touch.is_listing else described_file
            self._put(_with_content(use, describe(touch.path, stamp=touch.stamp)))

        return look


def _reason(touch: FileTouch) -> str | None:
    """Return why nobody looks at the content of a file; None if somebody does."""
    if not touch.is_there:
        return NOT_THERE
    if not touch.is_only_looked_at:
        return None
    return FOLDER_LOOKED_AT if touch.stamp is None else ONLY_LOOKED_AT


def _with_content(use: FileUse, found: Described) -> FileUse:
    if found.reason is not None:
        return replace(use, reason=found.reason)
    size_bytes = use.size_bytes if found.size_bytes is None else found.size_bytes
    return replace(use, digest=Digest(found.digest.hex()), size_bytes=size_bytes)
