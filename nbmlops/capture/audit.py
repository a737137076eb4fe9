"""Listens to Python's audit events.

An audit hook can never be taken away again. This one is put in place once, and does nothing for
events that nobody listens to: 0.1 µs each, some of which are frequent (`id`, `sys._getframe`).
"""

import sys
from collections.abc import Callable
from typing import Any

type Listen = Callable[[tuple[Any, ...]], None]

_listeners: dict[str, list[Listen]] = {}
_in_place: list[Callable[[str, tuple[Any, ...]], None]] = []


def listen(event: str, listener: Listen) -> None:
    """Have a listener called with the arguments of an event; what it raises stops the user."""
    _listeners[event] = [*_listeners.get(event, ()), listener]
    if not _in_place:
        _in_place.append(_hook)
        sys.addaudithook(_hook)


def unlisten(event: str, listener: Listen) -> None:
    """Have a listener called no more."""
    left = [other for other in _listeners.pop(event, ()) if other != listener]
    if left:
        _listeners[event] = left


def _hook(event: str, args: tuple[Any, ...]) -> None:
    for listener in _listeners.get(event, ()):
        listener(args)
