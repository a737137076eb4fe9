"""Tables and facts whose cells all fit on their lines, laid out at once.

Rich measures and wraps each cell several times over, half a millisecond for a row. What need not
be wrapped becomes lines of pieces, the same as rich would have drawn.
"""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text as RichText

from nbmlops.drawing.page import Facts, Span, Table
from nbmlops.drawing.words import visible

type _Piece = tuple[str, str]  # a text and its style
type _Line = list[_Piece]
type Grid = Sequence[_Line]

_BETWEEN = "   "
_EDGE = " "


def table_that_fits(
    table: Table, columns: int, width: int, *, caption: str, styles: dict[str, str]
) -> Grid | None:
    """Return the lines of a table's first columns; None where rich has to wrap something."""
    heads = [visible(column.title) for column in table.columns[:columns]]
    rows = [[visible(cell.text) for cell in row[:columns]] for row in table.rows]
    widths = [max(map(cell_len, texts)) for texts in zip(heads, *rows, strict=True)]
    inside = sum(widths) + len(_BETWEEN) * (columns - 1)
    caption = visible(caption)
    if not widths or min(widths) == 0 or inside + 2 * len(_EDGE) > width:
        return None
    if cell_len(caption) > inside:
        return None
    if not _are_lines([caption, *heads, *(text for row in rows for text in row)]):
        return None
    rights = [column.align == "right" for column in table.columns[:columns]]
    lines: list[_Line] = [[(caption, "")]] if caption else []
    lines.append([])
    lines.append(_row(heads, ["bold"] * columns, widths, rights))
    lines.append([(_EDGE + "─" * inside, "")])
    for texts, cells in zip(rows, table.rows, strict=True):
        tones = [styles[cell.tone] for cell in cells[:columns]]
        lines.append(_row(texts, tones, widths, rights))
    lines.append([])
    return lines


def facts_that_fit(facts: Facts, width: int, *, styles: dict[str, str]) -> Grid | None:
    """Return the lines of facts; None where rich has to wrap something."""
    names = [visible(name) for name, _ in facts.rows]
    texts = [visible(value.text) for _, value in facts.rows]
    if not names or not _are_lines([*names, *texts]):
        return None
    widest = max(map(cell_len, names))
    if widest + max(map(cell_len, texts)) + 8 > width:  # two on either side of both
        return None
    values: list[Span] = [value for _, value in facts.rows]
    return [
        [(f"  {_padded(name, widest)}    ", "dim"), (text, styles[value.tone])]
        for name, text, value in zip(names, texts, values, strict=True)
    ]


def uncoloured(grid: Grid) -> str:
    """Return lines as a text."""
    return "\n".join(["".join([text for text, _ in line]) for line in grid])


def coloured(grid: Grid) -> RichText:
    """Return lines as a text in colours."""
    drawn = RichText(no_wrap=True, overflow="ignore")
    styled = [piece for line in grid for piece in (*line, ("\n", ""))]
    drawn.append_tokens((text, style or None) for text, style in styled[:-1])
    return drawn


def _are_lines(texts: Sequence[str]) -> bool:
    """Tell whether rich would take texts as they are: it strips spaces behind some."""
    return not any("\n" in text or "\t" in text or text[-1:] == " " for text in texts)


def _row(
    texts: Sequence[str], styles: Sequence[str], widths: Sequence[int], rights: Sequence[bool]
) -> _Line:
    line: _Line = []
    between = _EDGE
    for text, style, width, is_right in zip(texts, styles, widths, rights, strict=True):
        gap = " " * (width - cell_len(text))
        line += [(between + gap, ""), (text, style)] if is_right else [(between, ""), (text, style)]
        between = _BETWEEN if is_right else gap + _BETWEEN
    return line


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))
