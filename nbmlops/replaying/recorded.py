"""What the store of a user has of a slice that is to be made again."""

from dataclasses import dataclass

from nbmlops.records import Environment, RunSummary, Session
from nbmlops.replaying.traces import Trace, trace_of
from nbmlops.store.base import Store
from nbmlops.tracking.slice_page import SlicePage


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the user's store has of what is to be made again."""

    session: Session
    environment: Environment | None
    trace: Trace


def recorded(store: Store, page: SlicePage) -> Recorded:
    """Read what a store has of a slice."""
    session = store.session(page.steps[0].execution.session_id)
    executions = store.session_executions(session.id, with_outputs=False)
    ids = [step.execution.id for step in page.steps]
    runs = [page.summary] if page.summary else []
    trace = trace_of(store, executions, runs, metrics_of(page), looked_into=ids)
    return Recorded(session, environment_of(store, page.summary), trace)


def metrics_of(page: SlicePage) -> tuple[str, ...]:
    """Return the names of the metrics that a slice is asked to make again."""
    if page.target.kind == "metric":
        return (page.target.name,)
    if page.summary is None or page.target.kind != "run":
        return ()
    return tuple(metric.name for metric in page.summary.metrics)


def environment_of(store: Store, summary: RunSummary | None) -> Environment | None:
    """Return the environment that a run was recorded in, where that is known."""
    digest = summary.run.environment if summary else None
    return store.environment(digest) if digest is not None else None
