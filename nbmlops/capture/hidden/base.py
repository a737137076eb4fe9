"""The contract of a part that watches one kind of hidden input."""

from collections.abc import Callable, Collection, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from nbmlops.capture.audit import Listen
from nbmlops.capture.base import Namespace
from nbmlops.capture.hidden.mentions import Mention
from nbmlops.records import Names

_PLAIN = (str, int, float, bool)
_MISSING = object()


@dataclass(slots=True, eq=False)
class Seen:
    """What an execution did with hidden inputs, as far as it was seen.

    ``before`` is what each part found when the execution began, by the part's class. ``awaits``
    is called before the next name is read. ``may_plot`` tells whether it matters that code draws
    with a method of pandas, ``plots`` whether that was seen. ``libraries`` is what
    `nbmlops.capture.hidden.libraries` has found, ``imported`` are modules that may be installed
    nowhere, ``unnamed`` the addresses of what code may change without reading a name for it.
    """

    used: set[str] = field(default_factory=set)
    defined: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    before: dict[type, Any] = field(default_factory=dict)
    awaits: Callable[[], None] | None = None
    may_plot: bool = False
    plots: bool = False
    libraries: frozenset[str] | None = None
    imported: set[str] = field(default_factory=set)
    unnamed: set[int] = field(default_factory=set)

    def use(self, name: str) -> None:
        """Take that a hidden input was read; what the execution itself has set is its own."""
        if name not in self.defined:
            self.used.add(name)

    def change(self, name: str) -> None:
        """Take that a hidden input was changed in a way that depends on what it was."""
        self.used.add(name)
        self.touched.add(name)

    @property
    def names(self) -> Names:
        """The same as names."""
        parts = (self.defined, self.used, self.touched)
        defined, used, touched = (tuple(sorted(part)) for part in parts)
        return Names(defined, used, touched)


@dataclass(slots=True, eq=False)
class Setting:
    """A hidden input that consists of parts, like options; ``changed`` are those that ever were."""

    name: str
    changed: set[Any] = field(default_factory=set)

    def use(self, seen: Seen) -> None:
        """Take that it mattered, where any execution has changed it."""
        if self.changed:
            seen.use(self.name)

    def change(self, parts: Set[Any], seen: Seen) -> None:
        """Take that parts were set; it does not depend on what was where those are all there are.

        So it is told at the end of the execution, of which nothing else counts then.
        """
        if not parts:
            return
        if parts >= self.changed:
            seen.defined.add(self.name)
            seen.used.discard(self.name)
        else:
            seen.change(self.name)
        self.changed |= parts


def differing_parts(before: Mapping[Any, Any], now: Mapping[Any, Any]) -> set[Any]:
    """Return the keys of what came, went or became another; only plain values are compared."""
    return {
        key
        for key in before.keys() | now.keys()
        if not is_same(before.get(key, _MISSING), now.get(key, _MISSING))
    }


def is_same(one: object, other: object) -> bool:
    """Tell whether two values are one object, or texts or numbers of the same value."""
    if one is other:
        return True
    kind = type(one)
    if kind is not type(other) or not any(kind is plain for plain in _PLAIN):
        return False
    return one == other or (one != one and other != other)


@dataclass(frozen=True, slots=True)
class Ended:
    """An execution that has ended: its variables, and by which names it handled them."""

    names: Names
    namespace: Namespace

    @property
    def handled(self) -> Collection[str]:
        """The variables that it read or wrote."""
        return {*self.names.used, *self.names.defined, *self.names.touched}


def unfailing(listener: Listen) -> Listen:
    """Return a listener that raises nothing into the user's call which it is told of."""

    def heard(args: tuple[Any, ...]) -> None:
        with suppress(Exception):
            listener(args)

    return heard


class Part(Protocol):
    """Watches one kind of hidden input; all are called in the thread that executes."""

    def open(self) -> None:
        """Begin to listen."""

    def close(self) -> None:
        """Leave everything as it was found."""

    def started(self, seen: Seen) -> Any:
        """Return what is to be known of the time before the execution."""

    def mentioned(self, mention: Mention, seen: Seen, before: Any) -> None:
        """Take what the code that runs is about to read."""

    def ended(self, execution: Ended, seen: Seen, before: Any) -> None:
        """Tell what the execution did, from what was ``before``."""
