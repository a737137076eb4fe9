"""Which executions an execution depends on, by the names and files they write and read."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from nbmlops.cells.file_writers import FileWriters
from nbmlops.cells.hidden import is_hidden, is_only_shown
from nbmlops.records import ExecutionId, FileUse, Names


class Input(NamedTuple):
    """A name, or path, that an execution read, and the execution that had written it last."""

    name: str
    writer: ExecutionId
    is_file: bool = False


class Dependencies:
    """The executions of a session as a graph, grown one execution at a time.

    An execution depends on those that last wrote the names and files it reads. Changing a value in
    place reads and writes its name, so that a chain of changes hangs together by itself. Adding
    costs in proportion to the names of the cell. What matters only for how values look is left
    out. Of a session that is recorded already, `nbmlops.cells.slices` answers the same without
    making the graph.
    """

    def __init__(self) -> None:
        self._inputs: dict[ExecutionId, tuple[Input, ...]] = {}
        self._writers: dict[str, ExecutionId] = {}
        self._files = FileWriters()

    def add(
        self,
        execution_id: ExecutionId,
        names: Names,
        files: Iterable[FileUse] = (),
        *,
        execution_count: int | None = None,
    ) -> None:
        """Add the next execution."""
        writers = self._writers
        inputs = [
            Input(name, writers[name])
            for name in names_read(names)
            if name in writers and not is_only_shown(name)
        ]
        inputs += [Input(*needed, is_file=True) for needed in self._files.add(execution_id, files)]
        self._inputs[execution_id] = tuple(inputs)
        for name in names.deleted:
            writers.pop(name, None)
        for name in (*names.defined, *names.touched, *result_names(execution_count)):
            writers[name] = execution_id

    def inputs(self, execution_id: ExecutionId) -> tuple[Input, ...]:
        """Return what an execution read that earlier ones had written."""
        return self._inputs.get(execution_id, ())

    def writer_of(self, name: str) -> ExecutionId | None:
        """Return the execution that wrote a name last; None where it is not there (any more)."""
        return self._writers.get(name)

    def outdated_inputs(self, execution_id: ExecutionId) -> tuple[Input, ...]:
        """Return the names that an execution read and that were written again, or deleted, since.

        What the execution itself wrote again does not count: ``x += 1`` is no older than its x.
        Nor do hidden inputs: each draw of random numbers writes their state again.
        """
        return tuple(
            found
            for found in self.inputs(execution_id)
            if not (found.is_file or is_hidden(found.name))
            and self._writers.get(found.name) not in (found.writer, execution_id)
        )

    def behind(self, executions: Iterable[ExecutionId]) -> set[ExecutionId]:
        """Return the executions and all that they depend on, however far back."""
        found: set[ExecutionId] = set()
        waiting = list(executions)
        while waiting:
            execution = waiting.pop()
            if execution not in found:
                found.add(execution)
                waiting += [entry.writer for entry in self.inputs(execution)]
        return found


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
