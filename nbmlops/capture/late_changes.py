"""Which variables late work has changed, and which executions met that.

Late work is what `nbmlops.capture.late_work` finds. To others it is a hidden input: the execution
that began it sets it, who reads what it has changed reads it, and who waits for it changes it. So
the cells that happened to run meanwhile have nothing to do with it.

What it binds is seen while its code runs; what it changes in place is found by looking at a value
before an execution reads it for the first time, where the work has gone on since the last look. So
nothing is looked at where no work is. What cannot be looked into counts as changed. A variable that
was changed stays so until an execution binds it anew.

An execution waits that sleeps while work goes on, or that handles what does the work: its thread,
task, future, pool, or an event, lock or queue of theirs.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from types import CodeType
from typing import Any

from nbmlops.capture.base import Namespace
from nbmlops.capture.bytecode import Act
from nbmlops.capture.changed_values import ChangedValues
from nbmlops.capture.hidden.mentions import mention_at
from nbmlops.capture.late_work import LateWork, LateWorks
from nbmlops.capture.observation import Observation, Running
from nbmlops.records import Names

_UNRECORDED = "<code that is not recorded>"
_WAITS = frozenset(("sleep", "wait", "wait_for", "gather", "as_completed"))
_OF_WAITING = frozenset(("time", "asyncio", "concurrent"))
_DOERS = frozenset(
    "threading _thread queue _queue asyncio _asyncio concurrent multiprocessing".split()
)
_CONTAINERS = (list, tuple, set, frozenset, dict)
_MOST_LOOKED_INTO = 200  # parts of a container
_MODULE_OF = type.__dict__["__module__"].__get__
_BASES_OF = type.__dict__["__mro__"].__get__


class LateChanges:
    """What late work has done to the variables of a session.

    Parameters
    ----------
    running : Running
        Says which execution a thread works for.
    values : ChangedValues
        Looks at values.

    Attributes
    ----------
    works : LateWorks
        Where none are known, there is nothing to be told while code runs.
    """

    def __init__(self, running: Running, values: ChangedValues) -> None:
        self.works, self._values, self._running = LateWorks(running), values, running
        self._by: dict[str, set[LateWork]] = {}  # what has changed a variable
        self._bound: set[str] = set()  # variables whose value is from late work

    def open(self) -> None:
        """Begin to listen."""
        self.works.open()

    def close(self) -> None:
        """Listen no more, and forget all."""
        self.works.close()
        self._by.clear()
        self._bound.clear()

    def begins(self, observation: Observation) -> None:
        """Take that an execution begins, beside what goes on."""
        self.works.begins(observation)
        self._values.moment = self.works.number
        observation.late = self.works.going_on

    def unrecorded(self) -> None:
        """Take that code ran which is not recorded, after the last execution."""
        self.works.add(LateWork(_UNRECORDED, until=self.works.number + 1))

    @property
    def bound(self) -> AbstractSet[str]:
        """The variables whose values are from late work that was seen."""
        return self._bound

    # While code runs

    def does(self, work: LateWork, act: Act, name: str) -> bool:
        """Take what late work is about to do with a name; tell whether there is to be more."""
        work.repeats_left -= 1
        if act == "read":
            if name not in work.written:
                work.read.add(name)
        elif act != "import":
            work.written.add(name)
            self._by[name] = {work}
            self._bound.add(name)
            for observation in self._running.all:
                observation.elsewhere.add(name)
        return work.repeats_left > 0

    def reads(self, observation: Observation, name: str, code: CodeType, offset: int) -> None:
        """Take that an execution is about to read a name: look at what it holds before that."""
        namespace = observation.namespace
        if observation.late and not observation.waits:
            mention = mention_at(namespace.get(name), code, offset)
            observation.waits = (
                mention is not None and mention.name in _WAITS and mention.library in _OF_WAITING
            )
        if name in observation.met or name in observation.written:
            return
        observation.met.add(name)
        works = self._since_last_look(name, namespace)
        if works:
            changed, possibly = self._values.changed_meanwhile(name, namespace)
            if _UNRECORDED in (work.name for work in works):
                observation.replaced |= changed
            works = [work for work in works if work.name != _UNRECORDED]
            for each in changed | possibly:
                self._change(each, works)

    # When an execution ends

    def ends(self, observation: Observation | None) -> None:
        """Take what an execution has begun, if it was seen; until now all that was its own."""
        if observation is not None:
            observation.begun = self.works.begun_by(observation)

    def before_look(self, observation: Observation, names: Names) -> None:
        """Take what an execution was not seen to read, before all of its values are looked at."""
        if self.works.known:
            for name in {*names.used, *observation.read} - observation.met:
                works = self._since_last_look(name, observation.namespace)
                own = (observation.begun.name if observation.begun else None, _UNRECORDED)
                self._change(name, [work for work in works if work.name not in own])

    def applied(self, observation: Observation, names: Names) -> Names:
        """Return the names of an execution, with the late work that it began, met and awaited."""
        if self.works.known:
            for name in names.touched:
                self._change(name, observation.late)
            names = self._with_work(observation, names)
        return names

    def _with_work(self, observation: Observation, names: Names) -> Names:
        used, defined, touched = {*names.used}, {*names.defined}, {*names.touched}
        read = used | touched | observation.read - defined
        awaited = {*self._awaited_by(observation, read)}
        works = awaited.union(*(self._by.get(name, ()) for name in read))
        taken = read & self._bound
        used -= taken
        for work in works:
            used.add(work.name)
            used |= {name for name in work.read if name in observation.namespace} - defined
        defined |= touched & taken
        touched -= taken
        touched |= {work.name for work in awaited}
        if observation.begun is not None:
            defined.add(observation.begun.name)
        for name in (*defined, *names.deleted):
            self._by.pop(name, None)
            self._bound.discard(name)
        parts = (defined, used, touched)
        defined_, used_, touched_ = (tuple(sorted(part)) for part in parts)
        return replace(names, defined=defined_, used=used_, touched=touched_)

    def _awaited_by(self, observation: Observation, read: Iterable[str]) -> Iterator[LateWork]:
        waits = observation.waits
        for name in read:
            for value in _values_in(observation.namespace.get(name)):
                work = self.works.done_by(value)
                if work is None:
                    waits = waits or _is_doer(value)
                elif not (work.is_awaited or work is observation.begun):
                    work.is_awaited = not work.goes_on()
                    yield work
        if waits:
            yield from observation.late

    def _since_last_look(self, name: str, namespace: Namespace) -> list[LateWork]:
        moment = self._values.last_look(name, namespace)
        return [] if moment is None else self.works.since(moment)

    def _change(self, name: str, works: Iterable[LateWork]) -> None:
        found = {*works}
        if found:
            self._by[name] = self._by.get(name, set()) | found


def _values_in(value: Any) -> Iterator[object]:
    """Give a value, or what is in it where it is a container of Python's own."""
    kind = type(value)
    if not any(kind is each for each in _CONTAINERS):  # `in` would ask a metaclass
        yield value
        return
    with suppress(RuntimeError):  # a thread changes it meanwhile
        yield from [*islice(value.values() if kind is dict else value, _MOST_LOOKED_INTO)]


def _is_doer(value: object) -> bool:
    """Tell whether a value is a thread, a task, a pool, or what such wait for."""
    homes = (_MODULE_OF(kind) for kind in _BASES_OF(type(value)))
    return any(type(home) is str and home.partition(".")[0] in _DOERS for home in homes)
