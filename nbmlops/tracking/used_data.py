"""What executions did with data and files: found when they end, or in the background."""

from collections.abc import Callable, Sequence
from pathlib import Path

from nbmlops.capture.background import Background
from nbmlops.capture.base import FileTouch, Namespace
from nbmlops.capture.file_uses import FileUses
from nbmlops.capture.values import ValueWatcher
from nbmlops.config import Settings
from nbmlops.records import Execution, ExecutionId, FileUse
from nbmlops.tracking.data_keeper import DataKeeper

# For data that has not been looked at when the session ends.
_CLOSING_SECONDS = 10.0


class UsedData:
    """The data and files of a session's executions.

    Parameters
    ----------
    project : Path
    settings : Settings
    put : callable
        Takes any number of records, from any thread.
    fault : callable
        Is told of errors of ours: where, and which.
    """

    def __init__(
        self,
        project: Path,
        settings: Settings,
        put: Callable[..., None],
        fault: Callable[[str, BaseException], None],
    ) -> None:
        self._is_wanted = settings.data
        self._background = Background(lambda problem: fault("looking at data", problem))
        keeper = DataKeeper(put, fault)
        self._files = FileUses(project, self._background, keeper.files_found)
        self._file_uses: dict[ExecutionId, tuple[FileUse, ...]] = {}
        self._values = ValueWatcher(
            keeper,
            self._background,
            budget_seconds=settings.data_budget_ms / 1000,
            with_profiles=settings.profiles,
        )

    @property
    def is_looking(self) -> bool:
        """Whether data is still being looked at."""
        return self._background.is_working

    def started(self, execution_id: ExecutionId) -> None:
        """Take that an execution starts in this thread."""
        if self._is_wanted:
            self._values.started(execution_id)

    def files_touched(self, execution: Execution, touches: Sequence[FileTouch]) -> None:
        """Keep which files an execution read and wrote."""
        self._file_uses[execution.id] = self._files.take(execution.id, touches)

    def take_files(self, execution_id: ExecutionId) -> tuple[FileUse, ...]:
        """Return which files an execution read and wrote, and forget that."""
        return self._file_uses.pop(execution_id, ())

    def ended(self, execution: Execution, namespace: Namespace) -> None:
        """Look at the data that an execution used, or have it looked at."""
        if self._is_wanted:
            self._values.ended(execution, namespace)

    def wait(self, timeout_seconds: float, profiles_seconds: float) -> bool:
        """Wait for what is being looked at; return whether all but profiles was in time."""
        is_found = self._background.wait(timeout_seconds, urgent_only=True)
        self._background.wait(min(profiles_seconds, timeout_seconds))
        return is_found

    def close(self) -> None:
        """Look at what is left, as far as the time goes, and at nothing from then on."""
        self._background.close(_CLOSING_SECONDS)
        self._values.close()
