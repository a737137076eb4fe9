"""The contracts around the recorder: who is told, who watches names, who collects outputs."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from nbmlops.records import Digest, Execution, Names, Output

type Namespace = Mapping[str, Any]
type KeepBlob = Callable[[bytes], Digest]


class Listener(Protocol):
    """Is told of executions, in the thread that executes; must be quick."""

    def execution_started(self, execution: Execution) -> None:
        """Take an execution whose outcome is ``running``."""

    def execution_ended(self, execution: Execution, namespace: Namespace) -> None:
        """Take the same execution, ended but without outputs; keep no value of the namespace."""

    def execution_completed(self, execution: Execution) -> None:
        """Take the same execution with its outputs, at once or a little later."""

    def fault(self, where: str, problem: BaseException) -> None:
        """Take an error of our own; the user's cell went on as if we were not there."""


class NameWatcher(Protocol):
    """Finds the names that an execution defines, uses and touches."""

    def started(self, source: str) -> None:
        """Begin to watch; ``source`` is Python, magics transformed."""

    def ended(self, source: str, namespace: Namespace) -> Names:
        """End the watch that began last in this thread."""


class OutputTap(Protocol):
    """Collects what executions show, as the front end gets it."""

    def started(self) -> None:
        """Begin to collect for the execution that starts in this thread."""

    def ended(self, take: Callable[[tuple[Output, ...]], None]) -> None:
        """Hand over what this thread's execution showed once all of it has come."""

    def close(self) -> None:
        """Leave everything as it was found."""
