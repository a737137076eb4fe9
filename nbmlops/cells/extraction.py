"""A slice becomes the cells of a notebook that makes the same result from top to bottom.

Pure: the executions of a slice in, cells out. Imports stand in one cell at the top, behind them
the parameters in one that is tagged, then the rest in the order it was executed. Which lines can be
moved or left out is read in `nbmlops.cells.hoisting`, `gathering` and `pruning`.
"""

import ast
import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbmlops.cells.gathering import Gathered, gathered, is_parameters
from nbmlops.cells.hoisting import imports_to_hoist
from nbmlops.cells.parameters import PARAMETER_TAGS
from nbmlops.cells.pruning import Wanted, unneeded
from nbmlops.cells.slices import Step
from nbmlops.cells.statements import AsPython, Cell, Part, cells_of, lines_of

PARAMETERS, RAISES = "parameters", "raises-exception"

_VALID_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_LONGEST_ID = 64


@dataclass(frozen=True, slots=True)
class ExtractedCell:
    """A cell of the new notebook.

    ``step`` is the execution that it comes from, None of the two cells that are gathered from
    several.
    """

    id: str
    source: str
    tags: tuple[str, ...] = ()
    step: Step | None = None


@dataclass(frozen=True)
class Extracted:
    """The cells of the new notebook, and what there is to say about them.

    Attributes
    ----------
    cells : tuple of ExtractedCell
    parameters : mapping
        Those that the tagged cell sets, with their values.
    failed : tuple of Step
        The executions among them that ended half-way.
    needs_nbmlops : bool
        Whether the notebook's own code calls nbmlops.
    """

    cells: tuple[ExtractedCell, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    failed: tuple[Step, ...] = ()
    needs_nbmlops: bool = False

    @property
    def line_count(self) -> int:
        """How many lines of source there are that are not empty."""
        return sum(bool(line.strip()) for cell in self.cells for line in lines_of(cell.source))


def extract(
    steps: Sequence[Step],
    as_python: AsPython,
    *,
    written: Iterable[str] = (),
    wanted: Wanted | None = None,
) -> Extracted:
    """Return the cells that make the result of a slice.

    Parameters
    ----------
    steps : sequence of Step
        Of the slice, in order.
    as_python : callable
        Gives Python for IPython's syntax, one line for each.
    written : iterable of str
        Paths of the files that these executions wrote.
    wanted : Wanted, optional
        Leave out the statements that this does not need. Whether it is the same without them only
        executing can tell. By default whole cells stay.
    """
    cells = cells_of(steps, as_python)
    if wanted is not None:
        cells = _without(cells, unneeded(cells, wanted))
    cells = _without(cells, _unused_nbmlops(cells))
    imports = imports_to_hoist(cells, written)
    parameters = gathered(cells, imports)
    return Extracted(
        tuple(_Writer(cells).cells(imports, parameters)),
        parameters.values,
        tuple(cell.step for cell in cells if cell.has_failed),
        any(_needs_nbmlops(part) for cell in cells for part in cell.parts),
    )


def _without(cells: Iterable[Cell], parts: Collection[Part]) -> list[Cell]:
    return [cell.without(parts) for cell in cells]


def _unused_nbmlops(cells: Sequence[Cell]) -> set[Part]:
    """Return the imports of nbmlops where no code calls it: the notebook runs without."""
    parts = [part for cell in cells for part in cell.parts]
    if any("nbmlops" in part.names.used for part in parts):
        return set()
    return {part for part in parts if part.is_alone and _imported_modules(part) == {"nbmlops"}}


def _needs_nbmlops(part: Part) -> bool:
    return "nbmlops" in part.names.used or any(
        module.partition(".")[0] == "nbmlops" for module in _imported_modules(part)
    )


def _imported_modules(part: Part) -> set[str]:
    if isinstance(part.node, ast.ImportFrom):
        return {f"{part.node.module}.…"}
    if isinstance(part.node, ast.Import):
        return {
            alias.name if alias.asname is None else f"{alias.name}.…" for alias in part.node.names
        }
    return set()


class _Writer:
    """Writes the cells of one notebook, each with an id of its own."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self._cells = cells
        self._ids: set[str] = set()

    def cells(self, imports: Sequence[Part], parameters: Gathered) -> Iterator[ExtractedCell]:
        """Give the imports, the parameters, and what is left of each cell."""
        moved = {*imports, *parameters.parts, *parameters.superseded}
        firsts = list(
            {ast.dump(part.node): part for part in reversed(imports) if part.node}.values()
        )
        if imports:
            yield self._gathered([part for part in imports if part in firsts], moved, "imports")
        if parameters.parts:
            yield self._gathered(parameters.parts, moved, PARAMETERS, (PARAMETERS,))
        tagged = None if parameters.parts else self._last_parameters()
        for cell in self._cells:
            source = cell.without(moved).source
            if source:
                tags = (*_tags(cell), *((PARAMETERS,) if cell is tagged else ()))
                yield ExtractedCell(self._id(_id_of(cell)), source, tags, cell.step)

    def _gathered(
        self, parts: Sequence[Part], moved: Collection[Part], name: str, tags: tuple[str, ...] = ()
    ) -> ExtractedCell:
        """Return one cell of parts of several; one that is gathered whole keeps its comments.

        It has the id of the last cell of which nothing else is left.
        """
        homes = {part: cell for cell in self._cells for part in cell.parts}
        texts: list[str] = []
        found = name
        for cell in dict.fromkeys(homes[part] for part in parts):
            own = [part for part in parts if homes[part] is cell]
            is_whole = len(own) == len(cell.parts)
            texts += [cell.source] if is_whole else [cell.text(part) for part in own]
            if all(part in moved for part in cell.parts):
                found = _id_of(cell)
        return ExtractedCell(self._id(found), "\n".join(texts), tags)

    def _last_parameters(self) -> Cell | None:
        """Return the parameters cell that counts where none of its values could be gathered."""
        found = [cell for cell in self._cells if is_parameters(cell) and cell.parts]
        return found[-1] if found else None

    def _id(self, wanted: str) -> str:
        """Return an id that no other cell has."""
        found, number = wanted, 1
        while found in self._ids:
            number += 1
            found = f"{wanted[: _LONGEST_ID - 8]}-{number}"
        self._ids.add(found)
        return found


def _tags(cell: Cell) -> tuple[str, ...]:
    """Return the tags that a cell keeps; where it failed one that lets the notebook go on."""
    tags = [tag for tag in cell.step.execution.tags if tag not in PARAMETER_TAGS]
    return tuple(dict.fromkeys([*tags, *([RAISES] if cell.has_failed else [])]))


def _id_of(cell: Cell) -> str:
    """Return the id that a cell had, or one made of what its front end calls it."""
    execution = cell.step.execution
    known = execution.cell_id or ""
    if _VALID_ID.fullmatch(known):
        return known
    key = known or f"{execution.cell_key}"
    return hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=4).hexdigest()
