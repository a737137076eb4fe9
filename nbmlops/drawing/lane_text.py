"""Draws lanes with box characters, one line a row, narrow enough for any terminal."""

from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size

from nbmlops.drawing.lanes import Lane, Layout
from nbmlops.drawing.words import visible

WIDTH = 72  # what a terminal of 80 has left within the margins of a page
_LEAST_DETAIL = 12  # characters worth showing
_WIDEST_FLOW = 28  # below which details begin in one column
_NODE, _MARKED = "●", "◆"


def lane_text(layout: Layout) -> str:
    r"""Return the rows as lines of characters, a node each.

    A lane that a node takes from joins the line that leads to it: ``├`` where it goes on, ``╰``
    where it ends; one that is only crossed stays ``│``.

    Examples
    --------
    >>> from nbmlops.drawing.lanes import Node, lay_out
    >>> above = Node("[1]", ("x",)), Node("[2]", ("y",))
    >>> print(lane_text(lay_out([*above, Node("[3]", (), {0: ["x"], 1: ["y"]}, is_marked=True)])))
    ●   [1] → x
    │ ● [2] → y
    ◆─╯ [3] x, y
    """
    rows = range(len(layout.nodes))
    heads = max((cell_len(node.head) for node in layout.nodes), default=0)
    flows = [layout.flow(row) for row in rows]
    together = min(max(map(cell_len, flows), default=0), _WIDEST_FLOW)
    return "\n".join(
        _cut(_line(layout, row, heads, flows[row], together), WIDTH).rstrip() for row in rows
    )


def _line(layout: Layout, row: int, heads: int, flow: str, together: int) -> str:
    node = layout.nodes[row]
    drawn = "".join(_characters(layout, row))
    line = f"{drawn}{set_cell_size(visible(node.head), heads)} {flow}"
    line += " " * (together - cell_len(flow))
    room = WIDTH - cell_len(line) - 2
    return f"{line}  {_cut(visible(node.detail), room)}" if room >= _LEAST_DETAIL else line


def _cut(text: str, most: int) -> str:
    return text if cell_len(text) <= most else set_cell_size(text, most - 1) + "…"


def _characters(layout: Layout, row: int) -> Iterator[str]:
    """Give two characters for each column of a row."""
    node, own = layout.nodes[row], layout.columns[row]
    passing = {lane.column: lane for lane in layout.lanes.values() if lane.first < row <= lane.last}
    joined = {layout.lanes[above].column for above in node.takes if above in layout.lanes}
    left, right = min({own, *joined}), max({own, *joined})
    for column in range(layout.width):
        if column == own:
            yield _MARKED if node.is_marked else _NODE
        elif column in joined:
            yield _joint(passing[column], row, is_left=column == left, is_right=column == right)
        elif column in passing:
            yield "│"
        else:
            yield "─" if left < column < right else " "
        yield "─" if left <= column < right else " "


def _joint(lane: Lane, row: int, *, is_left: bool, is_right: bool) -> str:
    goes_on = lane.last > row
    if is_left:
        return "├" if goes_on else "╰"
    if is_right:
        return "┤" if goes_on else "╯"
    return "┼" if goes_on else "┴"
