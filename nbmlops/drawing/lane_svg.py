"""Draws lanes as a static SVG picture, small enough to be carried in a page.

It brings its own ground: a picture in a page is not told the colours around it, and has to be
readable on any. Where a dark one is asked for it is dark itself.
"""

from collections.abc import Iterator
from html import escape

from rich.cells import cell_len, set_cell_size

from nbmlops.drawing.lanes import Layout
from nbmlops.drawing.words import visible

MOST_BYTES = 22_000  # a third more as base64; a bigger picture has no room in a saved notebook
_ROW, _COLUMN, _LETTER, _EDGE = 22, 16, 7.3, 12  # pixels; a letter of 12 pixels in most fonts
_LONGEST_DETAIL = 44  # characters
# Of lanes beside each other, the way GitHub colours things: on white, on black.
_COLORS = (
    ("#0969da", "#58a6ff"), ("#1a7f37", "#3fb950"), ("#9a6700", "#d29922"),
    ("#8250df", "#bc8cff"), ("#bf3989", "#f778ba"), ("#cf222e", "#ff7b72"),
    ("#0a6c74", "#39c5cf"), ("#57606a", "#8b949e"),
)  # fmt: skip


def lane_svg(layout: Layout) -> str:
    """Return the rows as an SVG document; an empty text where it would be too big.

    Without what stands behind the names, if that helps.
    """
    for longest in (_LONGEST_DETAIL, 0):
        drawn = _Picture(layout, longest).document()
        if len(drawn.encode()) <= MOST_BYTES:
            return drawn
    return ""


class _Picture:
    def __init__(self, layout: Layout, longest_detail: int) -> None:
        self._layout = layout
        nodes = layout.nodes
        self._heads = [visible(node.head) for node in nodes]
        self._flows = [layout.flow(row) for row in range(len(nodes))]
        self._details = [_cut(visible(node.detail), longest_detail) for node in nodes]
        self._at = [_EDGE + layout.width * _COLUMN]
        for texts in (self._heads, self._flows, self._details):
            widest = max(map(cell_len, texts), default=0)
            self._at.append(round(self._at[-1] + (widest + 1) * _LETTER))

    def document(self) -> str:
        width, height = self._at[-1] + _EDGE, len(self._heads) * _ROW + _EDGE
        parts = [*self._lanes(), *self._dots(), *self._marks(), *self._texts()]
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}"><style>{_style(self._layout.width)}</style>'
            f'<rect width="{width}" height="{height}" rx="6"/>{"".join(parts)}</svg>'
        )

    def _lanes(self) -> Iterator[str]:
        """Draw the lanes, one path for all in one column."""
        for column, ways in sorted(self._ways().items()):
            yield f'<path class="c{column % len(_COLORS)}" d="{"".join(ways)}"/>'

    def _ways(self) -> dict[int, list[str]]:
        layout = self._layout
        ways: dict[int, list[str]] = {}
        for column, first, last in layout.lanes.values():
            ends_in_place = layout.columns[last] == column
            bottom = self._y(last) - (0 if ends_in_place else _ROW)
            if bottom > self._y(first):
                way = f"M{self._x(column)} {self._y(first)}V{bottom}"
                ways.setdefault(column, []).append(way)
        for row, node in enumerate(layout.nodes):
            for above in node.takes:
                if above in layout.lanes and layout.lanes[above].column != layout.columns[row]:
                    column = layout.lanes[above].column
                    ways.setdefault(column, []).append(self._way_over(column, row))
        return ways

    def _dots(self) -> Iterator[str]:
        """Draw the nodes: a line of no length with round ends is a dot."""
        layout = self._layout
        for column in range(layout.width):
            dots = "".join(
                f"M{self._x(column)} {self._y(row)}h0"
                for row, node in enumerate(layout.nodes)
                if layout.columns[row] == column and not node.is_marked
            )
            if dots:
                yield f'<path class="n c{column % len(_COLORS)}" d="{dots}"/>'

    def _way_over(self, column: int, row: int) -> str:
        """Lead from a lane, a row above, to the node of a row."""
        x, to = self._x(column), self._x(self._layout.columns[row])
        y = self._y(row)
        return f"M{x} {y - _ROW}C{x} {y} {to} {y - _ROW} {to} {y}"

    def _marks(self) -> Iterator[str]:
        for row, node in enumerate(self._layout.nodes):
            if node.is_marked:
                x, y = self._x(self._layout.columns[row]), self._y(row)
                yield f'<path class="m" d="M{x} {y - 6}l6 6-6 6-6-6z"/>'

    def _texts(self) -> Iterator[str]:
        for row, texts in enumerate(zip(self._heads, self._flows, self._details, strict=True)):
            spans = "".join(
                f'<tspan class="{kind}" x="{x}">{_safe(text)}</tspan>'
                for kind, x, text in zip("hfd", self._at, texts, strict=False)
                if text
            )
            yield f'<text y="{self._y(row) + 4}">{spans}</text>'

    def _x(self, column: int) -> int:
        return _EDGE + column * _COLUMN + _COLUMN // 4

    def _y(self, row: int) -> int:
        return row * _ROW + _ROW // 2 + _EDGE // 2


def _style(width: int) -> str:
    light = "".join(f".c{n}{{stroke:{color}}}" for n, (color, _) in _colors(width))
    dark = "".join(f".c{n}{{stroke:{color}}}" for n, (_, color) in _colors(width))
    return (
        "text{font:12px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre}"
        "path{fill:none;stroke-width:2;stroke-linecap:round}.n{stroke-width:9}"
        "rect{fill:#fff}text{fill:#1f2328}.h{font-weight:600}.d{fill:#656d76}.m{fill:#cf222e}"
        f"{light}@media(prefers-color-scheme:dark){{rect{{fill:#161b22}}text{{fill:#e6edf3}}"
        f".d{{fill:#8d96a0}}.m{{fill:#ff7b72}}{dark}}}"
    )


def _colors(width: int) -> Iterator[tuple[int, tuple[str, str]]]:
    yield from enumerate(_COLORS[:width])


def _cut(text: str, most: int) -> str:
    if cell_len(text) <= most:
        return text
    return set_cell_size(text, most - 1) + "…" if most else ""


def _safe(text: str) -> str:
    # Two characters that XML does not know in any spelling.
    return escape(text.replace("\ufffe", "�").replace("\uffff", "�"), quote=True)
