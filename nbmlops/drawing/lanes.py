"""Lays out what feeds what as lanes, one row for each node, in the manner of ``git log --graph``.

Writers stand above readers. What a node gives to later ones goes down in a lane of its own; at the
rows that take it, a line leads over to their nodes. Each row also says the names that come and go,
so that nothing depends on following a line by eye. How rows are drawn is in `lane_text` and
`lane_svg`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nbmlops.drawing.words import shortened

MOST_LANES = 8  # beside each other; what more there are is written as the number of the node
_LONGEST_TAKEN, _LONGEST_GIVEN, _LONGEST_NAME = 30, 20, 24  # characters


@dataclass(frozen=True, slots=True)
class Node:
    """One row.

    Attributes
    ----------
    head : str
        What it is called: ``[3]``.
    gives : tuple of str
        The names that later rows take from it.
    takes : mapping of int to sequence of str
        By row above: the names that are taken from there.
    detail : str
        What is written behind it all, as far as there is room.
    is_marked : bool
        Whether it is one of those that the drawing is about.
    """

    head: str
    gives: tuple[str, ...] = ()
    takes: Mapping[int, Sequence[str]] = field(default_factory=dict)
    detail: str = ""
    is_marked: bool = False


class Lane(NamedTuple):
    """The way down from a node: its column, from the row of the node to the last that takes."""

    column: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Where nodes and lanes are.

    Attributes
    ----------
    nodes : tuple of Node
    columns : tuple of int
        Of each node, counted from 0.
    lanes : mapping of int to Lane
        By row of the node that gives; nodes that give nothing have none, nor have those for which
        there was no room.
    """

    nodes: tuple[Node, ...]
    columns: tuple[int, ...]
    lanes: Mapping[int, Lane]

    @property
    def width(self) -> int:
        """How many columns there are."""
        return max(self.columns, default=-1) + 1

    def flow(self, row: int) -> str:
        """Return the names that come to a node and go from it: ``C, df → model``.

        A name that comes by no lane is followed by where it comes from: ``pd [1]``. Of many names
        the last are counted.
        """
        node = self.nodes[row]
        taken = dict.fromkeys(
            _named(name) if above in self.lanes else f"{_named(name)} {self.nodes[above].head}"
            for above, names in sorted(node.takes.items())
            for name in names
        )
        given = f"→ {_few(map(_named, node.gives), _LONGEST_GIVEN)}" if node.gives else ""
        return f"{_few(taken, _LONGEST_TAKEN)} {given}".strip()


def lay_out(nodes: Sequence[Node], *, most_lanes: int = MOST_LANES) -> Layout:
    """Give each node a column, and a lane to those that give something.

    Where more than ``most_lanes`` would run beside each other the longest are left out: an import
    that everything takes says little, and would be in the way of all else.
    """
    last_taken: dict[int, int] = {}
    for row, node in enumerate(nodes):
        last_taken.update(dict.fromkeys(node.takes, row))
    spans = _thinned(last_taken, most_lanes)
    free: list[int] = []
    ending: dict[int, list[int]] = {}
    columns: list[int] = []
    lanes: dict[int, Lane] = {}
    used = 0
    for row in range(len(nodes)):
        free += ending.pop(row, ())
        if not free:
            free.append(used)
            used += 1
        column = min(free)
        columns.append(column)
        if row in spans:
            free.remove(column)
            lanes[row] = Lane(column, row, spans[row])
            ending.setdefault(spans[row], []).append(column)
    return Layout(tuple(nodes), tuple(columns), lanes)


def _thinned(spans: Mapping[int, int], most: int) -> dict[int, int]:
    """Return the first rows of lanes with their last ones, few enough beside each other."""
    kept = dict(spans)
    open_lanes: list[int] = []
    for row in sorted(spans):
        open_lanes = [first for first in open_lanes if first in kept and kept[first] > row]
        open_lanes.append(row)
        if len(open_lanes) > most:
            longest = max(open_lanes, key=lambda first: (kept[first] - first, -first))
            del kept[longest]
    return kept


def _named(name: str) -> str:
    return shortened(name, _LONGEST_NAME)


def _few(names: Iterable[str], most: int) -> str:
    """Return names in a text of about so many characters, if only the first and a count."""
    listed = list(names)
    for shown in range(len(listed), 0, -1):
        rest = len(listed) - shown
        text = ", ".join(listed[:shown]) + (f" +{rest}" if rest else "")
        if len(text) <= most or shown == 1:
            return text
    return ""
