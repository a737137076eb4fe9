"""What a notebook would become if the cells of a run were put back into it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from nbmlops.canonical import Json
from nbmlops.cell_changes import matched, source_diff
from nbmlops.records import Execution


@dataclass(frozen=True, slots=True)
class NotebookCell:
    """A code cell of a notebook, as it is now."""

    id: str
    source: str

    @property
    def cell_id(self) -> str:
        """The id by which it is matched."""
        return self.id


@dataclass(frozen=True, slots=True)
class CellBack:
    """A cell of a run that a notebook has otherwise, or not at all.

    Attributes
    ----------
    execution : Execution
        The last one of the cell in the run.
    cell : NotebookCell or None
        What stands in the notebook; None where the cell is missing.
    behind : str or None
        The notebook's cell behind which it belongs; None for the top.
    """

    execution: Execution
    cell: NotebookCell | None
    behind: str | None

    @property
    def change(self) -> Literal["edited", "added"]:
        """What would become of the notebook's cell."""
        return "edited" if self.cell else "added"

    def to_json(self) -> Json:
        """Return it as plain JSON with stable keys."""
        before = self.cell.source if self.cell else ""
        return {
            "change": self.change,
            "cell": self.cell.id if self.cell else None,
            "behind": self.behind,
            "execution_count": self.execution.execution_count,
            "source": self.execution.source,
            "diff": source_diff(before, self.execution.source),
        }


@dataclass(frozen=True, slots=True)
class CellsBack:
    """The cells that would change, in the order in which the run executed them."""

    changes: tuple[CellBack, ...]
    same: int

    def to_json(self) -> Json:
        """Return them as plain JSON with stable keys."""
        return {"same": self.same, "changes": [change.to_json() for change in self.changes]}


def cells_back(executions: Sequence[Execution], notebook: Sequence[NotebookCell]) -> CellsBack:
    """Compare the cells of a run, each as it was executed last, with those of a notebook.

    Cells are matched by id, then by equal source, then by the most similar source.
    """
    last = list({execution.cell_key: execution for execution in executions}.values())
    changes = tuple(_changes(last, notebook))
    return CellsBack(changes, len(last) - len(changes))


def _changes(last: Sequence[Execution], notebook: Sequence[NotebookCell]) -> Iterator[CellBack]:
    there = matched(notebook, last)
    behind = None
    for execution in last:
        cell = there.get(execution.id)
        if cell is None or cell.source.strip() != execution.source.strip():
            yield CellBack(execution, cell, behind)
        behind = cell.id if cell else behind
