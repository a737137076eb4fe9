"""Python's own iterators: what they go through and where they are, without going on.

Of iterators over dicts and sets only how much is left shows; what they go through is not known to
be the same, so they are not whole. Nor are generators and coroutines: what they hold shows, but not
where they are. All others cannot be looked at.
"""

import gc
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any

from nbmlops.capture.tokens.scalars import small_scalar

if TYPE_CHECKING:
    from nbmlops.capture.tokens.walking import Walk

# Types by their ids: to compare one with another asks its metaclass.
_AT_WORK = frozenset(map(id, (FrameType, CodeType)))
_NUMBERS = frozenset(map(id, (int, float)))


def by_reduction(walk: "Walk", value: Any) -> None:
    """Write an iterator by what would make another in the same place."""
    walk.part(id(value))
    reduced = value.__reduce__()  # of exactly Python's own types
    walk.out.append(b"i%x,%d;" % (id(type(value)), len(reduced)))
    walk.follow(reduced)


def by_length(walk: "Walk", value: Any) -> None:
    """Write an iterator by how much is left."""
    walk.part(id(value))
    walk.is_whole = False
    left = value.__length_hint__()
    walk.out.append(b"i%x,%d;" % (id(type(value)), left))


def by_text(walk: "Walk", value: Any) -> None:
    """Write `itertools.count` as it shows itself, if that asks nothing but numbers."""
    kind, arguments = _counted(value)
    walk.part(id(value))
    walk.out.append(b"i%x;" % id(kind) + small_scalar(arguments))


def suspended(walk: "Walk", value: Any) -> None:
    """Write a generator or coroutine by its arguments and variables, as the collector sees them."""
    walk.part(id(value))
    walk.is_whole = False
    held = [one for one in gc.get_referents(value) if id(type(one)) not in _AT_WORK]
    walk.out.append(b"y%x,%d;" % (id(type(value)), len(held)))
    walk.follow(held)


def _counted(value: Any) -> tuple[type, tuple[Any, ...]]:
    held = tuple(gc.get_referents(value))
    if any(id(type(one)) not in _NUMBERS for one in held):
        raise TypeError("counts something of the user's")
    return type(value), (repr(value),)
