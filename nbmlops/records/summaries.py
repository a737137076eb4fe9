"""Runs with their parts put together, as a store returns them."""

from dataclasses import dataclass

from nbmlops.records.data import DataUse, FileUse
from nbmlops.records.executions import Execution
from nbmlops.records.metrics import Metric
from nbmlops.records.results import Artifact, Model, Param, Tag
from nbmlops.records.runs import Run, RunExecution
from nbmlops.records.sessions import Environment, Session


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run with its small parts: what a table of runs or a comparison is made from."""

    run: Run
    params: tuple[Param, ...] = ()
    metrics: tuple[Metric, ...] = ()
    models: tuple[Model, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    tags: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True)
class RunDetail:
    """Everything about one run: its summary, executions, where it was made, and its data.

    ``data`` has inputs first. ``files`` are all that its executions read and wrote.
    """

    summary: RunSummary
    executions: tuple[tuple[Execution, RunExecution], ...] = ()
    environment: Environment | None = None
    session: Session | None = None
    data: tuple[DataUse, ...] = ()
    files: tuple[FileUse, ...] = ()

    @property
    def run(self) -> Run:
        """The run itself."""
        return self.summary.run
