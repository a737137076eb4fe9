"""Cells written for a test, as the slice that a recorder would have made of them."""

from collections.abc import Collection
from dataclasses import replace

from nbmlops.capture.python_of import python_of
from nbmlops.cells.extraction import Extracted, extract
from nbmlops.cells.headers import header_of, without_header
from nbmlops.cells.names import names_of
from nbmlops.cells.pruning import Wanted
from nbmlops.cells.slices import Step, slice_of
from nbmlops.records import Execution


def executions_of(*cells: str | Execution) -> list[Execution]:
    """Return executions of cells in order, with the names that their sources say."""
    return [_execution(place, cell) for place, cell in enumerate(cells, 1)]


def failed(source: str, outcome: str = "error") -> Execution:
    """Return a cell that did not come to its end."""
    return replace(_execution(1, source), outcome=outcome)


def steps_of(*cells: str | Execution, targets: Collection[int] = ()) -> tuple[Step, ...]:
    """Return the slice behind the last cell, or those of some numbers."""
    executions = executions_of(*cells)
    wanted = {f"e{number}" for number in targets or [len(cells)]}
    return slice_of(executions, wanted, "the last").steps


def extracted(
    *cells: str | Execution,
    targets: Collection[int] = (),
    wanted: Wanted | None = None,
    written: Collection[str] = (),
) -> Extracted:
    """Return what is extracted of the slice behind the last cell."""
    return extract(steps_of(*cells, targets=targets), python_of, written=written, wanted=wanted)


def sources(found: Extracted) -> list[str]:
    """Return the sources of cells."""
    return [cell.source for cell in found.cells]


def _execution(place: int, cell: str | Execution) -> Execution:
    if isinstance(cell, Execution):
        return replace(cell, id=f"e{place}", sequence=place, started=float(place))
    header = header_of(cell)
    source = "".join(without_header(cell.lstrip().splitlines(keepends=True))) if header else cell
    return Execution(
        f"e{place}",
        "s",
        place,
        cell,
        float(place),
        f"c{place}",
        cell_id=f"c{place}",
        tags=header.tags if header else (),
        outcome="ok",
        names=names_of(python_of(source)),
    )
