"""Small sessions of cells, as tests write them down."""

from nbmlops.cells.names import names_of
from nbmlops.records import Execution


def session(*steps):
    """Make executions from steps ``"a: x = 1"``: the cell, and what it ran.

    A step that ends in ``!`` failed; its names are those it would have had.
    """
    made = []
    for number, step in enumerate(steps, 1):
        cell, _, source = step.partition(": ")
        failed = source.endswith("!")
        source = source.removesuffix("!")
        made.append(
            Execution(
                f"e{number}", "s", number, source, float(10 * number), cell, cell_id=cell,
                execution_count=number, duration_seconds=1.0,
                outcome="error" if failed else "ok", names=names_of(source),
            )
        )  # fmt: skip
    return made


def places(cells):
    """Say that cells, a letter each, stand in this order."""
    return {cell: (place, 0) for place, cell in enumerate(cells)}
