"""Shows a line below a cell, where there is a front end; on stderr otherwise."""

import sys
from collections.abc import Callable, Sequence
from typing import Any

from nbmlops.capture.outputs import OWN_METADATA
from nbmlops.drawing.page import Page, Span, Text
from nbmlops.drawing.words import visible


def say_in(shell: Any) -> Callable[[Sequence[Span]], None]:
    """Return what shows a line in a shell.

    In a kernel it is displayed as HTML with plain text beside it, marked so that it is not taken
    for an output of the cell.
    """
    if shell is not None and hasattr(shell, "kernel"):
        return lambda spans: _display(shell, spans)
    return _write


def _display(shell: Any, spans: Sequence[Span]) -> None:
    from nbmlops.drawing.html import html

    text = _text(spans)
    line = html(Page((), [Text(spans)]))
    # As far from the edge as JupyterLab has what a cell prints, above and below the line.
    data = {"text/plain": text, "text/html": f'<div style="padding-left:1ch">{line}</div>'}
    shell.display_pub.publish(data, metadata={OWN_METADATA: {}})


def _write(spans: Sequence[Span]) -> None:
    # On stderr, where it cannot end up in a script's results.
    sys.stderr.write(_text(spans) + "\n")


def _text(spans: Sequence[Span]) -> str:
    # A name may have what no message and no terminal takes: half of a pair of surrogates.
    return visible("".join(span.text for span in spans))
