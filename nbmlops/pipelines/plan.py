"""What a headless execution records: where, as which run; and how it ended."""

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nbmlops import config
from nbmlops.canonical import new_id, now
from nbmlops.errors import RunNotFound, StoreError, StoreMissing, StoreUnavailable
from nbmlops.pipelines.output_notebook import OutputNotebook
from nbmlops.records import RunId, RunStatus
from nbmlops.redaction.placeholders import could_be
from nbmlops.redaction.redactor import Redactor
from nbmlops.store import open_store
from nbmlops.store.base import RunQuery
from nbmlops.store.places import is_on_server, path_of
from nbmlops.store.probing import probe

log = logging.getLogger("nbmlops")

# Exit codes of DESIGN.md §7; the last three are those a shell gives for SIGINT, SIGKILL, and next.
CELL_FAILED, TIMEOUT, INTERRUPTED, OUT_OF_MEMORY, KERNEL_DIED = 1, 124, 130, 137, 138


@dataclass(frozen=True)
class Plan:
    """One headless execution, before it starts.

    ``metrics`` are variables that become metrics whatever they are called. Where it is
    ``thorough``, no cell begins before what the one before it wrote has been looked at.
    """

    url: str
    experiment: str
    notebook: str | None = None
    name: str | None = None
    allow_secrets: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    thorough: bool = False
    run_id: RunId = field(default_factory=lambda: RunId(new_id()))

    @classmethod
    def make(
        cls,
        notebook: str | None,
        *,
        store: str | None = None,
        experiment: str | None = None,
        name: str | None = None,
        metrics: tuple[str, ...] = (),
        thorough: bool = False,
    ) -> "Plan":
        """Find out where an execution of a notebook is recorded.

        The project is the notebook's where that can be told, else the one of the working folder.

        Raises
        ------
        UnsupportedStore, NotAStore, StoreTooNew, StoreNotUpgraded, StoreNotWritable
            The store cannot be recorded into.
        """
        path = Path(notebook).absolute() if notebook and "://" not in notebook else None
        project = (config.find_project(path.parent) if path else None) or config.project_folder()
        settings = config.load(project)
        url = config.as_url(store) if store else config.store_url(settings, project)
        probe(url)
        _open_once(url)
        named = experiment or settings.experiment or (path.stem if path else None) or project.name
        shown = str(path) if path else notebook
        return cls(url, named, shown, name, settings.allow_secrets, metrics, thorough)

    def output_notebook(
        self, source: str | None, output: str | None, notebook: Any
    ) -> OutputNotebook:
        """Return what takes the secrets out of the executed notebook where it is written."""
        given = notebook.metadata.get("papermill", {}).get("parameters") or {}
        paths = {Path(path).resolve() for path in (source, output) if path is not None}
        is_in_place = source is not None and output is not None and len(paths) == 1
        return OutputNotebook(self.allow_secrets, dict(given), keeps_code=is_in_place)


def _open_once(url: str) -> None:
    """Raise what only opening tells against a store that is there: nothing would be recorded.

    One that is in use now is recorded into when it is free, and a server when it answers.
    """
    if is_on_server(url) or not path_of(url).exists():
        return
    with contextlib.suppress(StoreMissing, StoreUnavailable):
        open_store(url, makes=False).close()


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
            if run.status != ending.status or not _is_said(run.reason, ending.reason):
                closed = run.closed or now()
                reason = Redactor()(ending.reason) if ending.reason else None
                store.save([
                    replace(run, status=ending.status, reason=reason, closed=closed)
                ])  # fmt: skip
    finally:
        store.close()


def _is_said(reason: str | None, in_full: str | None) -> bool:
    """Tell whether a run has its reason, perhaps without the secrets in it."""
    return reason == in_full or bool(reason and in_full and could_be(reason, in_full))
