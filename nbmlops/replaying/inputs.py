"""The files that a slice reads and does not make itself: what they held then, and what now."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from nbmlops.canonical import Json
from nbmlops.cells.file_writers import FOLDER_LOOKED_AT, NOT_THERE
from nbmlops.drawing.words import size
from nbmlops.fingerprints.files.described import described_file, described_listing
from nbmlops.records import Execution, ExecutionId, FileUse
from nbmlops.tracking.slice_page import SlicePage

type State = Literal["same", "changed", "missing", "appeared", "unknown"]

_WORDS: dict[State, str] = {
    "same": "is what it was",
    "missing": "is not there any more",
    "appeared": "was not there then",
    "unknown": "cannot be compared with what it was",
}


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file, or folder, that an execution read.

    Attributes
    ----------
    path : str
        As it was recorded: relative to the project where it lies in it.
    state : State
        What became of it since.
    read_by : int
        The number, in its session, of the execution that read it.
    words : str
        The same in words.
    is_needed : bool
        Whether its content was read, not only looked whether it is there.
    """

    path: str
    state: State
    read_by: int
    words: str = ""
    is_needed: bool = True

    @property
    def is_code(self) -> bool:
        """Whether it is a local module, not data."""
        return self.path.endswith(".py")

    def to_json(self) -> Json:
        """Return it as plain JSON with stable keys."""
        return {
            "path": self.path,
            "state": self.state,
            "read_by": self.read_by,
            "words": self.words,
        }


def inputs_of(page: SlicePage, project: Path) -> tuple[InputFile, ...]:
    """Look at the files that a slice reads, each as the first execution found it.

    What it makes itself is none, nor that it was not there before.
    """
    made = made_by(page)
    return tuple(
        _looked_at(use, execution, project)
        for execution, use in _from_outside(page)
        if use.path not in made
    )


def made_by(page: SlicePage) -> frozenset[str]:
    """Return the files and folders that a slice made, and that were not there before it.

    What is written without having been read first was made anew: to go on with a file, or with a
    database, is to read it. Folders count whose path ends in a slash and in which it found nothing.
    """
    uses = by_execution(page.files)
    there: set[str] = set()
    made: set[str] = set()
    for step in page.steps:
        own = uses[step.execution.id]
        there |= {
            use.path
            for use in own
            if use.role == "read" and use.reason != NOT_THERE and use.path not in made
        }
        made |= {use.path for use in own if use.role == "written"} - there
    return frozenset(
        path
        for path in made
        if not (path.endswith("/") and any(each.startswith(path) for each in there))
    )


def _from_outside(page: SlicePage) -> Iterator[tuple[Execution, FileUse]]:
    """Give what executions read that none of them had written before."""
    uses = by_execution(page.files)
    made: set[str] = set()
    for step in page.steps:
        own = uses[step.execution.id]
        for use in own:
            if use.role == "read" and use.path not in made and use.reason != FOLDER_LOOKED_AT:
                yield step.execution, use
        made |= {use.path for use in own if use.role == "written"}


def by_execution(files: Iterable[FileUse]) -> Mapping[ExecutionId, list[FileUse]]:
    """Return what each execution did to files; nothing for others."""
    found: defaultdict[ExecutionId, list[FileUse]] = defaultdict(list)
    for use in files:
        found[use.execution_id].append(use)
    return found


def _looked_at(use: FileUse, execution: Execution, project: Path) -> InputFile:
    path = project / use.path
    is_there = "://" in use.path or path.exists()
    state: State = "unknown"
    words = ""
    if use.reason == NOT_THERE:
        state = "appeared" if is_there else "same"
    elif not is_there:
        state = "missing"
    elif use.digest is not None:
        describe = described_listing if use.path.endswith("/") else described_file
        found = describe(str(path))
        if found.reason is None:
            state = "same" if found.digest.hex() == use.digest else "changed"
        if state == "changed":
            words = _change(use, found.size_bytes)
    return InputFile(
        use.path,
        state,
        execution.sequence,
        words or _WORDS.get(state, ""),
        is_needed=use.digest is not None,
    )


def _change(use: FileUse, size_bytes: int | None) -> str:
    if use.path.endswith("/"):
        return "lists other names than then"
    if use.size_bytes is None or size_bytes is None or use.size_bytes == size_bytes:
        return "holds something else than then"
    return f"holds something else than then: {size(use.size_bytes)} → {size(size_bytes)}"
