"""Things at work, which are no data: locks, threads, connections, open files."""

import _thread
from typing import TYPE_CHECKING, Any

from nbmlops.fingerprints.python.homes import known_by_name

if TYPE_CHECKING:
    from nbmlops.capture.tokens.walking import Walk


def opaque(walk: "Walk", value: Any) -> None:
    """Write what cannot be looked into, unless a library has it under its name."""
    if known_by_name(value) is None:
        walk.opaque(value)
    else:
        walk.constant(value)


def lock(walk: "Walk", value: Any) -> None:
    """Write a lock: whether it is taken."""
    walk.part(id(value))
    walk.out.append(b"l%d" % _thread.LockType.locked(value))


def repeated_lock(walk: "Walk", value: Any) -> None:
    """Write a lock that its owner can take again: who owns it, and how often, as it shows."""
    walk.part(id(value))
    walk.out.append(b"L" + repr(value).encode())
