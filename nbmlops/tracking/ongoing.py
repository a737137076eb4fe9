"""The executions that are going on, and the runs they gave something to."""

from dataclasses import dataclass, field

from nbmlops.capture.running import RunningHere
from nbmlops.records import Execution, ExecutionId, RunId
from nbmlops.tracking.active import ActiveRun


@dataclass(slots=True, eq=False)
class Ongoing:
    """An execution that is going on.

    Attributes
    ----------
    touched : dict of str to ActiveRun
        The runs that it opened or gave a result.
    opened_by_hand : bool
        Whether it opened one by name.
    """

    execution: Execution
    touched: dict[RunId, ActiveRun] = field(default_factory=dict)
    opened_by_hand: bool = False


class OngoingExecutions:
    """What is going on, by thread: in subshells several cells run at once."""

    def __init__(self) -> None:
        self._running: RunningHere[Ongoing] = RunningHere()

    def follow_threads(self) -> None:
        """Have threads belong to the execution that starts them, also beside others."""
        self._running.open()

    def close(self) -> None:
        """Follow threads no more; nothing is going on."""
        self._running.close()

    @property
    def here(self) -> Ongoing | None:
        """The execution that this thread works for; None where that is not known, or none."""
        return self._running.one_here()

    @property
    def id_here(self) -> ExecutionId | None:
        """The id of the execution that this thread works for."""
        ongoing = self._running.one_here()
        return None if ongoing is None else ongoing.execution.id

    def started(self, execution: Execution) -> None:
        """Take that an execution starts in this thread."""
        self._running.add(Ongoing(execution))

    def ended(self, execution: Execution) -> Ongoing:
        """Return the execution as it ended; it is this thread's until it is done with."""
        known = (each for each in self._running.all if each.execution.id == execution.id)
        ongoing = next(known, None) or Ongoing(execution)
        self._running.drop(ongoing)  # a script may end in another thread than it began in
        ongoing.execution = execution
        self._running.add(ongoing)
        return ongoing

    def done(self, ongoing: Ongoing) -> None:
        """Take that nothing is left to do for an execution."""
        self._running.drop(ongoing)
