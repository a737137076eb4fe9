"""What this server executes, each by a process of its own: runs with other parameters, replays.

How far one has come is read from the notebook that it writes, so that nothing has to be told.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Literal

from nbmlops.canonical import Json, new_id, now
from nbmlops.drawing.words import iso
from nbmlops.errors import InvalidArgument, NothingThere, TooManyReruns
from nbmlops.records import RunId

_MOST_AT_ONCE = 4
_MOST_KEPT = 50
_MOST_TOLD = 4_000  # characters of what went wrong
_MOST_ANSWERED = 50_000_000
_PENDING, _PRESENT = "pending", "completed"  # papermill's words for a cell, before and after
# What was interrupted lets its kernel end, which may be in a long call of C, and closes its run.
_PATIENCE_SECONDS = 30.0

type RerunState = Literal["running", "stopping", "finished", "stopped", "failed"]
_GOING: frozenset[RerunState] = frozenset(("running", "stopping"))


@dataclass(frozen=True, slots=True)
class Again:
    """What is to be executed.

    Attributes
    ----------
    run : RunId
        The run that it repeats.
    experiment : str
        Where the new run belongs.
    notebook : dict
        Its document, as nbformat has it.
    parameters : mapping of str to str
        As they were typed; each is read as the type that the notebook has.
    path : Path
        Where the notebook is written; must not be there yet.
    shown_path : str
        The same below the server's root.
    folder : Path
        Where the kernel works.
    store : str
        URL of the store that records it.
    """

    run: RunId
    experiment: str
    notebook: Mapping[str, Any]
    parameters: Mapping[str, str]
    path: Path
    shown_path: str
    folder: Path
    store: str

    @property
    def command(self) -> list[str]:
        """The command that executes it, in place."""
        given = [word for pair in self.parameters.items() for word in ("-p", *pair)]
        place = [str(self.path)] * 2
        options = ["--cwd", str(self.folder), "--experiment", self.experiment]
        options += ["--no-progress-bar", "--json"]
        return [sys.executable, "-m", "nbmlops", "run", *options, *given, "--", *place]


@dataclass(frozen=True, slots=True)
class Written:
    """What is read in the notebook of an execution.

    Attributes
    ----------
    cells, done : int
        Its code cells, and how many of them were executed. Before a cell has begun their number is
        not the last one: the cell of the parameters may be missing yet.
    has_begun : bool
        Whether a cell of it has.
    metadata : mapping
    """

    cells: int = 0
    done: int = 0
    has_begun: bool = False
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> "Written | None":
        """Return what can be read now; None while it is being written."""
        try:
            document = json.loads(path.read_bytes())
        except (OSError, ValueError):
            return None
        cells = document.get("cells", [])
        code = [_status(cell) for cell in cells if cell.get("cell_type") == "code"]
        has_begun = any(_status(cell) not in (None, _PENDING) for cell in cells)
        done = code.count(_PRESENT)
        return cls(len(code), done, has_begun, document.get("metadata", {}))


def _status(cell: Mapping[str, Any]) -> str | None:
    status: str | None = cell.get("metadata", {}).get("papermill", {}).get("status")
    return status


class Begun:
    """A command that was begun and goes on in a process of its own.

    Parameters
    ----------
    command : sequence of str
    notebook : Path
        Which it writes as it goes on.
    folder : Path
        Where it works.
    store : str
        URL of the store that it takes for the project's.
    """

    good_codes: frozenset[int] = frozenset((0,))  # with which it can end well

    def __init__(self, command: Sequence[str], notebook: Path, folder: Path, store: str) -> None:
        self.id, self.notebook, self.started = new_id(), notebook, now()
        self._is_to_stop = False
        self._written = Written()
        # Both are there as long as somebody may ask.
        self._answered: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "NBMLOPS_STORE": store},
            stdin=subprocess.DEVNULL,
            stdout=self._answered,
            stderr=self._said,
            start_new_session=True,  # what interrupts the server does not interrupt it
        )

    @property
    def state(self) -> RerunState:
        """How it stands."""
        code = self._process.poll()
        if code is None:
            return "stopping" if self._is_to_stop else "running"
        if code in self.good_codes:
            return "finished"
        return "stopped" if self._is_to_stop else "failed"

    @property
    def is_going(self) -> bool:
        """Whether it has not ended yet."""
        return self.state in _GOING

    @property
    def answer(self) -> bytes:
        """What it has written to its standard output."""
        return _read(self._answered, _MOST_ANSWERED)

    def stop(self) -> None:
        """Interrupt it: its kernel ends, and its run says why. What does not heed that is killed.

        Not by SIGINT, which a shell has its jobs in the background ignore, and they those that
        they begin.
        """
        if self._is_to_stop or not self.is_going:
            return
        self._is_to_stop = True
        self._process.terminate()
        killing = threading.Timer(_PATIENCE_SECONDS, self._process.kill)
        killing.daemon = True
        killing.start()

    def to_json(self) -> Json:
        """Return how far it has come, as plain JSON."""
        state = self.state  # first: what is read then is not older
        written = self._written = Written.read(self.notebook) or self._written
        return {
            "id": self.id,
            **self.described(written.metadata),
            "state": state,
            "cells": written.cells if written.has_begun or state not in _GOING else 0,
            "done": written.done,
            "started": iso(self.started),
            "problem": self._problem() if state == "failed" else None,
        }

    def described(self, metadata: Mapping[str, Any]) -> dict[str, Json]:
        """Return what is to be said of this kind; ``metadata`` is that of its notebook."""
        raise NotImplementedError

    def _problem(self) -> str:
        """Return why it ended, as its answer says: no table for a terminal, no option of one."""
        try:
            answer = json.loads(self.answer)
        except ValueError:  # it ended before it could answer
            answer = {}
        said = answer.get("error", {}).get("message") or answer.get("reason")
        return str(said) if said else self._said_aloud()

    def _said_aloud(self) -> str:
        read = _read(self._said, _MOST_TOLD)
        return read.decode("utf-8", "replace").strip() or f"exit code {self._process.returncode}"


class Rerun(Begun):
    """A run that is executed with other parameters.

    Raises
    ------
    InvalidArgument
        There is something where its notebook is to be written.
    """

    def __init__(self, again: Again) -> None:
        self.again = again
        _write_new(again.path, again.notebook)
        super().__init__(again.command, again.path, again.folder, again.store)

    def described(self, metadata: Mapping[str, Any]) -> dict[str, Json]:
        """Return which run it is of, which run it makes, and where its notebook is."""
        return {
            "of": self.again.run,
            "run": metadata.get("nbmlops", {}).get("run_id"),
            "output": self.again.shown_path,
        }


class Reruns:
    """The executions that this server began, the latest ones. Used from several threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._known: dict[str, Begun] = {}

    def begin[B: Begun](self, make: Callable[[], B]) -> B:
        """Begin with what ``make`` makes; raise `TooManyReruns` where several go on."""
        with self._guard:
            going = sum(begun.is_going for begun in self._known.values())
            if going >= _MOST_AT_ONCE:
                raise TooManyReruns(going)
            begun = make()
            self._known[begun.id] = begun
            while len(self._known) > _MOST_KEPT:
                self._known.pop(next(iter(self._known)))
            return begun

    def find[B: Begun](self, kind: type[B], begun_id: str) -> B:
        """Return what was begun; raise `NothingThere` where it is none of this kind and id."""
        with self._guard:
            found = self._known.get(begun_id)
        if not isinstance(found, kind):
            raise NothingThere("execution of this server", begun_id)
        return found

    def close(self) -> None:
        """Interrupt what goes on."""
        with self._guard:
            for begun in self._known.values():
                begun.stop()


def _read(file: IO[bytes], most: int) -> bytes:
    """Return the end of a file that another process writes."""
    size = os.fstat(file.fileno()).st_size
    return os.pread(file.fileno(), most, max(0, size - most))


def _write_new(path: Path, document: Mapping[str, Any]) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            json.dump(document, file, indent=1, ensure_ascii=False)
    except FileExistsError:
        raise InvalidArgument("output", f"{path.name} is there already.") from None
