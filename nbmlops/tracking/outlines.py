"""How the notebook was laid out when a run closed, looked at when nothing else is to be done."""

import os
from collections.abc import Callable
from dataclasses import replace

from nbmlops.records import NotebookCell, Outline, Place, Record, RunId
from nbmlops.tracking.notebook_file import NotebookFile, notebook_file

_WITH_FRONT_END = ("jupyter", "vscode")


class Outlines:
    """Gives runs that close the outline of their notebook, as it is saved then.

    A headless execution needs none: it is in the order of the notebook.
    """

    def __init__(
        self,
        notebook: str | None,
        place: Place,
        put: Callable[[Record], None],
        redact: Callable[[NotebookCell], NotebookCell],
    ) -> None:
        self._redact = redact
        self._path = notebook if place in _WITH_FRONT_END else None
        self._put = put
        self._waiting: list[RunId] = []
        self._seen: tuple[tuple[int, int], NotebookFile] | None = None

    def wanted_by(self, run_id: RunId) -> None:
        """Have the outline of a run recorded soon."""
        if self._path is not None:
            self._waiting.append(run_id)

    def look(self) -> None:
        """Read the notebook, where a run waits for it."""
        if not self._waiting or self._path is None:
            return
        waiting, self._waiting = self._waiting, []
        found = self._read(self._path)
        cells = tuple(cell if cell.id is None else replace(cell, source=None)
                      for cell in map(self._redact, found.cells))  # fmt: skip
        for run_id in waiting:
            self._put(Outline(run_id, found.path, found.saved, cells, found.problem))

    def _read(self, path: str) -> NotebookFile:
        """Read a file unless it is the one that was read last time."""
        try:
            status = os.stat(path)  # noqa: PTH116, text
        except OSError:
            return notebook_file(path)
        stamp = status.st_mtime_ns, status.st_size
        if self._seen is None or self._seen[0] != stamp:
            self._seen = stamp, notebook_file(path)
        return self._seen[1]
