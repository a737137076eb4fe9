"""The parameters of a slice, gathered from its parameters cells into one.

A parameter is gathered where its value is a literal and nothing before it in the slice reads or
writes its name, so that setting it earlier changes nothing. One that was changed and executed
again counts as it was last, where nothing needed the value it had before; where something did,
both stay where they are.
"""

import ast
import builtins
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from nbmlops.cells.parameters import PARAMETER_TAGS
from nbmlops.cells.statements import Cell, Part
from nbmlops.records import Names

_BUILTINS = frozenset(dir(builtins))


@dataclass(frozen=True)
class Gathered:
    """The parameters of a slice that one cell can set.

    Attributes
    ----------
    parts : tuple of Part
        The statements that set them, in order.
    superseded : frozenset of Part
        Statements that set one of them to a value that nothing needs any more.
    values : mapping
        The parameters with their values.
    """

    parts: tuple[Part, ...] = ()
    superseded: frozenset[Part] = frozenset()
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, slots=True)
class _Setting:
    """A statement of a parameters cell that sets one name to a literal."""

    cell: Cell
    part: Part
    place: int  # of the statement in the slice
    name: str
    value: Any


def is_parameters(cell: Cell) -> bool:
    """Tell whether a cell is one of parameters."""
    return bool(PARAMETER_TAGS & set(cell.step.execution.tags))


def gathered(cells: Sequence[Cell], imports: Sequence[Part] = ()) -> Gathered:
    """Return which parameters can be gathered.

    Parameters
    ----------
    cells : sequence of Cell
        In the order they ran.
    imports : sequence of Part
        Those that stand above the parameters anyway.
    """
    above = set(imports)
    placed = [(cell, part) for cell in cells for part in cell.parts if part not in above]
    by_name: dict[str, list[_Setting]] = {}
    for setting in _settings(placed):
        by_name.setdefault(setting.name, []).append(setting)
    parts: dict[Part, int] = {}
    superseded: set[Part] = set()
    values = {}
    for name, settings in by_name.items():
        chosen = _chosen(settings, placed)
        if chosen is not None:
            parts[chosen.part] = chosen.place
            values[name] = chosen.value
            superseded |= {each.part for each in settings if each is not chosen}
    in_order = sorted(parts, key=parts.__getitem__)
    order = [name for part in in_order for name in part.names.defined]
    return Gathered(tuple(in_order), frozenset(superseded), {name: values[name] for name in order})


def _settings(placed: Sequence[tuple[Cell, Part]]) -> Iterator[_Setting]:
    for place, (cell, part) in enumerate(placed):
        if not is_parameters(cell) or cell.is_whole or not part.is_alone:
            continue
        if isinstance(part.node, ast.Assign) and len(part.node.targets) == 1:
            target: ast.expr = part.node.targets[0]
        elif isinstance(part.node, ast.AnnAssign) and part.node.value is not None:
            target = part.node.target
        else:
            continue
        if isinstance(target, ast.Name) and set(part.names.used) <= _BUILTINS:
            assert part.node.value is not None
            try:
                value = ast.literal_eval(part.node.value)
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                continue
            yield _Setting(cell, part, place, target.id, value)


def _chosen(settings: Sequence[_Setting], placed: Sequence[tuple[Cell, Part]]) -> _Setting | None:
    """Return the setting of a name that stands for all of them; None where none can."""
    last = settings[-1]
    own = {setting.part for setting in settings}
    is_one_value = len({(type(each.value), repr(each.value)) for each in settings}) == 1
    is_constant = is_one_value and not isinstance(last.value, list | dict | set)
    for place, (_, part) in enumerate(placed):
        names = part.names
        if part in own:
            continue
        if place < settings[0].place and _concerns(names, last.name):
            return None
        if place < last.place and _writes(names, last.name):
            return None
        is_between = settings[0].place < place < last.place
        if is_between and last.name in names.used and not is_constant:
            return None
    if not is_one_value and any(
        _is_needed(each) for each, after in pairwise(settings) if each.cell is not after.cell
    ):
        return None
    return last


def _is_needed(setting: _Setting) -> bool:
    """Tell whether another execution of the slice read what a parameters cell had set."""
    return any(
        reason.name == setting.name and not reason.is_file for reason in setting.cell.step.reasons
    )


def _writes(names: Names, name: str) -> bool:
    return name in names.defined or name in names.touched or name in names.deleted


def _concerns(names: Names, name: str) -> bool:
    return name in names.used or _writes(names, name)
