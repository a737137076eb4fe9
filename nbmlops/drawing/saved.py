"""A page as it goes into a notebook's file: both of its forms together, of bounded size.

What is too large is cut where least is lost, and every cut says how much is missing. Printing an
answer, the command line and widgets show all.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nbmlops.drawing.html import html
from nbmlops.drawing.page import Block, Code, Column, Facts, Page, Picture, Span, Table, Text
from nbmlops.drawing.terminal import plain
from nbmlops.drawing.words import count

MOST_BYTES = 48_000  # of the two forms in the file; what holds them takes the rest of 50 kB
_LINE_INDENT = 6  # spaces before each line of an output in a notebook's file
_ALL = "This is cut, to keep the notebook small: print() it, or ask on the command line, for all."


@dataclass(frozen=True, slots=True)
class _Limits:
    """How much of each part of a page stays."""

    rows: int
    columns: int
    lines: int
    characters: int
    blocks: int
    picture_bytes: int


_STAGES = (
    _Limits(200, 52, 400, 4_000, 200, 30_000),
    _Limits(80, 30, 150, 1_000, 100, 20_000),
    _Limits(30, 15, 50, 400, 60, 15_000),
    _Limits(12, 10, 20, 200, 40, 8_000),
    _Limits(6, 8, 8, 100, 20, 0),
    _Limits(3, 4, 3, 60, 10, 0),
)


def saved(page: Page, most_bytes: int = MOST_BYTES) -> tuple[str, str]:
    """Return a page as HTML and as text, that together take no more bytes in a notebook's file."""
    page = _lasting(page)
    for drawn in (page, *(_cut(page, limits) for limits in _STAGES[:-1])):
        as_html = html(drawn)
        left = most_bytes - bytes_in_file(as_html)
        # Text is drawn only of what is small: it takes long, and is the shorter form.
        if left > 0 and bytes_in_file(as_text := plain(drawn)) <= left:
            return as_html, as_text
    least = _cut(page, _STAGES[-1])
    return html(least), plain(least)


def bytes_in_file(text: str) -> int:
    """Return how many bytes a text takes in a notebook's file, where it stands line by line."""
    lines = text.splitlines(keepends=True)
    return len(
        json.dumps(lines, ensure_ascii=False, indent=_LINE_INDENT).encode("utf-8", "replace")
    )


def _lasting(page: Page) -> Page:
    """Return a page that is as true when its file is opened again."""
    return Page(_lasting_spans(page.title), [_lasting_block(block) for block in page.blocks])


def _lasting_block(block: Block) -> Block:
    match block:
        case Table(rows=rows):
            return replace(block, rows=[_lasting_spans(row) for row in rows])
        case Facts(rows):
            return Facts([(name, _lasting_span(value)) for name, value in rows])
        case Text(spans):
            return Text(_lasting_spans(spans))
        case _:
            return block


def _lasting_spans(spans: Sequence[Span]) -> list[Span]:
    return [_lasting_span(span) for span in spans]


def _lasting_span(span: Span) -> Span:
    return replace(span, text=span.lasting, lasting="") if span.lasting else span


def _cut(page: Page, limits: _Limits) -> Page:
    blocks = [part for block in page.blocks[: limits.blocks] for part in _parts(block, limits)]
    if len(page.blocks) > limits.blocks:
        blocks.append(_note(f"… and {count(len(page.blocks) - limits.blocks, 'more part')}"))
    return Page(_spans(page.title, limits), [*blocks, _note(_ALL)])


def _parts(block: Block, limits: _Limits) -> Iterator[Block]:
    match block:
        case Table():
            yield from _table(block, limits)
        case Facts(rows):
            kept = [(name, _span(value, limits)) for name, value in rows[: limits.rows]]
            yield Facts(kept)
            if len(rows) > len(kept):
                yield _note(f"… and {count(len(rows) - len(kept), 'more line')}")
        case Text(spans):
            yield Text(_spans(spans, limits))
        case Code():
            yield replace(
                block, title=_span(block.title, limits), source=_lines(block.source, limits)
            )
        case Picture():
            svg = block.svg if len(block.svg) <= limits.picture_bytes else ""
            yield replace(block, svg=svg, text=_lines(block.text, limits))
        case _:
            yield block


def _table(table: Table, limits: _Limits) -> Iterator[Block]:
    columns = [
        Column(_text(column.title, limits), column.align, column.is_whole)
        for column in table.columns[: limits.columns]
    ]
    rows = [_spans(row[: limits.columns], limits) for row in table.rows[: limits.rows]]
    yield Table(table.caption, columns, rows)
    left = [
        count(whole - kept, f"more {what}")
        for whole, kept, what in (
            (len(table.rows), len(rows), "row"),
            (len(table.columns), len(columns), "column"),
        )
        if whole > kept
    ]
    if left:
        yield _note(f"… and {' and '.join(left)}")


def _spans(spans: Sequence[Span], limits: _Limits) -> list[Span]:
    kept = [_span(span, limits) for span in spans[: limits.columns]]
    if len(spans) > len(kept):
        kept.append(Span(f" … and {len(spans) - len(kept):,} more", "muted"))
    return kept


def _span(span: Span, limits: _Limits) -> Span:
    return replace(span, text=_text(span.text, limits), label=_text(span.label, limits))


def _text(text: str, limits: _Limits) -> str:
    return text if len(text) <= limits.characters else f"{text[: limits.characters - 1]}…"


def _lines(source: str, limits: _Limits) -> str:
    lines = source.splitlines()
    kept = [_text(line, limits) for line in lines[: limits.lines]]
    if len(lines) > len(kept):
        kept.append(f"… and {count(len(lines) - len(kept), 'more line')}")
    return "\n".join(kept)


def _note(text: str) -> Text:
    return Text((Span(text, "muted"),))
