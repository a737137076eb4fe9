"""What a store has of some executions: what each wrote, and what that was."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nbmlops.fingerprint_records import file_value
from nbmlops.records import (
    Digest,
    Execution,
    ExecutionId,
    FileUse,
    Point,
    RunSummary,
    Use,
    Value,
)
from nbmlops.store.base import Store


@dataclass(frozen=True, slots=True)
class Version:
    """What a name, or a file, held when its execution ended.

    ``digest`` is None where nobody could look at it as a whole; ``value`` where it is no data.
    """

    digest: Digest | None
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """The measurements of a metric by one run, in order."""

    summary: RunSummary
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Trace:
    """The executions of a session, with what those in question wrote.

    Attributes
    ----------
    executions : tuple of Execution
        All, in the order in which they began.
    written : mapping
        By execution, what each name held that it wrote, and each file by its path.
    series : mapping
        By metric, the measurements of each run that has it.
    """

    executions: tuple[Execution, ...] = ()
    written: Mapping[ExecutionId, Mapping[str, Version]] = field(default_factory=dict)
    series: Mapping[str, tuple[Series, ...]] = field(default_factory=dict)

    def versions(self, execution: Execution) -> Mapping[str, Version]:
        """Return what an execution wrote, by name."""
        return self.written.get(execution.id, {})


def trace_of(
    store: Store,
    executions: Iterable[Execution],
    runs: Iterable[RunSummary],
    metrics: Iterable[str],
    *,
    looked_into: Iterable[ExecutionId],
) -> Trace:
    """Read what a store has of a session, of what some executions wrote, and of runs' metrics."""
    summaries = [*runs]
    ids = [*looked_into]
    written = [use for use in store.uses(ids) if use.role == "written"]
    values = store.values([use.digest for use in written if use.digest is not None])
    files = [use for use in store.file_uses(ids) if use.role == "written"]
    return Trace(
        tuple(executions),
        _by_execution(written, files, values),
        {name: tuple(_series(store, summaries, name)) for name in metrics},
    )


def _by_execution(
    uses: Iterable[Use], files: Iterable[FileUse], values: Mapping[Digest, Value]
) -> dict[ExecutionId, dict[str, Version]]:
    found: dict[ExecutionId, dict[str, Version]] = {}
    for file in files:
        if file.reason is None and not file.path.endswith("/"):
            version = Version(file.digest, file_value(file))
            found.setdefault(file.execution_id, {})[file.path] = version
    for use in uses:
        value = None if use.digest is None else values.get(use.digest)
        found.setdefault(use.execution_id, {})[use.name] = Version(use.digest, value)
    return found


def _series(store: Store, runs: Iterable[RunSummary], name: str) -> Iterable[Series]:
    for summary in runs:
        if any(metric.name == name for metric in summary.metrics):
            yield Series(summary, tuple(store.points(summary.run.id, name)))
