"""Draws a page in a terminal with rich, and without colours as plain text."""

import io
from collections.abc import Iterator, Sequence
from itertools import groupby

from rich import box
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table as RichTable
from rich.text import Text as RichText

from nbmlops.drawing.grid import coloured, facts_that_fit, table_that_fits, uncoloured
from nbmlops.drawing.page import Block, Code, Facts, Heading, Page, Picture, Span, Table, Text
from nbmlops.drawing.words import visible

_STYLES = {
    "plain": "",
    "muted": "dim",
    "strong": "bold",
    "good": "green",
    "bad": "red",
    "warn": "yellow",
    "code": "cyan",
}
_BETWEEN_COLUMNS, _EDGES = 3, 2  # spaces that rich puts between columns, and around them all
PLAIN_WIDTH = 100  # characters; what fits a notebook's cell and a mail


def plain(page: Page, width: int = PLAIN_WIDTH) -> str:
    """Return the page as text without colours."""
    console = Console(
        file=io.StringIO(),
        width=width,
        color_system=None,
        highlight=False,
        legacy_windows=False,
        force_jupyter=False,  # in a kernel rich would display what it is to return
    )
    drawn: list[str] = []
    for are_lines, parts in groupby(_parts(page, width, in_colour=False), key=_is_lines):
        if are_lines:  # rich would take them apart and put them together again
            drawn += map(str, parts)
            continue
        with console.capture() as captured:
            console.print(Group(*parts), end="")
        drawn.append(captured.get().removesuffix("\n"))
    whole = "".join(f"{part}\n" for part in drawn)
    return "\n".join(line.rstrip() for line in whole.splitlines())


def rich(page: Page, width: int = PLAIN_WIDTH) -> RenderableType:
    """Return the page as something that a rich console of a width prints."""
    return Group(*_parts(page, width, in_colour=True))


def _parts(page: Page, width: int, *, in_colour: bool) -> Iterator[RenderableType]:
    if page.title:
        yield _line(page.title)
    for block in page.blocks:
        yield from _block(block, width, in_colour=in_colour)


def _block(block: Block, width: int, *, in_colour: bool) -> Iterator[RenderableType]:
    match block:
        case Heading(text):
            yield RichText("\n" + visible(text), style="bold")
        case Text(spans):
            yield _line(spans)
        case Facts(rows):
            if drawn := facts_that_fit(block, width, styles=_STYLES):
                yield coloured(drawn) if in_colour else uncoloured(drawn)
                return
            table = RichTable(box=None, show_header=False, padding=(0, 2, 0, 2))
            table.add_column(style="dim", no_wrap=True)
            table.add_column(overflow="fold")
            for name, value in rows:
                table.add_row(_line([Span(name)]), _line([value]))
            yield table
        case Table():
            yield _table(block, width, in_colour=in_colour)
        case Code(title, source, language) if in_colour:
            yield Padding(_line([title]), (0, 2))
            yield Padding(_coloured(source, language), (0, 4))
        case Code(title, source):
            yield from _uncoloured(title, source, width)
        case Picture(title=title, text=text):
            yield Padding(_line([title]), (0, 2))
            yield Padding(RichText(visible(text)), (0, 4))


def _is_lines(part: RenderableType) -> bool:
    return isinstance(part, str)


def _coloured(source: str, language: str) -> Syntax:
    return Syntax(
        visible(source), language, theme="ansi_dark", background_color="default", word_wrap=True
    )


def _uncoloured(title: Span, source: str, width: int) -> Iterator[RenderableType]:
    """Give the same lines without a lexer, and as a text what needs no wrapping."""
    heading, text = visible(title.text).expandtabs(), visible(source).expandtabs(4)
    lines = text.split("\n")
    if max(cell_len(heading) + 4, *(cell_len(line) + 8 for line in lines)) <= width:
        yield "\n".join([f"  {heading}", *(f"    {line}" for line in lines)])
        return
    yield Padding(RichText(heading), (0, 2))
    yield Padding(RichText(text), (0, 4))


def _table(table: Table, width: int, *, in_colour: bool) -> RenderableType:
    shown = _columns_that_fit(table, width)
    note = _note_of_left_out(table, shown, width)
    caption = table.caption + note
    if fitting := table_that_fits(table, shown, width, caption=caption, styles=_STYLES):
        return coloured(fitting) if in_colour else uncoloured(fitting)
    drawn = RichTable(
        box=box.SIMPLE_HEAD,
        title=_line([Span(caption)]) if caption else None,
        title_justify="left",
        title_style="",
        pad_edge=False,
        header_style="bold",
    )
    for column in table.columns[:shown]:
        drawn.add_column(
            _line([Span(column.title)]),
            justify=column.align,
            overflow="fold",
            no_wrap=column.is_whole,
        )
    for row in table.rows:
        drawn.add_row(*(_line([cell]) for cell in row[:shown]))
    return drawn


def _note_of_left_out(table: Table, shown: int, width: int) -> str:
    """Say which columns were left out; how many, where their names do not fit on the line."""
    names = [column.title for column in table.columns[shown:]]
    if not names:
        return ""
    named = f" · {visible(', '.join(names))} left out, --json has all"
    if cell_len(visible(table.caption) + named) <= width:
        return named
    return f" · {len(names)} column{'s' if len(names) > 1 else ''} left out, --json has all"


def _columns_that_fit(table: Table, width: int) -> int:
    """Return how many columns fit beside each other; all where the table may break its cells.

    Only tables that have columns which must stay whole lose others, from the right.
    """
    if not any(column.is_whole for column in table.columns):
        return len(table.columns)
    needed = 0
    for place, column in enumerate(table.columns):
        texts = [column.title, *(row[place].text for row in table.rows)]
        needed += max(map(cell_len, texts)) + _BETWEEN_COLUMNS
        if needed > width + _BETWEEN_COLUMNS - _EDGES and place > 1:
            return place
    return len(table.columns)


def _line(spans: Sequence[Span]) -> RichText:
    # A plain str would be read as rich's markup: [x] would vanish, [/x] raise.
    return RichText.assemble(*((visible(span.text), _STYLES[span.tone]) for span in spans))
