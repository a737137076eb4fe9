"""What one execution did with the names of the notebook, and which execution did it."""

import weakref
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from inspect import CO_OPTIMIZED
from threading import Thread
from types import CodeType

from nbmlops.capture.base import Namespace
from nbmlops.capture.bindings_seen import BindingsSeen
from nbmlops.capture.bytecode import Act, imports_everything, line_at
from nbmlops.capture.late_work import LateWork
from nbmlops.capture.namespaces import (
    is_of_ipython,
    is_written_by_itself,
    names_given_by,
    result_names,
)
from nbmlops.capture.running import RunningHere
from nbmlops.capture.snapshots import Snapshot
from nbmlops.capture.syntax import Syntax
from nbmlops.capture.taken_items import Taken, taken_at
from nbmlops.cells.lookups import SCOPES
from nbmlops.cells.touches import Touch
from nbmlops.records import Items, Names

# While several cells run, code that they may share goes on telling after it has told one of them.
# This bounds what that costs one cell, to some milliseconds.
_MOST_REPEATS = 20_000
# Of a cell; more come only from code that makes and executes code, again and again.
_MOST_LOOKS = 20_000

# Code that mentions none of these looks up no variable by a text.
_LOOKING = SCOPES | {"query", "eval", "user_ns"}
_LOCAL_SCOPES = frozenset(("locals", "vars"))

# A name that an instruction read, and where: what was done with its value stands in the source.
type Look = tuple[str, CodeType, int, Syntax]


@dataclass(slots=True, eq=False)
class Observation:
    """What an execution did with names, as it was seen.

    The first thing done with a name decides: ``used`` are those that were read, or deleted, before
    the execution wrote them. ``found`` are those that were there before it wrote them.
    """

    namespace: Namespace
    before: Snapshot
    is_whole: bool = True  # seen from its beginning
    used: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    found: set[str] = field(default_factory=set)
    imported: set[str] = field(default_factory=set)  # modules, with all their names
    read: set[str] = field(default_factory=set)  # at any time
    taken: dict[str, list[Taken]] = field(default_factory=dict)  # columns of frames
    wholes: set[str] = field(default_factory=set)  # of which not only columns were taken
    results: set[int] = field(default_factory=set)  # addresses of what has no name
    stood_for: dict[str, set[str]] = field(default_factory=dict)  # results, by `_`, `Out`
    looks: list[Look] = field(default_factory=list)
    bindings: BindingsSeen = field(default_factory=BindingsSeen)
    syntaxes: list[Syntax] = field(default_factory=list)
    elsewhere: set[str] = field(default_factory=set)  # written or deleted by others meanwhile
    repeats_left: int = _MOST_REPEATS
    threads: list["weakref.ref[Thread]"] = field(default_factory=list)  # that its code started
    busy_before: frozenset[int] = frozenset()  # pools, by the ids of their queues
    late: tuple[LateWork, ...] = ()  # that earlier ones began, and that it is beside
    met: set[str] = field(default_factory=set)  # names that were looked at before it read them
    waits: bool = False  # for late work
    begun: LateWork | None = None  # the late work that it began itself
    after: Snapshot | None = None  # of its namespace at its end
    replaced: set[str] = field(default_factory=set)  # by code that is not recorded, before it

    def saw(self, act: Act, name: str, code: CodeType, offset: int, syntax: Syntax | None) -> None:
        """Take what an instruction is about to do with a name; ``syntax`` is that of the code."""
        is_there = name in self.namespace
        if act == "write":
            if is_there and name not in self.written:
                self.found.add(name)
            self.written.add(name)
            self.bindings.add(name, None if code.co_flags & CO_OPTIMIZED else syntax)
        elif act == "import":
            if imports_everything(code, offset):
                self.imported.add(name)
        elif is_there:  # else it is a builtin, or a NameError
            results = [*result_names(name, self.namespace)]
            for each in results or [name]:
                self.saw_used(each)
            if act != "read" or not self._saw_taken(name, code, offset, syntax):
                self.wholes.update(results or [name])
            if results:
                self.results.update(id(self.namespace.get(each)) for each in results)
                self.stood_for.setdefault(name, set()).update(results)
            if act == "delete":
                self.deleted.add(name)
                return
            self.read.add(name)
            self._look(name, code, offset, syntax)
        elif act == "read" and name in SCOPES:
            self._look(name, code, offset, syntax)

    def _look(self, name: str, code: CodeType, offset: int, syntax: Syntax | None) -> None:
        if syntax is not None and len(self.looks) < _MOST_LOOKS:
            self.looks.append((name, code, offset, syntax))

    def _saw_taken(self, name: str, code: CodeType, offset: int, syntax: Syntax | None) -> bool:
        """Take which columns of a frame are asked for; tell whether that is all."""
        if name in self.written:
            return True  # what it takes is its own
        taken = taken_at(code, offset, self.namespace[name], self.namespace)
        if taken is not None:
            self.taken.setdefault(name, []).append(taken)
            for inner in taken.inner:
                self.bindings.add(inner, syntax)
        return taken is not None

    def saw_used(self, name: str) -> None:
        """Take that a name's value was asked for."""
        if name not in self.written:
            self.used.add(name)
            self.found.add(name)

    def read_sources(self) -> None:
        """Read what is needed of the source of the code that ran, before it is forgotten."""
        if self.taken:
            every = [taken for found in self.taken.values() for taken in found]
            self.bindings.read({one for taken in every for one in taken.variables + taken.inner})
        for syntax in self.syntaxes:
            syntax.read()

    def names(self, hidden: Namespace) -> Names:
        """Return the names by now, but for touched ones. Of ``hidden`` see `is_of_ipython`."""
        namespace = self.namespace
        looked_up = {*self._looked_up()}
        self.used |= looked_up
        self.wholes |= looked_up
        self.after = self.before.names.snapshot(namespace)
        changes = self.after.changes_since(self.before)
        unseen = {
            name
            for name in (*changes.bound, *changes.gone)
            if name not in self.elsewhere
            and not is_written_by_itself(name)
            and not is_of_ipython(name, namespace, hidden)
        }
        # What was not there and nobody was seen to write was written here, before it was used.
        made = unseen.intersection(changes.new) - self.written
        used = (name for name in self.used - made if not is_of_ipython(name, namespace, hidden))
        given = {name for module in self.imported for name in names_given_by(module, namespace)}
        defined = self.written | given | unseen.intersection(changes.bound)
        deleted = (self.deleted & self.found) | unseen.intersection(changes.gone)
        return Names(
            defined=tuple(sorted(name for name in defined if name in namespace)),
            used=tuple(sorted(used)),
            deleted=tuple(sorted(name for name in deleted if name not in namespace)),
        )

    def find_replaced(self, end: Snapshot, known: Container[str], hidden: Namespace) -> None:
        """Find what was bound otherwise since an execution's ``end``, by nothing ``known``."""
        changes = self.before.changes_since(end)
        for name in {*changes.bound} - {*changes.new}:
            is_own = is_written_by_itself(name) or is_of_ipython(name, self.namespace, hidden)
            if not is_own and name not in known:
                self.replaced.add(name)

    def items_used(self, names: Names) -> Iterator[Items]:
        """Give the columns of frames that were taken, where nothing else of the frame was.

        Who changed more than columns in place, the rows, handed on all of it.
        ``names`` are all of the execution. A variable that says which must be what it was then.
        """
        unseen = {*names.defined, *names.touched} - self.written
        changed_whole = {*names.touched} - {each.name for each in names.items_changed}
        for name in sorted(self.taken.keys() & {*names.used} - self.wholes - changed_whole):
            taken = self.taken[name]
            variables = {one for each in taken for one in each.variables + each.inner}
            texts = self.bindings.texts(variables, self.namespace)
            # One that was changed and changed back shows in the source alone.
            if texts is None or not unseen.isdisjoint(texts.variables):
                continue
            if not any(self.touches(texts.variables)):
                items = texts.texts.union(*(each.items for each in taken))
                yield Items(name, tuple(sorted(items)))

    def touches(self, candidates: Iterable[str]) -> Iterator[Touch]:
        """Give how the values of some names were touched by the code that ran.

        That is read from the source of the lines that read the names: an estimate.
        """
        wanted = set(candidates)
        for name, code, offset, syntax in self.looks:
            meant = wanted & self.stood_for.get(name, {name})
            line = line_at(code, offset) if meant else None
            if line is not None:
                for touch in syntax.touches.get((line, name), ()):
                    yield from (touch._replace(name=each) for each in meant)

    def _looked_up(self) -> Iterator[str]:
        """Give the variables that were looked up by text, and that this execution did not make."""
        for name, code, offset, syntax in self.looks:
            if _LOOKING.isdisjoint(code.co_names):
                continue
            if name in _LOCAL_SCOPES and code.co_flags & CO_OPTIMIZED:
                continue
            for lookup in syntax.lookups.get((line_at(code, offset) or 0, name), ()):
                for each in lookup.names(self.namespace):
                    if each in self.namespace and self._was_there(each):
                        yield each

    def _was_there(self, name: str) -> bool:
        is_own = name.startswith("_") or is_written_by_itself(name)
        return name in self.found or (name not in self.written and not is_own)


class Running(RunningHere[Observation]):
    """The observations that are going on.

    What nobody knows whose it is counts for everyone: rather one dependency too many than one too
    few.
    """

    def remove(self) -> Observation | None:
        """End the one of this thread and return it."""
        ended = super().remove()
        if ended is not None:
            for other in self.all:
                other.elsewhere |= ended.written | ended.deleted
                ended.elsewhere |= other.written | other.deleted
        return ended

    def wants_more(self, observations: Iterable[Observation]) -> bool:
        """Tell whether what these were told may have to be told to others, beside them."""
        if len(self.all) <= 1:
            return False
        for observation in observations:
            observation.repeats_left -= 1
        return all(observation.repeats_left > 0 for observation in observations)
