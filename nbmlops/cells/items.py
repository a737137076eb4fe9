"""Items of values: which columns of a frame an execution took, and which another one had changed.

What took only some columns does not depend on who changed others. That a value has other items
than before, or has them in another order, counts as an item of its own, `ARRANGEMENT`, which is
part of the whole only. Each change of it counts for the whole, of other items the last one does.
An item that came behind the others and was written anew later is where it would be without that.

A name may be given a value that is the one it had but for some items (``df = df.assign(z=0)``).
Who takes other items gets the same from both. Who changes the value in place does not: others may
have the first one, too.

Pure; how items are seen is in `nbmlops.capture.taken_items`, how changes are found in
`nbmlops.capture.tokens.items`.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from nbmlops.records import ExecutionId, Items, Names

ARRANGEMENT = ""
"""Stands for which items there are, and their order."""

APPENDED = "\n"
"""Stands, beside `ARRANGEMENT`, for that all there is to it is one more item behind the others."""

MARKS = frozenset((ARRANGEMENT, APPENDED))
"""What is no item itself. No column that is followed has one of these names."""


class Change(NamedTuple):
    """That some items of a name's value were changed; ``is_new`` where the value is another one."""

    items: frozenset[str]
    is_new: bool


def is_taken(change: Change | None, items: frozenset[str] | None, *, is_changed: bool) -> bool:
    """Tell whether who took some items, or all, took something that a change gave.

    Of a ``change`` of all, None, everybody takes something. ``is_changed`` says whether the one
    who took the items also changed the value in place.
    """
    if change is None or items is None:
        return True
    return (change.is_new and is_changed) or not items.isdisjoint(change.items)


def items_of(items: Iterable[Items]) -> dict[str, frozenset[str]]:
    """Return items by name.

    Examples
    --------
    >>> items_of([Items("df", ("a", "b"))]) == {"df": frozenset({"a", "b"})}
    True
    """
    return {each.name: frozenset(each.items) for each in items}


def changes_of(names: Names) -> dict[str, Change]:
    """Return what an execution changed of those names of which it changed some items only."""
    if not names.items_changed:
        return {}
    return {
        name: Change(items, name in names.defined)
        for name, items in items_of(names.items_changed).items()
    }


class Needs:
    """What executions took of a name's value, less what has been found to come from others.

    Is shown the changes of the value since it was made, the latest first; whoever took something
    before a change is added after it. What a change costs does not grow with those whose needs are
    met, unless it is one of the arrangement.
    """

    def __init__(self) -> None:
        self._needs: list[_Need] = []
        self._met: dict[str, int] = {}  # by item, of how many needs it is found
        # Found since the last change of the arrangement, going back, and of use to somebody.
        self._written_anew: set[str] = set()
        self._met_value = 0

    def add(
        self, reader: int, items: frozenset[str] | None = None, *, is_changed: bool = False
    ) -> None:
        """Add what an execution took.

        Parameters
        ----------
        reader : int
            Its number.
        items : frozenset of str, optional
            All, if it is not given.
        is_changed : bool
            Whether it changed the value in place.
        """
        self._needs.append(_Need(reader, items, is_changed or items is None))

    @property
    def readers(self) -> tuple[int, ...]:
        """Those who took something that no change has given, at least the rows."""
        return tuple(
            need.reader
            for place, need in enumerate(self._needs)
            if not need.items or any(self._met.get(item, 0) <= place for item in need.items)
        )

    def met_by(self, change: Change) -> tuple[int, ...]:
        """Return the numbers of those who took something that this change gave."""
        items = change.items - MARKS
        met = {item: self._met.get(item, 0) for item in items}
        met_value = self._met_value if change.is_new else len(self._needs)
        if ARRANGEMENT in change.items:
            met[ARRANGEMENT] = self._would_be_there_without(change)
        first = min((met_value, *met.values()))
        found = [
            need.reader
            for place, need in enumerate(self._needs[first:], first)
            if (need.wants_value and place >= met_value)
            or any(place >= met[item] and need.has(item) for item in met)
        ]
        self._met |= dict.fromkeys(items, len(self._needs))
        if change.is_new:
            self._met_value = len(self._needs)
        if ARRANGEMENT in change.items:
            self._written_anew.clear()
        elif found:
            self._written_anew |= items
        return tuple(found)

    def _would_be_there_without(self, change: Change) -> int:
        """Return of how many needs the arrangement is the same without a change of it.

        Who writes an item that is not there puts it behind the others, where it was before if
        nothing changed the arrangement meanwhile. Else each change of it counts.
        """
        items = change.items - MARKS
        is_same = APPENDED in change.items and items <= self._written_anew
        return min(self._met[item] for item in items) if is_same else 0


class _Need(NamedTuple):
    reader: int
    items: frozenset[str] | None
    wants_value: bool  # that the name held then, and no equal one

    def has(self, item: str) -> bool:
        return self.items is None or item in self.items


class Changes:
    """The changes of one name's items since its value was made, in order.

    As many are kept as there are different ones.
    """

    def __init__(self) -> None:
        self._writers: dict[tuple[Change, ExecutionId], ExecutionId] = {}

    def add(self, writer: ExecutionId, change: Change) -> None:
        """Add the next change; it takes the place of an earlier one of the same items."""
        key = change, writer if ARRANGEMENT in change.items else ExecutionId("")
        self._writers.pop(key, None)
        self._writers[key] = writer

    def met_by(self, needs: Needs) -> Iterator[ExecutionId]:
        """Give those who changed what was taken, the latest first."""
        for (change, _), writer in reversed(self._writers.items()):
            if needs.met_by(change):
                yield writer
