"""Draws a page as static HTML: no script, no request, readable without any style.

JupyterLab's own colours are used with fallbacks, so that light and dark themes both fit; GitHub
and e-mail drop styles and still show headings, tables and folded code.
"""

from base64 import b64encode
from collections.abc import Sequence
from html import escape

from nbmlops.drawing.page import Block, Code, Facts, Heading, Page, Picture, Span, Table, Text
from nbmlops.drawing.words import visible

# Where there are no such colours the ground may be light or dark: these are seen on both.
_TONES = {
    "plain": "",
    "muted": "color:var(--jp-content-font-color2,#757575)",
    "strong": "font-weight:600",
    "good": "color:var(--jp-success-color0,#1f883d)",
    "bad": "color:var(--jp-error-color0,#d1453b)",
    "warn": "color:var(--jp-warn-color0,#b26a00)",
    "code": "font-family:var(--jp-code-font-family,monospace)",
}
_LEFT = '<table style="margin-left:0">'  # below their headings; JupyterLab centres tables
_APART = "padding:.25em .5em"  # of cells, which marimo and some mail readers set against each other
_WHOLE = {True: ";white-space:nowrap", False: ""}
_DIFF = {"+": _TONES["good"], "-": _TONES["bad"], "@": _TONES["muted"]}


def html(page: Page) -> str:
    """Return the page as one ``div``."""
    title = f"<p>{_spans(page.title)}</p>" if page.title else ""
    return f'<div class="jp-nbmlops">{title}{"".join(map(_block, page.blocks))}</div>'


def _block(block: Block) -> str:
    match block:
        case Heading(text):
            return f'<p style="font-weight:600;margin:.8em 0 .2em">{_safe(text)}</p>'
        case Text(spans):
            return f"<p>{_spans(spans)}</p>"
        case Facts(rows):
            lines = "".join(
                f'<tr><th scope="row" style="{_APART};text-align:left">{_safe(name)}</th>'
                f'<td style="{_APART};text-align:left">{_span(value)}</td></tr>'
                for name, value in rows
            )
            return f"{_LEFT}{lines}</table>"
        case Table():
            return _table(block)
        case Code(title, source, language):
            return (
                f"<details><summary>{_span(title)}</summary>"
                f"<pre><code>{_code(source, language)}</code></pre></details>"
            )
        case Picture():
            return _picture(block)


def _table(table: Table) -> str:
    heads = "".join(
        f'<th scope="col" style="{_APART};text-align:{column.align}">{_safe(column.title)}</th>'
        for column in table.columns
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td style="{_APART};text-align:{column.align}{_WHOLE[column.is_whole]}">'
            f"{_span(cell)}</td>"
            for column, cell in zip(table.columns, row, strict=True)
        )
        + "</tr>"
        for row in table.rows
    )
    caption = f'<caption style="text-align:left">{_safe(table.caption)}</caption>'
    return (
        f'<div style="overflow-x:auto">{_LEFT}{caption if table.caption else ""}'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _picture(picture: Picture) -> str:
    """Draw the picture, with its lines folded below it; they alone, open, where there is none.

    As an image a picture runs nothing and asks for nothing, whatever it holds, and stays in
    notebooks that are not trusted.
    """
    lines = f"<pre><code>{_safe(picture.text)}</code></pre>"
    summary = f"<summary>{_span(picture.title)}</summary>"
    if not picture.svg:
        return f"<details open>{summary}{lines}</details>"
    data = b64encode(picture.svg.encode("utf-8", "replace")).decode("ascii")
    image = f'<img alt="{_safe(picture.alt)}" src="data:image/svg+xml;base64,{data}"'
    return f'<p>{image} style="max-width:100%"></p><details>{summary}{lines}</details>'


def _code(source: str, language: str) -> str:
    if language != "diff":
        return _safe(source)
    lines = []
    for line in source.splitlines():
        style = _DIFF.get(line[:1])
        lines.append(f'<span style="{style}">{_safe(line)}</span>' if style else _safe(line))
    return "\n".join(lines)


def _spans(spans: Sequence[Span]) -> str:
    return "".join(map(_span, spans))


def _span(span: Span) -> str:
    style = _TONES[span.tone]
    label = f' title="{_safe(span.label)}"' if span.label else ""
    if not style and not label:
        return _safe(span.text)
    styled = f' style="{style}"' if style else ""
    return f"<span{styled}{label}>{_safe(span.text)}</span>"


def _safe(text: str) -> str:
    return escape(visible(text), quote=True)
