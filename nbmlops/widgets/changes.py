"""Tells widgets that a cell has ended, so that those that somebody sees look again.

Only what may be another one then is told: runs, a run, data; what compares or explains stays as it
was answered. Cells that front ends execute silently tell nothing.
"""

import weakref
from collections import deque
from typing import Any, Protocol

from nbmlops.tracking import current

_MOST = 20  # of the latest: each that is seen asks this kernel, between two cells


class Changing(Protocol):
    """A widget whose answer may be another one after a cell."""

    def tell_change(self) -> None:
        """Have the front end look again."""


class Changes:
    """The widgets of one shell that are told."""

    def __init__(self, shell: Any) -> None:
        self._latest: deque[weakref.ref[Changing]] = deque(maxlen=_MOST)
        self._new: list[weakref.ref[Changing]] = []  # of the cell that is running
        shell.events.register("post_run_cell", self._ended)

    def add(self, widget: Changing) -> None:
        """Tell a widget, from the end of the next cell on."""
        self._new.append(weakref.ref(widget))

    def _ended(self, _: object) -> None:
        for each in self._latest:
            widget = each()
            if widget is not None:
                _tell(widget)
        self._latest += self._new
        self._new.clear()


def _tell(widget: Changing) -> None:
    try:
        widget.tell_change()
    except Exception as problem:  # noqa: BLE001, behind a user's cell, which must not notice
        current.fault("telling a widget", problem)


_changes: weakref.WeakKeyDictionary[Any, Changes] = weakref.WeakKeyDictionary()  # by the shell


def changes_of(shell: Any) -> Changes:
    """Return whom the cells of a shell are told to."""
    if shell not in _changes:
        _changes[shell] = Changes(shell)
    return _changes[shell]
