"""The contracts around the recorder: who is told, who watches names and files, collects outputs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from nbmlops.fingerprints.files.file_bytes import Stamp
from nbmlops.records import Digest, Execution, Names, Output, UseRole

type Namespace = Mapping[str, Any]
type KeepBlob = Callable[[bytes], Digest]


class RedactText(Protocol):
    """Knows secrets; takes them out of texts that are to be cut: halves would look like none."""

    def until(self, text: str, end: int) -> str:
        """Return what is before a place, what lies across it included."""

    def since(self, text: str, begin: int) -> str:
        """Return what is behind a place, what lies across it included."""

    def learn(self, value: str, kind: str) -> bool:
        """Know a text as a secret from now on."""


class Listener(Protocol):
    """Is told of executions, in the thread that executes; must be quick."""

    def execution_started(self, execution: Execution) -> None:
        """Take an execution whose outcome is ``running``."""

    def execution_ended(self, execution: Execution, namespace: Namespace) -> None:
        """Take the same execution, ended but without outputs; keep no value of the namespace."""

    def files_touched(self, execution: Execution, touches: Sequence["FileTouch"]) -> None:
        """Take the files that an execution read and wrote, before `execution_ended`."""

    def execution_completed(self, execution: Execution) -> None:
        """Take the same execution with its outputs, at once or a little later."""

    def fault(self, where: str, problem: BaseException) -> None:
        """Take an error of our own; the user's cell went on as if we were not there."""


class NameWatcher(Protocol):
    """Finds the names that executions define, use, touch and delete."""

    def open(self) -> None:
        """Get ready to watch."""

    def started(self, source: str, *, is_midway: bool = False) -> None:
        """Begin to watch; ``source`` is Python, magics transformed.

        ``is_midway`` where the execution has been going on for a while.
        """

    def unrecorded_ended(self) -> None:
        """Take that a cell ended which is not recorded: it may have changed any value."""

    def inner_ended(self, source: str, namespace: Namespace) -> Names:
        """Return the names of a cell that ran within the watched one and were not seen as its."""

    def ended(self, source: str, namespace: Namespace) -> Names:
        """End the watch of this thread."""

    def close(self) -> None:
        """Leave everything as it was found."""


@dataclass(frozen=True, slots=True)
class FileTouch:
    """That an execution read or wrote a file or a folder.

    Attributes
    ----------
    path : str
        Absolute, or a URL without the password in it.
    role : str
        ``read``, or ``written``: made, changed, replaced, moved or removed.
    is_listing : bool
        Whether it is about the names in a folder, not about what is in the files.
    is_there : bool
        For ``read``, whether it was there when it was asked for; for ``written``, whether it was
        at the end.
    stamp : Stamp or None
        What the file was when it was read first, or at the end for ``written``: whoever looks at
        its content later can tell whether it is still that. None for folders by their content,
        for URLs and for what is not there.
    is_only_looked_at : bool
        Whether somebody asked for the path, as by `os.path.exists`, without opening what is there.
    """

    path: str
    role: UseRole
    is_listing: bool = False
    is_there: bool = True
    stamp: Stamp | None = None
    is_only_looked_at: bool = False


class FileWatcher(Protocol):
    """Finds the files and folders that executions read and write; never raises, must be quick."""

    def started(self) -> None:
        """Begin to watch for the execution that starts in this thread."""

    def ended(self, source: str = "") -> tuple[FileTouch, ...]:
        """End the watch that began last in this thread; reads first, then writes.

        ``source`` is the Python that was executed: importing again what is imported already opens
        no file, but needs it.
        """

    def close(self) -> None:
        """Leave everything as it was found."""


class OutputTap(Protocol):
    """Collects what executions show, as the front end gets it."""

    def started(self) -> None:
        """Begin to collect for the execution that starts in this thread."""

    def ended(self, take: Callable[[tuple[Output, ...]], None]) -> None:
        """Hand over what this thread's execution showed once all of it has come."""

    def close(self) -> None:
        """Hand over what has come, and leave everything as it was found."""

    def abandon(self) -> None:
        """Leave everything as it was found, and hand nothing over any more."""
