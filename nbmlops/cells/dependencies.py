"""Which executions an execution depends on, by the names and files they write and read."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from nbmlops.cells.file_writers import FileNeeds, FileWriters
from nbmlops.cells.hidden import TEXT_OPTIONS, is_only_shown
from nbmlops.cells.items import Changes, Needs, changes_of, items_of
from nbmlops.cells.texts import keeps_text
from nbmlops.records import ExecutionId, FileUse, Names


class Input(NamedTuple):
    """A name, or path, that an execution read, and the execution that had written it last."""

    name: str
    writer: ExecutionId
    is_file: bool = False


class Dependencies:
    """The executions of a session as a graph, grown one execution at a time, as they end.

    An execution depends on those that last wrote the names and files it reads. Changing a value in
    place reads and writes its name, so that a chain of changes hangs together by itself; where only
    items of it are changed, they hang together by these. Adding costs in proportion to the names
    of the cell. What matters only for how values look is left
    out. Of a session that is recorded already, `nbmlops.cells.slices` answers the same without
    making the graph; there stands what the order of ends means for executions at the same time.
    """

    def __init__(self) -> None:
        self._inputs: dict[ExecutionId, tuple[Input, ...]] = {}  # without files
        self._writers: dict[str, ExecutionId] = {}  # of whole values
        self._changes: dict[str, Changes] = {}  # of items of these
        self._files = FileWriters()

    def add(
        self,
        execution_id: ExecutionId,
        names: Names,
        files: Iterable[FileUse] = (),
        *,
        execution_count: int | None = None,
        source: str = "",
    ) -> None:
        """Add the next execution."""
        writers = self._writers
        for name in names.replaced:
            writers.pop(name, None)
            self._changes.pop(name, None)
        inputs = [
            Input(name, writers[name])
            for name in names_read(names)
            if name in writers and name not in self._changes and _matters(name, names, source)
        ]
        if self._changes:
            inputs += self._changes_read(names)
        self._inputs[execution_id] = tuple(inputs)
        self._files.add(execution_id, files)
        changes = changes_of(names)
        for name in names.deleted:
            writers.pop(name, None)
            self._changes.pop(name, None)
        for name in (*names.defined, *names.touched, *result_names(execution_count)):
            if name not in changes:
                writers[name] = execution_id
                self._changes.pop(name, None)
        for name, change in changes.items():
            self._changes.setdefault(name, Changes()).add(execution_id, change)

    def _changes_read(self, names: Names) -> Iterator[Input]:
        """Give who made what an execution took of values that were changed since they were made."""
        items = items_of(names.items_used)
        for name in names_read(names):
            if name in self._changes:
                needs = Needs()
                needs.add(0, items.get(name), is_changed=name in names.touched)
                for writer in self._changes[name].met_by(needs):
                    yield Input(name, writer)
                if needs.readers and name in self._writers:
                    yield Input(name, self._writers[name])

    def inputs(self, execution_id: ExecutionId) -> tuple[Input, ...]:
        """Return what an execution read that earlier ones had written."""
        files = self._files.needed_by(execution_id)
        inputs = self._inputs.get(execution_id, ())
        return (*inputs, *(Input(*needed, is_file=True) for needed in files))

    def behind(
        self, executions: Iterable[ExecutionId], known: AbstractSet[ExecutionId] = frozenset()
    ) -> set[ExecutionId]:
        """Return the executions and all that they depend on, however far back.

        What is ``known`` is left out, with all that it depends on: that is to be known, too.
        """
        found: set[ExecutionId] = set()
        self._follow(executions, found, known)
        if any(self._looks_through_folders(execution) for execution in found):
            self._look_through_folders(found, known)
        return found

    def _follow(
        self,
        executions: Iterable[ExecutionId],
        found: set[ExecutionId],
        known: AbstractSet[ExecutionId],
    ) -> None:
        """Add executions and what they depend on, without what they found by listing a folder."""
        waiting = [*executions]
        while waiting:
            execution = waiting.pop()
            if execution in found or execution in known:
                continue
            found.add(execution)
            waiting += [entry.writer for entry in self._inputs.get(execution, ())]
            did = self._files.did(execution)
            if did is not None:
                waiting += [write.writer for write in did.needed]

    def _look_through_folders(
        self, found: set[ExecutionId], known: AbstractSet[ExecutionId]
    ) -> None:
        """Add who wrote in folders that those found have listed, and what is behind them."""
        needs = FileNeeds(self._files)
        for execution in reversed(self._inputs):  # whose inputs are all earlier
            if execution in known:
                continue
            if execution not in found and needs.is_met_by(execution):
                self._follow([execution], found, known)
            if execution in found:
                needs.take(execution)

    def _looks_through_folders(self, execution: ExecutionId) -> bool:
        did = self._files.did(execution)
        return did is not None and bool(did.folders)


def _matters(name: str, names: Names, source: str) -> bool:
    """Tell whether a name that was read matters for values; options do where some are kept as text.

    Who sets some of the options stands on who has set the others.
    """
    if not is_only_shown(name):
        return True
    return name in TEXT_OPTIONS and (name in names.touched or keeps_text(source))


def result_names(execution_count: int | None) -> tuple[str, ...]:
    """Return the names of the result that an execution may have shown: ``_7``."""
    return () if execution_count is None else (f"_{execution_count}",)


def names_read(names: Names) -> Sequence[str]:
    """Return the names whose values an execution took from others.

    What it defined itself and then touched it took from nobody.
    """
    used, defined = names.used, names.defined
    more = [name for name in names.touched if name not in used and name not in defined]
    return [*used, *more] if more else used
