"""Draws a page in a terminal with rich, and without colours as plain text."""

import io
from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table as RichTable
from rich.text import Text as RichText

from nbmlops.drawing.page import Block, Code, Facts, Heading, Page, Span, Table, Text
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
    with console.capture() as captured:
        console.print(rich(page))
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def rich(page: Page) -> RenderableType:
    """Return the page as something that a rich console prints."""
    return Group(*_parts(page))


def _parts(page: Page) -> Iterator[RenderableType]:
    if page.title:
        yield _line(page.title)
    for block in page.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[RenderableType]:
    match block:
        case Heading(text):
            yield RichText("\n" + visible(text), style="bold")
        case Text(spans):
            yield _line(spans)
        case Facts(rows):
            table = RichTable(box=None, show_header=False, padding=(0, 2, 0, 2))
            table.add_column(style="dim", no_wrap=True)
            table.add_column(overflow="fold")
            for name, value in rows:
                table.add_row(visible(name), _line([value]))
            yield table
        case Table():
            yield _table(block)
        case Code(title, source, language):
            yield Padding(_line([title]), (0, 2))
            yield Padding(
                Syntax(
                    visible(source),
                    language,
                    theme="ansi_dark",
                    background_color="default",
                    word_wrap=True,
                ),
                (0, 4),
            )


def _table(table: Table) -> RichTable:
    drawn = RichTable(
        box=box.SIMPLE_HEAD,
        title=visible(table.caption) or None,
        title_justify="left",
        title_style="",
        pad_edge=False,
        header_style="bold",
    )
    for column in table.columns:
        drawn.add_column(visible(column.title), justify=column.align, overflow="fold")
    for row in table.rows:
        drawn.add_row(*(_line([cell]) for cell in row))
    return drawn


def _line(spans: Sequence[Span]) -> RichText:
    return RichText.assemble(*((visible(span.text), _STYLES[span.tone]) for span in spans))
