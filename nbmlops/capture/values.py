"""What cells read and wrote: the fingerprints of what their names hold.

Looked at are values that are data (tables, columns, arrays, tensors), of names that the cell
defines, touches or reads, and each only once until something may have changed it; and whatever else
a cell writes, so that an execution can be compared with another one of the same code. What is quick
is done when the cell ends, within a budget; the rest in a thread, on a snapshot that does not
change (pandas 3, polars, Arrow). Arrays, lists and models cannot be held like that: what was found
of them counts only if no cell touched them meanwhile. A value that changed before it was looked at
has no digest, and neither has one that is not data and cannot be looked at completely.

References to the user's values are held until they have been looked at, then only weak ones.

Limits: of what is not data, the first 200 names of a cell count, and nothing that takes more than
a second. A table that lies in the memory of somebody else's array (``pa.array(a)``) and is changed
through that between the cell's end and the look at it has the digest of what it became.
"""

import math
import threading
import time
import weakref
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from nbmlops.capture.background import Background
from nbmlops.capture.base import Namespace
from nbmlops.capture.holding import (
    Held,
    held,
    holds_data,
    is_made_here,
    memory_of,
    seconds_to_look,
)
from nbmlops.fingerprints.asking import fingerprint
from nbmlops.fingerprints.base import Fingerprint
from nbmlops.fingerprints.profiles.profile import MOST_COLUMNS
from nbmlops.fingerprints.registry import SCALARS, table_maker_of
from nbmlops.records import Digest, Execution, ExecutionId, Names, Use, UseRole

_SECONDS_FOR_SCALAR = 20e-6
_SECONDS_FOR_OTHERS = 1.0
_MOST_OTHERS = 200


class ValueListener(Protocol):
    """Is told what data executions used; from the executing thread or another."""

    def uses_found(self, uses: Sequence[Use]) -> None:
        """Take uses; those without a digest may come again with one."""

    def fingerprint_found(self, found: Fingerprint) -> None:
        """Take what a value is, without its profile first and perhaps with it later."""

    def fault(self, where: str, problem: BaseException) -> None:
        """Take an error of our own."""


@dataclass(slots=True, eq=False)
class _Version:
    """What an object is from one change of it to the next."""

    memory: int
    digest: Digest | None = None
    is_data: bool = True
    is_over: bool = False  # changed since
    waiting: list[Use] = field(default_factory=list)  # for the digest


@dataclass(slots=True, eq=False)
class _Look:
    """A fingerprint that was made of data which may have been changed meanwhile."""

    version: _Version
    data: Held
    found: Fingerprint
    is_profile: bool = False  # the digest is known; this is all there is to know


class ValueWatcher:
    """Finds the data that executions use.

    Parameters
    ----------
    listener : ValueListener
    background : Background
        Looks at what takes longer; the caller closes it.
    budget_seconds : float
        For looking at the values of one cell while its user waits.
    with_profiles : bool
        Whether to go over tables again for their profile, in the background.
    """

    def __init__(
        self,
        listener: ValueListener,
        background: Background,
        *,
        budget_seconds: float,
        with_profiles: bool,
    ) -> None:
        self._listener, self._background = listener, background
        self._budget_seconds = budget_seconds
        self._with_profiles = with_profiles
        # Held while a cell's values are taken; not while records are made of what the background
        # found, nor by the start of a cell, which would wait for that.
        self._guard = threading.RLock()
        self._counting = threading.Lock()
        self._versions: dict[int, tuple[weakref.ref[Any], _Version]] = {}
        self._held_by: dict[str, _Version] = {}
        self._profiled: set[Digest] = set()
        self._profiling: set[Digest] = set()
        self._others: list[_Version] = []  # of what is not data and has not been looked at
        self._running: dict[int, ExecutionId] = {}  # by thread
        self._unsettled: list[_Look] = []

    def started(self, execution_id: ExecutionId) -> None:
        """Note that an execution began in this thread: it may change what is being looked at."""
        with self._counting:
            self._running[threading.get_ident()] = execution_id

    def ended(self, execution: Execution, namespace: Namespace) -> None:
        """Find the data that an execution used, and look at it or have it looked at."""
        with self._guard:
            try:
                uses, to_look_at = self._uses(execution, namespace)
            finally:  # only now is it known what it changed
                self._forget_running(execution.id)
            self._settle()
            for version, value in self._look_now(to_look_at):
                self._look_later(version, value)
            self._tell(uses)

    def close(self) -> None:
        """Tell what is left to tell; called when no execution will change data any more."""
        with self._guard:
            self._settle()
            self._versions.clear()

    def _forget_running(self, execution_id: ExecutionId) -> None:
        with self._counting:
            for thread, running in [*self._running.items()]:
                if running == execution_id:
                    del self._running[thread]

    # What was used

    def _uses(
        self, execution: Execution, namespace: Namespace
    ) -> tuple[list[tuple[Use, _Version]], list[tuple[_Version, Any]]]:
        """Return the uses of data with their versions, and what has not been looked at yet."""
        names = execution.names
        before = self._held_before((*names.used, *names.touched))
        self._end_versions(names, namespace)
        written = set(names.defined) | set(names.touched)
        new: list[tuple[_Version, Any]] = []
        uses = []
        for name, role in _roles(names):
            if role == "read" and name in written:
                version = before.get(name)
            else:
                version = self._version_under(name, namespace, new)
            if version is not None:
                uses.append((Use(execution.id, name, role), version))
        for name in names.deleted:
            self._held_by.pop(name, None)
        known = {use.name for use, _ in uses}
        others = [*_others(written - known, namespace)]
        self._others += [version for _, version, _ in others]
        uses += [(Use(execution.id, name, "written"), version) for name, version, _ in others]
        return uses, new + [(version, value) for _, version, value in others]

    def _held_before(self, names: Iterable[str]) -> dict[str, _Version]:
        """Return what names held when the execution began, as far as that is known."""
        known = ((name, self._held_by.get(name)) for name in names)
        return {
            name: version for name, version in known if version is not None and not version.is_over
        }

    def _version_under(
        self, name: str, namespace: Namespace, new: list[tuple[_Version, Any]]
    ) -> _Version | None:
        """Return the version that a name holds now, None where it holds no data."""
        value = namespace.get(name)
        if name.startswith("_") or value is None or not self._holds_data(value):
            self._held_by.pop(name, None)
            return None
        known = self._versions.get(id(value))
        if known is not None and known[0]() is value:
            version = known[1]
        else:
            version = _Version(memory_of(value))
            self._remember(value, version)
            new.append((version, value))
        self._held_by[name] = version
        return version

    def _holds_data(self, value: Any) -> bool:
        try:
            return holds_data(value)
        except Exception as problem:  # noqa: BLE001, a class of the user's that fails when asked
            self._listener.fault("looking at data", problem)
            return False

    def _remember(self, value: Any, version: _Version) -> None:
        key, versions = id(value), self._versions

        def forget(gone: "weakref.ref[Any]") -> None:
            known = versions.get(key)
            if known is not None and known[0] is gone:
                versions.pop(key, None)

        versions[key] = weakref.ref(value, forget), version

    def _end_versions(self, names: Names, namespace: Namespace) -> None:
        """End the versions of what may have been changed in place, and of what shares its memory.

        ``x += 1`` and ``x = changed(x)`` define and use a name, and may give the same object.
        """
        suspects = set(names.touched) | (set(names.defined) & set(names.used))
        values = [namespace[name] for name in suspects if name in namespace]
        changed = {memory_of(value) if self._holds_data(value) else id(value) for value in values}
        for version in self._others:
            version.is_over = version.is_over or version.memory in changed
        self._others = [each for each in self._others if not (each.is_over or each.digest)]
        for key, (_, version) in list(self._versions.items()):
            if version.memory in changed:
                version.is_over = True
                self._versions.pop(key, None)  # the value may have gone meanwhile

    # Looking

    def _look_now(
        self, to_look_at: Iterable[tuple[_Version, Any]]
    ) -> Iterator[tuple[_Version, Any]]:
        """Look at what is quick, the quickest first; give back what the budget leaves over."""
        until = time.perf_counter() + self._budget_seconds
        estimated = [(_seconds(version, value), version, value) for version, value in to_look_at]
        for seconds, version, value in sorted(estimated, key=lambda entry: entry[0]):
            if time.perf_counter() + seconds > until:
                yield version, value
                continue
            found = fingerprint(value)
            self._found(version, found)
            if self._wants_profile(found, value):
                self._profile_later(version, value, found)

    def _look_later(self, version: _Version, value: Any) -> None:
        data = self._held(value)
        limit = None if version.is_data else _SECONDS_FOR_OTHERS

        def look() -> None:
            if version.is_over and not data.is_safe:
                return
            found = fingerprint(data.value, within_seconds=limit)
            self._settle_or_wait(_Look(version, data, found))

        self._background.put(look, urgent=True)

    def _profile_later(self, version: _Version, value: Any, found: Fingerprint) -> None:
        data = self._held(value)
        self._profiling.add(found.digest)

        def profile() -> None:
            again = None
            if data.is_safe or not version.is_over:
                again = fingerprint(data.value, profile=True)
            if again is not None and again.digest == found.digest:  # else it has changed
                self._settle_or_wait(_Look(version, data, again, is_profile=True))
            self._profiling.discard(found.digest)  # not before, or it is asked for once more

        self._background.put(profile, urgent=False)

    def _held(self, value: Any) -> Held:
        try:
            return held(value)
        except Exception as problem:  # noqa: BLE001, a class of the user's that fails when asked
            self._listener.fault("looking at data", problem)
            return Held(value, is_safe=False)

    def _wants_profile(self, found: Fingerprint, value: Any) -> bool:
        return (
            self._with_profiles
            and found.digest not in self._profiled
            and found.digest not in self._profiling
            and len(found.columns) <= MOST_COLUMNS
            and table_maker_of(type(value)) is not None
        )

    def _settle_or_wait(self, look: _Look) -> None:
        """Accept what was found where no execution runs that may have changed it meanwhile.

        Those that ran and ended while it was looked at have said at their end what they changed.
        """
        with self._guard:
            is_safe, is_over = look.data.is_safe, look.version.is_over
            is_settled = is_safe or not (is_over or self._running)
            if not (is_settled or is_over):
                self._unsettled.append(look)
        if is_settled:
            self._accept(look)

    def _settle(self) -> None:
        """Accept what was found of data that no execution has touched; drop the rest."""
        if self._running:
            return
        unsettled, self._unsettled = self._unsettled, []
        for look in unsettled:
            if not look.version.is_over:
                self._accept(look)

    def _accept(self, look: _Look) -> None:
        if look.is_profile:
            if look.found.digest not in self._profiled:
                self._profiled.add(look.found.digest)
                self._listener.fingerprint_found(look.found)
            return
        self._found(look.version, look.found)
        if self._wants_profile(look.found, look.data.value):
            self._profile_later(look.version, look.data.value, look.found)

    def _found(self, version: _Version, found: Fingerprint) -> None:
        if version.is_data:
            self._listener.fingerprint_found(found)
        elif not found.is_exact:
            version.is_over = True
            return
        with self._guard:
            version.digest = found.digest
            waiting, version.waiting = version.waiting, []
        if waiting:
            self._listener.uses_found([_with_digest(use, found.digest) for use in waiting])

    def _tell(self, uses: Iterable[tuple[Use, _Version]]) -> None:
        told = []
        for use, version in uses:
            told.append(_with_digest(use, version.digest))
            if version.digest is None:
                version.waiting.append(use)
        if told:
            self._listener.uses_found(told)


def _roles(names: Names) -> Iterator[tuple[str, UseRole]]:
    for name in sorted({*names.used, *names.touched} - (set(names.defined) - set(names.used))):
        yield name, "read"
    for name in sorted({*names.defined, *names.touched}):
        yield name, "written"


def _others(names: Iterable[str], namespace: Namespace) -> Iterator[tuple[str, _Version, Any]]:
    """Give what is not data, but made by the user: each time it is written it is a new version."""
    told = 0
    for name in sorted(names):
        value = namespace.get(name)
        if told < _MOST_OTHERS and name[:1] not in "_<" and is_made_here(value):
            told += 1
            yield name, _Version(id(value), is_data=False), value


def _seconds(version: _Version, value: Any) -> float:
    """Estimate how long looking at a value takes, from above; anything else than data is unknown.

    It is looked at in the background, but for the plainest.
    """
    if version.is_data:
        try:
            return seconds_to_look(value)
        except Exception:  # noqa: BLE001, a class of the user's that fails when asked; it is no fault
            return math.inf
    return _SECONDS_FOR_SCALAR if id(type(value)) in SCALARS else math.inf


def _with_digest(use: Use, digest: Digest | None) -> Use:
    return Use(use.execution_id, use.name, use.role, digest)
