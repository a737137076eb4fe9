"""The hidden inputs of executions: all parts together."""

from collections.abc import Callable
from contextlib import suppress
from types import CodeType
from typing import Any

from nbmlops.capture.base import Namespace
from nbmlops.capture.hidden.base import Ended, Part, Seen
from nbmlops.capture.hidden.figures import PyplotFigures
from nbmlops.capture.hidden.importing import Importing
from nbmlops.capture.hidden.libraries import library_of
from nbmlops.capture.hidden.mentions import Mention, mention_at
from nbmlops.capture.hidden.options import LibraryOptions
from nbmlops.capture.hidden.outside import Outside
from nbmlops.capture.hidden.patches import Patches
from nbmlops.capture.hidden.process import EnvironmentVariables, WorkingDirectory
from nbmlops.capture.hidden.random_states import RandomStates
from nbmlops.capture.hidden.reloading import Reloading
from nbmlops.capture.hidden.settings import ProcessSettings
from nbmlops.capture.hidden.shell import ShellSettings
from nbmlops.capture.hidden.streams import StandardStreams
from nbmlops.capture.running import RunningHere
from nbmlops.records import Names

# Methods of data frames and columns that draw with matplotlib.
_PLOTS = frozenset(("plot", "hist", "boxplot"))


class HiddenInputs:
    """Watches what executions depend on beside variables and files.

    Whose is what happens in a thread, `RunningHere` says; beside several, what may be anyone's is
    everyone's. So is what a part finds by comparing: two executions at once both changed what
    changed meanwhile.

    Parameters
    ----------
    shell : InteractiveShell
    on_fault : callable
        Is told of an error of our own, with where it was; the part in which it happened watches
        nothing from then on.
    """

    def __init__(self, shell: Any, on_fault: Callable[[str, BaseException], None]) -> None:
        self._on_fault = on_fault
        self._running: RunningHere[Seen] = RunningHere()
        self.here = self._running.here
        self._problems: list[BaseException] = []
        self._patches = Patches()
        self._parts: tuple[Part, ...] = (
            RandomStates(),
            Outside(self.here),
            EnvironmentVariables(self.here),
            Importing(),
            WorkingDirectory(self.here),
            ProcessSettings(),
            StandardStreams(),
            ShellSettings(shell),
            Reloading(shell),
            self._patches,
            LibraryOptions(),
            PyplotFigures(),
        )
        self._is_open = False

    def open(self) -> None:
        """Begin to listen."""
        if not self._is_open:
            self._is_open = True
            self._running.open()
            self._each(lambda part: part.open())

    def close(self) -> None:
        """Leave everything as it was found."""
        self._is_open = False
        self._each(lambda part: part.close())
        self._running.close()

    def started(self) -> set[int]:
        """Begin to watch the execution that starts in this thread.

        Return the addresses of what its code may change without reading a name for it.
        """
        seen = Seen()
        before = seen.before
        for part in self._parts:
            try:
                before[type(part)] = part.started(seen)
            except Exception as problem:  # noqa: BLE001, the user's cell must not notice
                self._failed(part, problem)
        self._running.add(seen)
        return seen.unnamed

    def reads(self, name: str, value: object, code: CodeType, offset: int) -> None:
        """Take that an instruction is about to read a name that holds a value.

        None stands for that of a builtin.
        """
        for seen in self.here():
            if seen.awaits is not None:
                seen.awaits()
            if seen.may_plot and library_of(value) == "pandas":
                seen.plots = seen.plots or not _PLOTS.isdisjoint(code.co_names)
        mention = mention_at(value, code, offset)
        if value is None and name in self._patches.added_builtins:
            mention = Mention(f"builtins.{name}", code, offset)
        if mention is not None:
            for seen in self.here():
                self._mentioned(mention, seen)

    def imports(self, module: str, code: CodeType, offset: int) -> None:
        """Take that an instruction is about to import a module."""
        mention = Mention(module, code, offset, is_import=True)
        for seen in self.here():
            self._mentioned(mention, seen)

    def ended(self, names: Names, namespace: Namespace) -> Names:
        """Return what the execution of this thread did with hidden inputs, and only that.

        ``names`` are those of its variables.
        """
        seen = self._running.mine()
        if seen is None:
            return Names()
        execution, before = Ended(names, namespace), seen.before
        for part in self._parts:
            if type(part) in before:
                try:
                    part.ended(execution, seen, before[type(part)])
                except Exception as problem:  # noqa: BLE001, the user's cell must not notice
                    self._failed(part, problem)
        self._running.drop(seen)
        problems, self._problems = self._problems, []
        for each in problems:
            self._on_fault("watching hidden inputs", each)
        return seen.names

    def _mentioned(self, mention: Mention, seen: Seen) -> None:
        def take(part: Part) -> None:
            if type(part) in seen.before:
                part.mentioned(mention, seen, seen.before[type(part)])

        self._each(take)

    def _each(self, do: Callable[[Part], None]) -> None:
        for part in self._parts:
            try:
                do(part)
            except Exception as problem:  # noqa: BLE001, the user's cell must not notice
                self._failed(part, problem)

    def _failed(self, part: Part, problem: Exception) -> None:
        """Do without a part that has failed; where the user's code is too deep, it has not."""
        if isinstance(problem, RecursionError):
            return
        self._problems.append(problem)
        self._parts = tuple(other for other in self._parts if other is not part)
        with suppress(Exception):
            part.close()
