"""Which executions runs contain: those that their results depend on, linked as they end."""

from collections.abc import Callable, Iterable

from nbmlops.cells.dependencies import Dependencies
from nbmlops.records import Execution, ExecutionId, FileUse, stretches_of
from nbmlops.tracking.active import ActiveRun


class Lineage:
    """The executions of a living session that have ended, and what they depend on.

    Parameters
    ----------
    put : callable
        Takes any number of records.
    """

    def __init__(self, put: Callable[..., None]) -> None:
        self._put = put
        self._dependencies = Dependencies()
        self._sequences: dict[ExecutionId, int] = {}

    def add(self, execution: Execution, files: Iterable[FileUse]) -> None:
        """Add the next execution that has ended."""
        self._sequences[execution.id] = execution.sequence
        self._dependencies.add(
            execution.id,
            execution.names,
            files,
            execution_count=execution.execution_count,
            source=execution.source,
        )

    def link(self, run: ActiveRun, *more: ExecutionId) -> None:
        """Put into a run what its results, and more executions, depend on.

        What is behind an execution that the run contains is in it already. A result of one that
        still runs in another thread waits for that one's end.
        """
        results = run.unlinked_results & self._sequences.keys()
        run.unlinked_results -= results
        new = self._dependencies.behind({*results, *more}, known=run.linked)
        run.linked |= new
        for found, gave_result in ((new - results, False), (results, True)):
            if found:
                numbers = [self._sequences[each] for each in found]
                self._put(*stretches_of(run.id, numbers, gave_result=gave_result))
