"""Things at work, which are no data: locks, threads, connections, open files."""

import _io
import _thread
import gc
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

from nbmlops.fingerprints.python.classes import module_of, own_dict
from nbmlops.fingerprints.python.homes import is_installed_module, known_by_name

if TYPE_CHECKING:
    from nbmlops.capture.tokens.walking import Walk


def opaque(walk: "Walk", value: Any) -> None:
    """Write what cannot be looked into, unless a library has it under its name."""
    if known_by_name(value) is None:
        walk.opaque(value)
    else:
        walk.constant(value)


def by_referents(walk: "Walk", value: Any) -> None:
    """Write what is compiled and shows nothing by all that it holds, as garbage collection has it.

    That is an element of XML with its children and texts, or the file that rows are written to.
    """
    walk.part(id(value))
    held = [one for one in gc.get_referents(value) if not issubclass(type(one), type)]
    walk.out.append(b"h%x,%d;" % (id(type(value)), len(held)))
    walk.follow(held)


def at_work(walk: "Walk", value: Any) -> None:
    """Write what does not show how far it is by all that it holds: what it reads from or writes to.

    That is a cursor with its connection, a pickler with its file, an iterator over another one.
    """
    walk.is_whole = False
    by_referents(walk, value)


def stream(walk: "Walk", value: Any) -> None:
    """Write an open file by those that it reads from or writes to in turn, not by its place."""
    if known_by_name(value) is not None:
        walk.constant(value)
        return
    walk.part(id(value))
    walk.is_whole = False
    held = (*gc.get_referents(value), *(own_dict(value) or {}).values())
    below = [one for one in held if issubclass(type(one), _io._IOBase)]
    walk.out.append(b"f%x,%x,%d;" % (id(type(value)), id(value), len(below)))
    walk.follow(below)


def logger(walk: "Walk", value: Any) -> None:
    """Write a logger: its handlers, and those above, that write to memory or are the user's own."""
    found: list[Any] = []
    above: Any = value
    while above is not None:
        content = own_dict(above) or {}
        for handler in content.get("handlers", ()):
            stream = (own_dict(handler) or {}).get("stream")
            if type(stream) is StringIO or type(stream) is BytesIO:
                found.append(stream)
            elif not is_installed_module(module_of(type(handler))):
                found.append(handler)
        above = content.get("parent") if content.get("propagate") else None
    walk.out.append(b"g%x,%d;" % (id(value), len(found)))
    walk.follow(found)


def lock(walk: "Walk", value: Any) -> None:
    """Write a lock: whether it is taken."""
    walk.part(id(value))
    walk.out.append(b"l%d" % _thread.LockType.locked(value))


def repeated_lock(walk: "Walk", value: Any) -> None:
    """Write a lock that its owner can take again: who owns it, and how often, as it shows."""
    walk.part(id(value))
    walk.out.append(b"L" + repr(value).encode())
