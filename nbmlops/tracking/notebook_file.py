"""The notebook file of a session as it was saved last: its code cells, or why they are not known.

Nothing here raises. The front end may be writing the file, may have renamed it, or may have cells
that it has not saved.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbmlops.cells.ties import notebook_cell
from nbmlops.records import NotebookCell

# Reading a file holds up the other threads: of this size for a quarter of a second.
_MOST_BYTES = 32_000_000


@dataclass(frozen=True, slots=True)
class NotebookFile:
    """What is in a notebook file; ``problem`` says why there are no cells."""

    path: str
    saved: float | None = None
    cells: tuple[NotebookCell, ...] = ()
    problem: str | None = None


def notebook_file(path: str) -> NotebookFile:
    """Read a notebook file."""
    try:
        status = os.stat(path)  # noqa: PTH116, text
        if status.st_size > _MOST_BYTES:
            return NotebookFile(path, status.st_mtime, problem="is too large to be looked into")
        text = Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return NotebookFile(path, problem="is not there; was it renamed?")
    except (OSError, UnicodeDecodeError) as problem:
        return NotebookFile(path, problem=f"cannot be read: {problem}")
    try:
        cells = _code_cells(json.loads(text))
    except (json.JSONDecodeError, RecursionError):
        return NotebookFile(path, status.st_mtime, problem="is not valid JSON; is it being saved?")
    if cells is None:
        return NotebookFile(path, status.st_mtime, problem="is no notebook of format 4")
    return NotebookFile(path, status.st_mtime, cells)


def _code_cells(notebook: Any) -> tuple[NotebookCell, ...] | None:
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        return None
    return tuple(
        _cell(cell) for cell in cells if isinstance(cell, dict) and cell.get("cell_type") == "code"
    )


def _cell(cell: dict[str, Any]) -> NotebookCell:
    source = cell.get("source")
    lines = source if isinstance(source, list) else [source]
    cell_id = cell.get("id")
    return notebook_cell(
        "".join(line for line in lines if isinstance(line, str)),
        cell_id if isinstance(cell_id, str) else None,
    )
