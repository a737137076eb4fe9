"""Progress below a notebook's cell: one line, drawn anew as it goes on.

It is an output like others, which every front end draws and updates. What stays in the file is the
last line, without a bar.
"""

import time
from collections.abc import Callable
from html import escape
from typing import Any

from nbmlops.canonical import new_id
from nbmlops.drawing.notices import Voice
from nbmlops.drawing.words import count, duration

_EVERY_SECONDS = 0.1
_MUTED = "color:var(--jp-content-font-color2,#757575)"


class NotebookWords:
    """Says below the cell that runs what goes on: one output, which is empty in the end."""

    def __init__(self, shell: Any) -> None:
        self._publish = shell.display_pub.publish
        self._display_id: str | None = None

    def say(self, text: str) -> None:
        """Say it, in place of what was said before."""
        self._draw(f'<span style="{_MUTED}">{escape(text)}</span>', text)

    def end(self) -> None:
        """Take away what was said last."""
        if self._display_id is not None:
            self._draw("", "")
            self._display_id = None

    def _draw(self, html: str, text: str) -> None:
        is_drawn = self._display_id is not None
        self._display_id = self._display_id or f"nbmlops-{new_id()}"
        data = {"text/html": f'<div class="jp-nbmlops">{html}</div>', "text/plain": text}
        transient = {"display_id": self._display_id}
        self._publish(data, {}, transient=transient, update=is_drawn)


def notebook_voice(shell: Any, tell: Callable[[str], None]) -> Voice:
    """Return what speaks below the cells of a shell: what goes on, only where somebody looks."""
    words = NotebookWords(shell)

    def say(text: str) -> None:
        from nbmlops.widgets.living import is_watched  # with all the pages, once there is need

        if is_watched(shell):
            words.say(text)

    return Voice(tell, say, words.end)


class NotebookLine:
    """Says how far something is below the cell that runs.

    Parameters
    ----------
    shell : InteractiveShell
    what, unit : str
        What goes on, and what is counted.
    clock : callable
        Seconds, by which it is drawn ten times a second at most.
    """

    def __init__(
        self, shell: Any, what: str, unit: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._publish = shell.display_pub.publish
        self._what, self._unit, self._clock = what, unit, clock
        self._began = clock()
        self._drawn: float | None = None
        self._display_id = f"nbmlops-{new_id()}"
        self._done = self._total = 0

    def at(self, done: int, total: int) -> None:
        """Say how much is done, of how much."""
        self._done, self._total = done, total
        now = self._clock()
        if self._drawn is None or now - self._drawn >= _EVERY_SECONDS:
            bar = f'<progress max="{total}" value="{done}" style="vertical-align:middle">'
            self._draw(f"{bar}</progress> {self._words(now)}", self._words(now))
            self._drawn = now

    def end(self) -> None:
        """Leave a line that says how far it came, and in which time."""
        words = self._words(self._clock())
        self._draw(f'<span style="{_MUTED}">{words}</span>', words)

    def _words(self, now: float) -> str:
        of = "" if self._done == self._total else f"{self._done:,} of "
        counted = f"{of}{count(self._total, self._unit)}"
        return f"{self._what}: {counted}, {duration(now - self._began)}"

    def _draw(self, html: str, text: str) -> None:
        self._publish(
            {"text/html": f'<div class="jp-nbmlops">{html}</div>', "text/plain": text},
            {},
            transient={"display_id": self._display_id},
            update=self._drawn is not None,
        )
