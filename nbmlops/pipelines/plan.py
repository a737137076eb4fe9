"""What a headless execution records: where, as which run; and how it ended."""

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from nbmlops import config
from nbmlops.canonical import new_id, now
from nbmlops.errors import RunNotFound, StoreError
from nbmlops.records import RunId, RunStatus
from nbmlops.store import open_store
from nbmlops.store.base import RunQuery
from nbmlops.store.probing import probe

log = logging.getLogger("nbmlops")

# Exit codes of DESIGN.md §7; the last three are those a shell gives for SIGINT, SIGKILL, and next.
CELL_FAILED, TIMEOUT, INTERRUPTED, OUT_OF_MEMORY, KERNEL_DIED = 1, 124, 130, 137, 138


@dataclass(frozen=True)
class Plan:
    """One headless execution, before it starts."""

    url: str
    experiment: str
    notebook: str | None = None
    name: str | None = None
    run_id: RunId = field(default_factory=lambda: RunId(new_id()))

    @classmethod
    def make(
        cls,
        notebook: str | None,
        *,
        store: str | None = None,
        experiment: str | None = None,
        name: str | None = None,
    ) -> "Plan":
        """Find out where an execution of a notebook is recorded.

        The project is the notebook's where that can be told, else the one of the working folder.

        Raises
        ------
        UnsupportedStore, NotAStore, StoreTooNew, StoreNotWritable
            The store cannot be recorded into.
        """
        path = Path(notebook).absolute() if notebook and "://" not in notebook else None
        project = (config.find_project(path.parent) if path else None) or config.project_folder()
        settings = config.load(project)
        url = config.as_url(store) if store else config.store_url(settings, project)
        probe(url)
        named = experiment or settings.experiment or (path.stem if path else None) or project.name
        return cls(url, named, str(path) if path else notebook, name)


@dataclass(frozen=True)
class Ending:
    """How an execution ended: ``exit_code`` 0 and no reason where it went well."""

    status: RunStatus = "finished"
    reason: str | None = None
    exit_code: int = 0


@contextlib.contextmanager
def failures_logged(what: str) -> Iterator[None]:
    """Log that something could not be recorded: it never decides how an execution ended."""
    try:
        yield
    except (StoreError, OSError) as problem:
        log.warning("%s: %s", what, problem)


@failures_logged("how the execution ended is not recorded")
def settle(plan: Plan, ending: Ending) -> None:
    """Give the run the status that its execution really had; log where the store cannot be used.

    The kernel records its own end; one that died could not, and reads ``interrupted`` until then.
    """
    store = open_store(plan.url)
    try:
        store.settle()
        with contextlib.suppress(RunNotFound, IndexError):
            run = store.runs(RunQuery(ids=(plan.run_id,), trashed=None))[0].run
            if (run.status, run.reason) != (ending.status, ending.reason):
                closed = run.closed or now()
                store.save([
                    replace(run, status=ending.status, reason=ending.reason, closed=closed)
                ])  # fmt: skip
    finally:
        store.close()
