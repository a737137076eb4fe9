"""Runs executed again with other parameters: each headlessly, by a process of its own.

How far one has come is read from the notebook that it writes, so that nothing has to be told.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from nbmlops.canonical import Json, new_id, now
from nbmlops.drawing.words import iso
from nbmlops.errors import InvalidArgument, NothingThere, TooManyReruns
from nbmlops.records import RunId

_MOST_AT_ONCE = 4
_MOST_KEPT = 50
_MOST_TOLD = 4_000  # characters of what went wrong
_PRESENT = "completed"  # papermill's word for a cell that was executed

type RerunState = Literal["running", "finished", "failed"]


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
        options = ["--cwd", str(self.folder), "--experiment", self.experiment, "--no-progress-bar"]
        return [sys.executable, "-m", "nbmlops", "run", *options, *given, "--", *place]


class Rerun:
    """An execution that was begun.

    Raises
    ------
    InvalidArgument
        There is something where its notebook is to be written.
    """

    def __init__(self, again: Again) -> None:
        self.id, self.again, self.started = new_id(), again, now()
        _write_new(again.path, again.notebook)
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115, as long as it is asked for
        self._process = subprocess.Popen(
            again.command,
            cwd=again.folder,
            env={**os.environ, "NBMLOPS_STORE": again.store},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._said,
            start_new_session=True,  # what interrupts the server does not interrupt it
        )

    @property
    def state(self) -> RerunState:
        """How it stands."""
        code = self._process.poll()
        return "running" if code is None else "failed" if code else "finished"

    def stop(self) -> None:
        """Interrupt it, as Ctrl-C would: the kernel ends, and the run says why."""
        with contextlib.suppress(ProcessLookupError):
            if self._process.poll() is None:
                os.kill(self._process.pid, signal.SIGINT)

    def to_json(self) -> Json:
        """Return how far it has come, as plain JSON."""
        state = self.state  # first: what is read then is not older
        cells, metadata = _written(self.again.path)
        return {
            "id": self.id,
            "of": self.again.run,
            "run": metadata.get("nbmlops", {}).get("run_id"),
            "output": self.again.shown_path,
            "state": state,
            "cells": len(cells),
            "done": sum(_is_done(cell) for cell in cells),
            "started": iso(self.started),
            "problem": self._problem() if state == "failed" else None,
        }

    def _problem(self) -> str:
        size = os.fstat(self._said.fileno()).st_size
        read = os.pread(self._said.fileno(), _MOST_TOLD, max(0, size - _MOST_TOLD))
        return read.decode("utf-8", "replace").strip() or f"exit code {self._process.returncode}"


class Reruns:
    """The executions that this server began, the latest ones. Used from several threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._known: dict[str, Rerun] = {}

    def begin(self, again: Again) -> Rerun:
        """Begin with an execution; raise `TooManyReruns` where several go on."""
        with self._guard:
            going = sum(rerun.state == "running" for rerun in self._known.values())
            if going >= _MOST_AT_ONCE:
                raise TooManyReruns(going)
            rerun = Rerun(again)
            self._known[rerun.id] = rerun
            while len(self._known) > _MOST_KEPT:
                self._known.pop(next(iter(self._known)))
            return rerun

    def find(self, rerun_id: str) -> Rerun:
        """Return an execution; raise `NothingThere` where this server began none of that id."""
        with self._guard:
            if rerun_id not in self._known:
                raise NothingThere("execution of this server", rerun_id)
            return self._known[rerun_id]

    def close(self) -> None:
        """Interrupt what goes on."""
        with self._guard:
            for rerun in self._known.values():
                rerun.stop()


def _write_new(path: Path, document: Mapping[str, Any]) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            json.dump(document, file, indent=1, ensure_ascii=False)
    except FileExistsError:
        raise InvalidArgument("output", f"{path.name} is there already.") from None


def _written(path: Path) -> tuple[list[Any], dict[str, Any]]:
    """Return the code cells and the metadata of a notebook, as far as they can be read now."""
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return [], {}
    code = [cell for cell in document.get("cells", []) if cell.get("cell_type") == "code"]
    return code, document.get("metadata", {})


def _is_done(cell: Mapping[str, Any]) -> bool:
    return bool(cell.get("metadata", {}).get("papermill", {}).get("status") == _PRESENT)
