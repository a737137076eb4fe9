"""In which order a run's executions ran, and which parameters they did not need.

Found when the run is shown; in words and as JSON.
"""

import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from nbmlops.canonical import Json
from nbmlops.capture.file_threads import OWN_THREADS
from nbmlops.cells.order import Finding, RunOrder, order_of
from nbmlops.cells.shown_cells import Columns, Digests
from nbmlops.cells.slices import slice_of
from nbmlops.cells.ties import Ties, tied
from nbmlops.drawing.words import first_of, shortened
from nbmlops.fingerprint_records import fingerprint_of
from nbmlops.records import (
    Digest,
    Execution,
    ExecutionId,
    RunDetail,
    RunSummary,
    Session,
    Use,
    UseRole,
)
from nbmlops.store.base import Store
from nbmlops.tracking.notebook_file import NotebookFile, notebook_file
from nbmlops.tracking.recorded_session import RecordedSession
from nbmlops.tracking.targets import prompt_of

_MOST_FINDINGS, _MOST_NAMES, _MOST_CELLS = 3, 4, 6
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Behind:
    """What is behind a run: the order of its executions, and parameters that none of them read."""

    order: RunOrder | None = None
    unused: tuple[str, ...] = ()


def behind(store: Store, run: RunDetail, uses: Sequence[Use]) -> Behind:
    """Return what is behind a run, whose executions ``uses`` are of; nothing where none is.

    The notebook is taken as it was when the run was closed; of one that is open, as it is now.
    """
    summary = run.summary
    recorded = RecordedSession(store, summary.run.session_id, summary, run)
    target = recorded.target()
    found = slice_of(recorded.executions, target.executions, target.words, recorded.files)
    if not found.steps:
        return Behind()
    file = _notebook_of(store, summary, run.session)
    ties: Ties | None = None
    if file is not None and file.problem is None:
        ties = tied(file.cells, recorded.until_next_run, saved=file.saved)
    digests = digests_in([*uses, *store.uses([each.id for each in recorded.others])])
    order = order_of(
        found,
        recorded.executions,
        ties=ties,
        digests=digests,
        columns=columns_of(store, recorded.executions, digests),
        files=recorded.files,
    )
    return Behind(order, recorded.unused(found, target))


def digests_in(uses: Iterable[Use]) -> dict[ExecutionId, Digests]:
    """Return by execution the digests of what it read and wrote, as far as they are known."""
    found: dict[ExecutionId, dict[tuple[str, UseRole], Digest]] = {}
    for use in uses:
        if use.digest is not None:
            found.setdefault(use.execution_id, {})[use.name, use.role] = use.digest
    return {**found}


def columns_of(
    store: Store, executions: Iterable[Execution], digests: Mapping[ExecutionId, Digests]
) -> Columns:
    """Return the digests of the columns of tables of which an execution changed some."""
    written = {
        digest
        for execution in executions
        for items in execution.names.items_changed
        if (digest := digests.get(execution.id, {}).get((items.name, "written"))) is not None
    }
    return {
        digest: {part.name: part.digest for part in fingerprint_of(value).columns}
        for digest, value in store.values([*written]).items()
    }


def _notebook_of(store: Store, summary: RunSummary, session: Session | None) -> NotebookFile | None:
    outline = store.outline(summary.run.id)
    if outline is not None:
        return NotebookFile(outline.path, outline.saved, outline.cells, outline.problem)
    if session is None or session.ended is not None:
        return None
    return notebook_of(session)  # where the run has just been closed, its outline is to come


def notebook_of(session: Session) -> NotebookFile | None:
    """Return the notebook of a session as it is saved now; None where there is none to read."""
    path = session.notebook
    if path is None or not path.endswith(".ipynb") or session.place == "headless":
        return None
    if not is_of_this_host(session):
        return NotebookFile(path, problem=f"is on {session.host}")
    # In a thread of our own: it is no data of the cell that asks.
    with ThreadPoolExecutor(1, OWN_THREADS) as ours:
        return ours.submit(notebook_file, path).result()


def is_of_this_host(session: Session) -> bool:
    """Tell whether the files that a session used are those that are here."""
    return session.host == socket.gethostname()


def order_words(order: RunOrder) -> str:
    """Say in a line how the executions ran."""
    if order.is_linear:
        return "linear, top to bottom" if order.knows_places else "linear, each cell once"
    said = [_words(finding) for finding in order.findings if not finding.is_harmless]
    if not said:
        harmless = [_words(finding) for finding in order.findings]
        return f"not linear, but the same top to bottom: {first_of(harmless, _MOST_FINDINGS, '; ')}"
    return f"not reproducible top to bottom: {first_of(said, _MOST_FINDINGS, '; ')}"


def order_json(order: RunOrder | None) -> Json:
    """Return an order as plain JSON."""
    if order is None:
        return None
    return {
        "linear": order.is_linear,
        "reproducible": order.is_reproducible,
        "knows_places": order.knows_places,
        "findings": [
            {
                "kind": finding.kind,
                "executions": [execution.sequence for execution in finding.executions],
                "cells": [execution.cell_id for execution in finding.executions],
                "names": list(finding.names),
                "harmless": finding.is_harmless,
            }
            for finding in order.findings
        ],
        "text": order_words(order),
    }


def _words(finding: Finding) -> str:
    """Say in a clause what was not linear."""
    prompts = [prompt_of(execution) for execution in finding.executions]
    names = ", ".join(_names(finding))
    first, last = prompts[0], prompts[-1]
    match finding.kind:
        case "out_of_order":
            needed = f" ({names})" if names else ""
            return f"{first} stands above {last} and ran after it{needed}"
        case "repeated":
            cells = first_of(prompts, _MOST_CELLS)
            return f"{cells} are one cell, and each time counts for {names}"
        case "deleted":
            return f"the cell of {first}, which made {names}, is deleted"
        case "edited":
            return f"{names} is as {first} made it, before its cell was edited and ran as {last}"
        case "stale":
            return f"{first} used {names} before {last} wrote it again"
        case "failed":
            return f"{first} failed half-way, and its {names} is used"
        case "missing":
            return f"{names}, which {first} used, was not recorded"


def _names(finding: Finding) -> Iterator[str]:
    for name in finding.names[:_MOST_NAMES]:
        yield f"`{shortened(name, _LONGEST_NAME)}`"
    if len(finding.names) > _MOST_NAMES:
        yield f"{len(finding.names) - _MOST_NAMES} more"
