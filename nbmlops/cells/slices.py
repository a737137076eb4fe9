"""Slices: which executions made a result, in order, and why each of them is in it.

Pure: records in, records out. What an execution read and wrote was recorded when it ran. The
session is gone through once, from its end to its beginning, so that a slice costs the same
whatever it holds.

Executions that ran at the same time, in subshells, count in the order in which they ended, as they
do for the living session (`nbmlops.cells.dependencies`): what one of them read of another that went
on longer is not found. Their ends are told by the clock of the computer.
"""

import builtins
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from nbmlops.cells.dependencies import names_read, result_names
from nbmlops.cells.file_writers import FileNeeds, FileWriters
from nbmlops.cells.hidden import FIGURES, ONLY_SHOWN, TEXT_OPTIONS, is_hidden
from nbmlops.cells.items import Change, Needs, changes_of, items_of
from nbmlops.cells.texts import keeps_text
from nbmlops.records import Execution, ExecutionId, FileUse

# Names that are there without anybody having written them.
_GIVEN = frozenset((*dir(builtins), "display", "get_ipython"))

type FilesOf = Mapping[ExecutionId, Sequence[FileUse]]


class Reason(NamedTuple):
    """A name, or path, that an execution wrote; ``read_by`` are sequences of those that read it.

    The name may be that of a hidden input, see `nbmlops.cells.hidden`.
    """

    name: str
    read_by: tuple[int, ...]
    is_file: bool = False


class Step(NamedTuple):
    """An execution of a slice. ``reasons`` is empty for one that was only asked for itself."""

    execution: Execution
    reasons: tuple[Reason, ...] = ()
    is_target: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """The executions that a result depends on, in the order they ended.

    Attributes
    ----------
    target : str
        What was asked for, in words: ``metric auc``, ``variable df``, ``output of [7]``.
    steps : tuple of Step
    left_out : int
        How many executions of the session, up to the last one here, the result does not need.
    missing : tuple of Reason
        The names that these executions read and that no recorded one had written: they are from
        before the recording began, or from a cell that was kept out of it. Python's own are not
        among them.
    hidden : tuple of Reason
        The hidden inputs that these executions read and that none had written: time, network,
        random states that nobody seeded.
    """

    target: str
    steps: tuple[Step, ...]
    left_out: int = 0
    missing: tuple[Reason, ...] = ()
    hidden: tuple[Reason, ...] = ()

    @property
    def sequence(self) -> tuple[int, ...]:
        """The numbers of its executions, in order."""
        return tuple(step.execution.sequence for step in self.steps)


def slice_of(
    executions: Sequence[Execution],
    targets: Collection[ExecutionId],
    target: str,
    files: FilesOf | None = None,
    *,
    is_shown: bool = False,
    variable: str | None = None,
) -> Slice:
    """Return the slice behind executions of a session.

    Parameters
    ----------
    executions : sequence of Execution
        All of the session, in the order they started.
    targets : collection of str
        Ids of those that gave the result.
    target : str
        The result in words.
    files : mapping of str to sequence of FileUse, optional
        What executions did to files.
    is_shown : bool
        Whether the result is what the targets showed: then it depends also on what matters only
        for how values look, such as the number of rows that pandas shows.
    variable : str, optional
        The result is all that this holds when the targets have ended, also what they left as it
        was: of a table the columns of others.
    """
    wanted = set(targets)
    executions = in_order_of_end(executions)
    needs = _Needs(executions, files or {})
    steps: list[Step] = []
    last = 0
    for place in range(len(executions) - 1, -1, -1):
        execution = executions[place]
        is_target = execution.id in wanted
        if is_target and variable is not None:
            needs.take_name(variable, execution.sequence)
        reasons = needs.met_by(execution)
        if variable is not None:
            reasons = tuple(_told_once(reasons, execution.sequence))
        if reasons or is_target:
            steps.append(Step(execution, reasons, is_target))
            needs.take(steps[-1], is_shown=is_target and is_shown)
            last = last or place + 1
        needs.lose(execution.names.replaced)
    return Slice(target, tuple(reversed(steps)), last - len(steps), *needs.unmet())


def _told_once(reasons: Iterable[Reason], own: int) -> Iterator[Reason]:
    """Give reasons with each reader once, and without the need of what an execution itself left."""
    for reason in reasons:
        readers = tuple(each for each in dict.fromkeys(reason.read_by) if each != own)
        if readers:
            yield reason._replace(read_by=readers)


def in_order_of_end(executions: Sequence[Execution]) -> Sequence[Execution]:
    """Return a session's executions in the order they ended, those that have not last.

    Where one started earlier than the one before it, the clock was set back: what came before that
    had ended by then.
    """
    keys: list[tuple[float, float]] = []
    times_set_back, before = 0, -math.inf
    for execution in executions:
        started, seconds = execution.started, execution.duration_seconds
        if started < before:
            times_set_back += 1
        before = started
        ended = math.inf if seconds is None else started + seconds
        keys.append((math.inf if seconds is None else times_set_back, ended))
    if all(one <= other for one, other in pairwise(keys)):
        return executions
    return [executions[place] for place in sorted(range(len(keys)), key=keys.__getitem__)]


class _Needs:
    """What the executions found so far read and nobody has been found to write.

    Grows while a session is gone through backwards. Lists of readers have the latest first.
    """

    def __init__(self, executions: Iterable[Execution], files: FilesOf) -> None:
        self._names: defaultdict[str, list[int]] = defaultdict(list)
        self._partly: defaultdict[str, Needs] = defaultdict(Needs)
        self._lost: defaultdict[str, list[int]] = defaultdict(list)
        self._files = FileNeeds(_writers(executions, files)) if files else None

    def take_name(self, name: str, sequence: int) -> None:
        """Add that all is needed of what a name holds."""
        self._names[name].append(sequence)

    def take(self, step: Step, *, is_shown: bool) -> None:
        """Add what an execution read; what matters only for how values look, where they are shown.

        Options for that matter where texts of values are kept, too. It is also read by who is
        there because it changed some of it.
        """
        execution = step.execution
        waiting, sequence = self._names, execution.sequence
        did = execution.names
        names = names_read(did) if did.touched else did.used
        if FIGURES in did.touched and FIGURES not in did.used:  # it drew by names of its own
            is_felt = any(each.name == FIGURES for each in step.reasons)
            names = [name for name in names if name != FIGURES or is_felt]
        if not (is_shown or ONLY_SHOWN.isdisjoint(names)):
            felt = {each.name for each in step.reasons}
            if keeps_text(execution.source):
                felt |= TEXT_OPTIONS
            names = [name for name in names if name not in ONLY_SHOWN or name in felt]
        if did.items_used:
            names = self._taken_whole(execution, names)
        for name in names:
            waiting[name].append(sequence)
        if self._files is not None:
            self._files.take(execution.id, sequence)

    def _taken_whole(self, execution: Execution, names: Sequence[str]) -> list[str]:
        """Add items that an execution took; return the names of which it took all."""
        items = items_of(execution.names.items_used)
        for name in names:
            if name in items:
                is_changed = name in execution.names.touched
                self._partly[name].add(execution.sequence, items[name], is_changed=is_changed)
        return [name for name in names if name not in items]

    def unmet(self) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
        """Return what is left: names that nobody wrote, and hidden inputs that nobody set."""
        left = [
            Reason(name, tuple(sorted({*self._lost.get(name, ()), *self._readers(name)})))
            for name in sorted({*self._names, *self._partly, *self._lost})
            if name not in _GIVEN
        ]
        missing = tuple(reason for reason in left if not is_hidden(reason.name))
        return missing, tuple(reason for reason in left if is_hidden(reason.name))

    def lose(self, names: Iterable[str]) -> None:
        """Take that who read some names read what code wrote that is not recorded."""
        for name in names:
            readers = self._readers(name)
            if readers:
                self._lost[name] += readers

    def met_by(self, execution: Execution) -> tuple[Reason, ...]:
        """Take away what an execution wrote; return that, as reasons for it to be there."""
        names, waiting = execution.names, self._names
        written = (*names.defined, *names.touched, *result_names(execution.execution_count))
        if self._partly or names.items_changed:
            found = [*self._met_in_part(written, changes_of(names))]
        else:
            found = []
            for name in written:
                if name in waiting:
                    readers = waiting.pop(name)
                    readers.reverse()
                    found.append(Reason(name, tuple(readers)))
        for name in names.deleted:  # who read it afterwards found nothing of that name
            self._readers(name)
        if len(found) > 1:
            found.sort()
        if self._files is not None:
            paths = sorted(self._files.met_by(execution.id).items())
            found += [Reason(path, readers, is_file=True) for path, readers in paths]
        return tuple(found)

    def _met_in_part(
        self, written: Iterable[str], changes: Mapping[str, Change]
    ) -> Iterator[Reason]:
        """Give the reasons where items of a name were written, or taken."""
        for name in dict.fromkeys(written):
            change = changes.get(name)
            readers = self._readers(name) if change is None else self._readers_of(name, change)
            if readers:
                yield Reason(name, readers)

    def _readers(self, name: str) -> tuple[int, ...]:
        """Take away all who read a name; return them, the earliest first."""
        partly = self._partly.pop(name, None)
        return tuple(sorted((*self._names.pop(name, ()), *(partly.readers if partly else ()))))

    def _readers_of(self, name: str, change: Change) -> tuple[int, ...]:
        """Return who took something of a name that a change gave; they may need others, too."""
        if name not in self._names and name not in self._partly:
            return ()
        needs = self._partly[name]
        for sequence in self._names.pop(name, ()):
            needs.add(sequence)
        return tuple(sorted(needs.met_by(change)))


def _writers(executions: Iterable[Execution], files: FilesOf) -> FileWriters:
    writers = FileWriters()
    for execution in executions:
        writers.add(execution.id, files.get(execution.id, ()))
    return writers
