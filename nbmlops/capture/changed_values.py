"""Which values an execution changed in place: their tokens before and after it.

Looked at after each cell are the values that it read, and those that share memory or a mutable part
with one of them: a view of an array, an alias in a container, the class of an instance, what a
closure holds, two maps of one file. What nobody read cannot have been changed by code of the
notebook, so that the cost does not depend on how much the notebook holds.

A token proves a change; that there was none it proves only if all of the value was looked at
(`Token.is_whole`). For the rest — iterators, objects of compiled libraries, what is beyond the
budget of a cell — how the code that ran handles the value decides, an estimate on the safe side.
Then what it works with is estimated, too: who writes rows changes the file behind the writer.

What threads and tasks change after the cell that started them is looked for before the next one
reads it: see `nbmlops.capture.late_changes`. A value that was never looked at before, because it
was there when the recording began, is estimated at its first use.
"""

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from nbmlops.capture.base import Namespace
from nbmlops.capture.namespaces import is_result, is_written_by_itself
from nbmlops.capture.observation import Observation
from nbmlops.capture.shared_parts import SharedParts
from nbmlops.capture.static_names import changes_in, is_used_up, may_change
from nbmlops.capture.tokens.base import Budget, Token
from nbmlops.capture.tokens.items import items_changed
from nbmlops.capture.tokens.taking import token_of
from nbmlops.capture.tokens.walking import Sight
from nbmlops.records import Items, Names

# Types by their ids, which need no hash of a type: a metaclass may define one.
_UNCHANGEABLE = frozenset(map(id, (int, float, complex, bool, str, bytes, range, type(None))))
_CONTAINERS = frozenset(map(id, (list, dict, set, tuple)))


class Changed(NamedTuple):
    """Names whose values were changed in place, and ``items`` that were changed.

    There are items also for names that were given another value, made of the one they had.
    """

    names: tuple[str, ...]
    items: tuple[Items, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What a name's value was when it was looked at last, and when; no reference to it."""

    address: int
    token: Token
    moment: int

    def without_parts(self) -> "_Known":
        """Return the same with no parts, which take most of the room."""
        return replace(self, token=replace(self.token, parts=frozenset(), has_all_parts=False))


class ChangedValues:
    """The values of a namespace as they were after the last execution that dealt with them.

    Safe to use from several threads.

    Attributes
    ----------
    moment : int
        The number of the present, which looks are marked with.
    """

    def __init__(self) -> None:
        self.moment = 0
        self._known: dict[str, _Known] = {}
        self._shared = SharedParts()
        self._entangled: set[str] = set()  # names whose parts are not all known
        self._guard = threading.Lock()

    def clear(self) -> None:
        """Forget everything."""
        with self._guard:
            self._known.clear()
            self._shared = SharedParts()
            self._entangled.clear()

    def changed(self, observation: Observation, names: Names) -> "Changed":
        """Return what values an execution changed in place; look at what it made.

        ``names`` are those of the execution, but for touched ones.
        """
        with self._guard:
            look = _Look(observation.namespace, {*names.defined}, self.moment)
            read = {*observation.read, *names.used}
            suspects = read | self._shared.sharing_with(read) | self._at(observation.results)
            verdicts = {name: self._is_changed(name, look) for name in sorted(suspects)}
            more = self._touched_with([name for name, verdict in verdicts.items() if verdict], look)
            verdicts |= {name: self._is_changed(name, look) for name in sorted(more - suspects)}
            for name in names.deleted:
                self._forget(name)
            for name in look.new - suspects:
                self._remember(name, look)
            more = self._shared.sharing_with(look.new) - verdicts.keys() - look.new
            verdicts |= {name: self._is_changed(name, look) for name in sorted(more)}
        changed = {name for name, verdict in verdicts.items() if verdict}
        unproven = {name for name, verdict in verdicts.items() if verdict is None}
        estimated = _estimated(observation, unproven & read)
        if unproven:
            estimated |= self._held_by(changed | estimated, unproven, observation.namespace)
        made_of_it = {*names.defined} & {*names.used}
        items = tuple(
            Items(name, look.items[name])
            for name in sorted(look.items.keys() & (changed | made_of_it) - estimated)
        )
        return Changed(tuple(sorted(changed | estimated)), items)

    def last_look(self, name: str, namespace: Namespace) -> int | None:
        """Return when a value was looked at; None where nothing can change in it.

        -1 where nothing is known of it.
        """
        if id(type(namespace.get(name))) in _UNCHANGEABLE:
            return None
        known = self._known.get(name)
        return -1 if known is None else known.moment

    def changed_meanwhile(self, name: str, namespace: Namespace) -> tuple[set[str], set[str]]:
        """Look at a value, and at those that share with it, before an execution deals with them.

        Return which of them were changed since the last look, and which may have been. Does nothing
        where another look is going on.
        """
        if not self._guard.acquire(blocking=False):
            return set(), set()
        try:
            look = _Look(namespace, set(), self.moment)
            names = {name} | self._shared.sharing_with({name})
            verdicts = {each: self._is_changed(each, look) for each in sorted(names)}
        finally:
            self._guard.release()
        changed = {each for each, verdict in verdicts.items() if verdict}
        unknown = {each for each, verdict in verdicts.items() if verdict is None}
        return changed, {each for each in unknown if may_change(namespace[each])}

    def forget(self, names: Names) -> None:
        """Forget the values that an execution may have changed unseen."""
        with self._guard:
            for name in (*names.defined, *names.touched, *names.used, *names.deleted):
                self._forget(name)

    def _at(self, addresses: set[int]) -> set[str]:
        """Return the names that hold one of some objects, or a value of which it is a part."""
        if not addresses:
            return set()
        held = {name for name, known in self._known.items() if known.address in addresses}
        return held | self._shared.having(addresses)

    def _held_by(
        self, changed: Collection[str], unproven: Collection[str], namespace: Namespace
    ) -> set[str]:
        """Return which unproven values changed ones work with: the file that rows are written to.

        A container changes by what it holds, not that by the container.
        """
        parts: set[int] = set()
        for name in changed:
            if id(type(namespace[name])) not in _CONTAINERS:
                parts |= self._shared.of(name)
        return {
            name
            for name in unproven
            if id(namespace[name]) in parts and may_change(namespace[name])
        }

    def _touched_with(self, changed: Sequence[str], look: "_Look") -> set[str]:
        """Return the names that may have been changed along with others, as these are now."""
        if not changed:
            return set()
        sharing = (self._shared.having(look.parts(name)) for name in changed)
        return self._entangled.union(*sharing)

    def _is_changed(self, name: str, look: "_Look") -> bool | None:
        """Tell whether a value is another than it was; None where that cannot be told."""
        before = self._known.get(name)
        now = self._remember(name, look)
        if not look.has(name):
            return False
        if now is None:
            return None
        items = None if before is None else items_changed(before.token, now.token)
        if items is not None:
            look.items[name] = items
        if before is None or before.address != now.address:
            return False if name in look.new else None
        is_same = now.token.is_same_as(before.token)
        return None if is_same is None else not is_same

    def _remember(self, name: str, look: "_Look") -> _Known | None:
        """Look at what a name holds now; None where there is nothing to be seen."""
        self._forget(name)
        if not look.has(name):
            return None
        known = look.at(name)
        if known is None:  # others may work with it
            self._shared.keep(name, frozenset((look.address(name),)))
        else:
            if not self._shared.keep(name, known.token.parts):
                known = known.without_parts()
            self._known[name] = known
            if not known.token.has_all_parts:
                self._entangled.add(name)
        return known

    def _forget(self, name: str) -> None:
        self._known.pop(name, None)
        self._entangled.discard(name)
        self._shared.forget(name)


class _Look:
    """One look at a namespace, within the budget of one cell; equal objects are looked at once."""

    def __init__(self, namespace: Namespace, new: set[str], moment: int) -> None:
        self.new = new  # names that the cell has bound
        self.items: dict[str, tuple[str, ...]] = {}  # by name, that are not what they were
        self._namespace, self._moment = namespace, moment
        self._budget, self._sight = Budget(), Sight()
        self._seen: dict[int, _Known | None] = {}

    def has(self, name: str) -> bool:
        """Tell whether a name has a value that could be changed in place."""
        if name not in self._namespace or (is_written_by_itself(name) and not is_result(name)):
            return False
        return id(type(self._namespace[name])) not in _UNCHANGEABLE

    def address(self, name: str) -> int:
        """Return where the value of a name lies."""
        return id(self._namespace[name])

    def parts(self, name: str) -> frozenset[int]:
        """Return the parts of a value that was looked at."""
        known = self.at(name)
        return known.token.parts if known is not None else frozenset()

    def at(self, name: str) -> _Known | None:
        """Look at the value of a name; None where nothing can be seen of it."""
        value = self._namespace[name]
        address = id(value)
        if address not in self._seen:
            token = token_of(value, budget=self._budget, sight=self._sight)
            self._seen[address] = (
                _Known(address, token, self._moment) if token is not None else None
            )
        return self._seen[address]


def _estimated(observation: Observation, names: Collection[str]) -> set[str]:
    """Return which of some names may have been changed, by what the code that ran does to them."""
    namespace = observation.namespace
    candidates = {name for name in names if name in namespace and may_change(namespace[name])}
    touched = {name for name in candidates if is_used_up(namespace[name])}
    changes = changes_in(namespace)
    touched |= {touch.name for touch in observation.touches(candidates - touched) if changes(touch)}
    return touched
