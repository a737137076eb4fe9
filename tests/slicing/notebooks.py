"""The notebooks of the harness: read from ``.ipynb`` files, or from a file of hazards.

A file of hazards (``hazards/*.cells``) holds many small notebooks as text::

    === name of the notebook
    # %% load
    values = [1, 2]
    # %% change
    values.append(3)
    # %% show <- load change
    print(values)

``show <- load change`` is the slice of the last cell, checked by hand: itself and these two. A
cell without an arrow is only re-run, not compared with a slice. In ``.ipynb`` files the same
stands in the notebook's metadata: ``{"slices": {"show": ["load", "change"]}}``.

What nbmlops is known not to find has the reason in its title: ``=== name (limit: why)``.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_TITLE = re.compile(r"(?P<name>.*?)(?: \(limit: (?P<limit>.*)\))?")
_SKIPPED = {".ipynb_checkpoints", ".nbmlops", ".git", ".venv", "node_modules"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell."""

    id: str
    source: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notebook:
    """Code cells to execute.

    Attributes
    ----------
    folder : Path or None
        What is around it; it is executed in copies of this.
    slices : mapping
        By cell id, the ids of the other cells that its output needs, as somebody found out.
    limit : str or None
        Why slices that do not reproduce are a limit which is known.
    """

    name: str
    cells: tuple[Cell, ...]
    folder: Path | None = None
    slices: Mapping[str, frozenset[str]] = field(default_factory=dict)
    limit: str | None = None


def notebooks_in(folder: Path) -> list[Notebook]:
    """Return the notebooks of a folder and those below it, and the hazards."""
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".ipynb", ".cells") and not _SKIPPED & set(path.parts)
    ]
    return [
        notebook
        for path in files
        for notebook in (
            hazards(path)
            if path.suffix == ".cells"
            else [read_ipynb(path, path.relative_to(folder))]
        )
    ]


def read_ipynb(path: Path, name: Path) -> Notebook:
    """Return the notebook of a file; cells without an id have their number for one."""
    document = json.loads(path.read_text("utf-8"))
    cells = tuple(
        Cell(
            cell.get("id") or f"cell-{number}",
            "".join(cell["source"]),
            tuple(cell["metadata"].get("tags", ())),
        )
        for number, cell in enumerate(document["cells"])
        if cell["cell_type"] == "code"
    )
    given = document["metadata"].get("slices", {})
    slices = {cell_id: frozenset(others) for cell_id, others in given.items()}
    return Notebook(str(name.with_suffix("")), cells, path.parent, slices)


def hazards(path: Path) -> Iterator[Notebook]:
    """Yield the notebooks of a file of hazards."""
    parts = re.split(r"^=== *(.*)\n", path.read_text("utf-8"), flags=re.MULTILINE)
    for title, text in zip(parts[1::2], parts[2::2], strict=True):
        cells, slices = [], {}
        pieces = re.split(r"^# %% *(.*)\n", text, flags=re.MULTILINE)
        for header, source in zip(pieces[1::2], pieces[2::2], strict=True):
            cell_id, arrow, others = (part.strip() for part in header.partition("<-"))
            cells.append(Cell(cell_id, source.rstrip("\n")))
            if arrow:
                slices[cell_id] = frozenset(others.split())
        known = {cell.id for cell in cells}
        unknown = [each for others in slices.values() for each in others - known]
        if unknown or len(known) < len(cells):
            raise ValueError(f"{path.name}, {title}: unknown or repeated cells {unknown}")
        named = _TITLE.fullmatch(title)
        assert named is not None
        name = f"{path.stem}/{named['name']}"
        yield Notebook(name, tuple(cells), None, slices, named["limit"])
