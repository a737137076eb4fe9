"""A plain script: recorded as one execution, which ends with the process."""

import sys
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from nbmlops.canonical import new_id, now
from nbmlops.capture.outcomes import failure_of
from nbmlops.cells.sources import source_key
from nbmlops.records import Execution, ExecutionId, Failure, SessionId
from nbmlops.tracking.clocks import Stopwatch


class Script:
    """The script of this process, from its first logging call.

    Attributes
    ----------
    execution : Execution
        As it began.
    failure : Failure or None
        What the script failed with.
    """

    def __init__(self, session_id: SessionId, path: Path | None) -> None:
        source = path.read_text("utf-8", "replace") if path and path.exists() else ""
        self.execution = Execution(
            id=ExecutionId(new_id()),
            session_id=session_id,
            sequence=1,
            source=source,
            started=now(),
            cell_key=source_key(source),
        )
        self._stopwatch = Stopwatch()
        self.failure: Failure | None = None
        self._hook_before = sys.excepthook
        self._own_hook = self._failed
        sys.excepthook = self._own_hook

    @property
    def was_interrupted(self) -> bool:
        """Whether the user ended it."""
        return self.failure is not None and self.failure.type == "KeyboardInterrupt"

    def ended(self) -> Execution:
        """Return the execution, ended now."""
        failure = self.failure
        return replace(
            self.execution,
            duration_seconds=self._stopwatch.seconds,
            outcome="interrupted" if self.was_interrupted else "error" if failure else "ok",
            failure=failure,
        )

    def close(self) -> None:
        """Leave the hook for exceptions as it was found, unless somebody has wrapped it since."""
        if sys.excepthook is self._own_hook:
            sys.excepthook = self._hook_before

    def _failed(
        self, kind: type[BaseException], problem: BaseException, where: TracebackType | None
    ) -> None:
        self.failure = failure_of(problem)
        self._hook_before(kind, problem, where)
