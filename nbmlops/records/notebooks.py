"""The file of a notebook, as it was when its run was closed."""

from dataclasses import dataclass

from nbmlops.records.ids import RunId


@dataclass(frozen=True, slots=True)
class NotebookCell:
    """A code cell in a notebook file.

    ``digest`` is of its source, as `nbmlops.cells.sources.source_digest` makes it. ``id`` is None
    where the file has none. ``source`` is None where only the digest was kept.
    """

    digest: str
    id: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Outline:
    """The code cells of a run's notebook in their order, as it was saved when the run was closed.

    ``saved`` is when the file was last written. ``problem`` says why there are no cells. Of cells
    that have an id the source is not kept.
    """

    run_id: RunId
    path: str
    saved: float | None = None
    cells: tuple[NotebookCell, ...] = ()
    problem: str | None = None
