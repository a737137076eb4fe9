"""The names that an execution reads, writes and deletes, as they are seen while its code runs.

What is seen: every instruction that handles a name of the notebook, in cells, in functions and
classes that cells define (whoever calls them, later and from wherever), in comprehensions, lambdas
and generators, in what magics compile (``%%time``, ``%timeit``, ``%%capture``), and in code given
to ``exec``, ``eval``, ``%%prun`` and ``%run -i``; and the names in ``!command {name}``. The first
thing done with a name decides: one that is read first is used; one that is written first and then
read is only defined. What a cell did before it failed or was interrupted counts.

What is found afterwards: names bound or deleted in ways that show in no instruction (``globals()``,
``user_ns.update``, ``%run``), by comparing the namespace at the beginning and the end by identity.

Names that the notebook's own code looks up by their text (``globals()["x"]``,
``df.query("a > @x")``) are taken from the source of the lines that ran, all there are where the
text is not known; see `nbmlops.cells.lookups`.

What is not noticed: names that library code looks up by itself, and functions that were compiled to
machine code. What code did that was already running when the recording began is taken from its
source, and what functions read that an execution hands to child processes.

Nothing of libraries and imported modules is watched: the global names of their functions are their
own. Which values were changed in place is found in `nbmlops.capture.changed_values`.

Without a free tool id of `sys.monitoring`, while a trace function is set (by a debugger of the old
kind), or after a fault, names come from the source alone.
"""

import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from types import CodeType, FunctionType, ModuleType
from typing import Any

from nbmlops.capture.base import Namespace
from nbmlops.capture.bytecode import Act, names_in
from nbmlops.capture.changed_values import ChangedValues
from nbmlops.capture.hidden.inputs import HiddenInputs
from nbmlops.capture.late_changes import LateChanges
from nbmlops.capture.notebook_code import NotebookCode, Piece
from nbmlops.capture.observation import Observation, Running
from nbmlops.capture.snapshots import KnownNames, Snapshot
from nbmlops.capture.static_names import StaticNames
from nbmlops.capture.syntax import Syntax
from nbmlops.cells.names import merged
from nbmlops.fingerprints.python.identity import module_attributes
from nbmlops.records import Names

# ``%nbmlops metric NAME…`` reads variables by their names.
_METRIC = re.compile(r"run_line_magic\('nbmlops', 'metric ([^'\\]*)'\)")
_CHILDREN = "<subprocess>"
_TAKE_FUNCTIONS_ALONG = frozenset(("cloudpickle", "dill"))


class ObservedNames:
    """Watches the names of a shell's executions. A `nbmlops.capture.base.NameWatcher`.

    Parameters
    ----------
    shell : InteractiveShell
    on_fault : callable
        Is told of an error of our own, with where it was.
    """

    def __init__(self, shell: Any, on_fault: Callable[[str, BaseException], None]) -> None:
        self._shell, self._on_fault = shell, on_fault
        self._static = StaticNames()
        self._hidden = HiddenInputs(shell, on_fault)
        self._values = ChangedValues()
        self._running = Running()
        self._names_there = KnownNames()
        self._end: Snapshot | None = None  # of the last execution, where it was alone
        self._late = LateChanges(self._running, self._values)
        self._code = NotebookCode(shell, self, self._failed)
        self._problem: BaseException | None = None
        self._has_failed = False

    def open(self) -> None:
        """Begin to watch code, also that of functions which are there already."""
        self._has_failed = False
        self._hidden.open()
        try:
            if self._code.open():
                self._running.open()
                self._late.open()
                if self._end is not None:  # there was a pause
                    self.unrecorded_ended()
        except Exception as problem:  # noqa: BLE001, cells are to be recorded without it, too
            self._failed(problem)
            self._tell_problem()

    def close(self) -> None:
        """Watch nothing any more; leave compiler and tool ids as they were found."""
        self._unwatch_code()
        self._hidden.close()

    def _unwatch_code(self) -> None:
        self._code.close()
        self._running.close()
        self._late.close()

    def started(self, source: str, *, is_midway: bool = False) -> None:  # noqa: ARG002
        """Begin to watch an execution in this thread."""
        self._running.remove()  # whose end was never told
        unnamed = self._hidden.started()
        if self._has_failed or sys.gettrace() is not None:
            return
        if not self._code.is_open:  # no tool id was free, or somebody has taken ours away
            self._unwatch_code()
            self.open()
        if self._code.is_open:
            self._code.rearm()
            namespace = self._shell.user_ns
            before = self._names_there.snapshot(namespace)
            observation = Observation(namespace, before, is_whole=not is_midway)
            observation.results |= unnamed
            if self._end is not None and not self._running.all:
                hidden = self._shell.user_ns_hidden
                observation.find_replaced(self._end, self._late.bound, hidden)
            self._late.begins(observation)
            self._running.add(observation)

    def unrecorded_ended(self) -> None:
        """Take that code ran which is not recorded: look at values again before they are read."""
        self._late.unrecorded()

    def inner_ended(self, source: str, namespace: Namespace) -> Names:
        """Return no names: what an inner cell did was seen as the outer one's."""
        observations = self._running.here()
        if not observations:
            return self._static.inner_ended(source, namespace)
        for observation in observations:
            _see_metrics(observation, source)
        return Names()

    def ended(self, source: str, namespace: Namespace) -> Names:
        """Return what the execution of this thread did with names, and with hidden inputs."""
        names = self._names(source, namespace)
        hidden = self._hidden.ended(names, namespace)
        parts = [names, hidden]
        if _CHILDREN in hidden.used or _takes_functions_along(names, namespace):
            known = (*names.defined, *self._shell.user_ns_hidden)
            parts.append(Names(used=_used_by_functions(names.used, known, namespace)))
        return merged(parts)

    def _names(self, source: str, namespace: Namespace) -> Names:
        self._late.ends(self._running.mine())
        observation = self._running.remove()
        self._tell_problem()
        if observation is None:
            self._end = None
            return self._from_source(source, namespace)
        _see_metrics(observation, source)
        observation.read_sources()
        names = observation.names(self._shell.user_ns_hidden)
        self._late.before_look(observation, names)
        changes = self._values.changed(observation, names)
        names = replace(names, touched=changes.names, items_changed=changes.items)
        if observation.taken:
            names = replace(names, items_used=tuple(observation.items_used(names)))
        names = self._late.applied(observation, names)
        if observation.replaced:
            names = replace(names, replaced=tuple(sorted(observation.replaced)))
        self._end = None if self._running.all else observation.after
        if observation.is_whole and self._code.is_open and not self._code.is_disturbed:
            return names
        return merged([names, self._from_source(source, namespace)])

    def _from_source(self, source: str, namespace: Namespace) -> Names:
        names = self._static.ended(source, namespace)
        self._values.forget(names)
        return names

    # What happens in the user's code

    def happened(self, act: Act, name: str, code: CodeType, offset: int, piece: Piece) -> bool:
        """Take what an instruction is about to do with a name; tell whether that was enough."""
        works = self._late.works
        work = works.here() if works.going_on else None
        if work is not None and self._late.does(work, act, name):
            return not piece.is_inner
        observations = self._running.here()
        for observation in observations:
            if act == "read" and works.known:
                self._late.reads(observation, name, code, offset)
            observation.saw(act, name, code, offset, piece.syntax)
        if act == "read" and observations:
            self._hidden.reads(name, self._shell.user_ns.get(name), code, offset)
        elif act == "import":
            self._hidden.imports(name, code, offset)
        return not piece.is_inner or not self._running.wants_more(observations)

    def compiled(self, syntax: Syntax) -> None:
        """Take the syntax of code with functions in it; it is read when the cell has ended."""
        observations = self._running.here()
        for observation in observations:
            observation.syntaxes.append(syntax)
        if not observations:
            syntax.read()

    # Faults

    def _failed(self, problem: BaseException) -> None:
        self._problem = self._problem or problem

    def _tell_problem(self) -> None:
        """Stop watching after a fault and tell of it, now that no code of the user's runs."""
        problem, self._problem = self._problem, None
        if problem is not None:
            self._has_failed = True
            self._unwatch_code()
            self._on_fault("observing names", problem)


def _takes_functions_along(names: Names, namespace: Namespace) -> bool:
    """Tell whether an execution had to do with what pickles functions with all that they use."""
    for name in (*names.used, *names.defined):
        value = namespace.get(name)
        if type(value) is ModuleType:
            home: object = module_attributes(value).get("__name__")
        else:
            home = value.__module__ if type(value) is FunctionType else None
        if type(home) is str and home.partition(".")[0] in _TAKE_FUNCTIONS_ALONG:
            return True
    return False


def _used_by_functions(
    names: Iterable[str], made: Iterable[str], namespace: Namespace
) -> tuple[str, ...]:
    """Return the variables that functions read, and the functions that those call.

    What runs in a child process is not seen here; ``made`` are names that the execution or IPython
    itself has bound.
    """
    found: set[str] = set()
    waiting = [*names]
    while waiting:
        function = namespace.get(waiting.pop())
        if type(function) is FunctionType and function.__globals__ is namespace:
            mentioned = {name for name in names_in(function.__code__) if name in namespace}
            waiting += mentioned - found
            found |= mentioned
    return tuple(sorted(found - {*made}))


def _see_metrics(observation: Observation, source: str) -> None:
    for names in _METRIC.findall(source):
        for name in names.split():
            if name in observation.namespace:
                observation.saw_used(name)
                observation.wholes.add(name)
