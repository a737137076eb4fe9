"""Which executions an execution depends on, by the names they write and read."""

from collections.abc import Iterable

from nbmlops.records import ExecutionId, Names


class Dependencies:
    """The executions of a session as a graph, grown one execution at a time.

    An execution depends on those that last defined a name it uses and on those that may have
    changed the name's value since. Adding costs in proportion to the names of the cell.
    """

    def __init__(self) -> None:
        self._direct: dict[ExecutionId, tuple[ExecutionId, ...]] = {}
        self._writers: dict[str, list[ExecutionId]] = {}

    def add(self, execution_id: ExecutionId, names: Names) -> None:
        """Add the next execution."""
        read = (*names.used, *(name for name in names.touched if name not in names.defined))
        direct = {writer: None for name in read for writer in self._writers.get(name, ())}
        self._direct[execution_id] = tuple(direct)
        for name in names.deleted:
            self._writers.pop(name, None)
        for name in names.defined:
            self._writers[name] = [execution_id]
        for name in names.touched:
            writers = self._writers.setdefault(name, [])
            if execution_id not in writers[-1:]:
                writers.append(execution_id)

    def behind(self, executions: Iterable[ExecutionId]) -> set[ExecutionId]:
        """Return the executions and all that they depend on, however far back."""
        found: set[ExecutionId] = set()
        waiting = list(executions)
        while waiting:
            execution = waiting.pop()
            if execution not in found:
                found.add(execution)
                waiting += self._direct.get(execution, ())
        return found
