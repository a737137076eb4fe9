"""One run over HTTP, and what is behind it."""

from typing import Any

from nbmlops.canonical import Json, jsonable
from nbmlops.errors import MetricNotFound, NothingThere
from nbmlops.records import ExecutionId, RunId, RunSummary
from nbmlops.restoring.restore import drafted
from nbmlops.server.asked import Asked
from nbmlops.server.notebooks import Shown, notebook
from nbmlops.store.base import RunQuery
from nbmlops.tracking.curves import curves
from nbmlops.tracking.data import data_json, files_json, run_data
from nbmlops.tracking.details import execution_json
from nbmlops.tracking.looking import compare, find, show, summaries_of
from nbmlops.tracking.slice_page import SlicePage
from nbmlops.tracking.why import why

_OWN_RESOURCES = ("executions", "data", "files", "environment")
_MOST_COMPARED = 50
_MOST_METRICS = 8


def run_id_of(asked: Asked) -> RunId:
    """Return the run that an address names."""
    return find(asked.store, asked.names[0], asked.project.settings)


def summary_of(asked: Asked) -> RunSummary:
    """Return the run that an address names, with its parts."""
    [found] = asked.store.runs(RunQuery(ids=(run_id_of(asked),), trashed=None))
    return found


def shown(asked: Asked) -> Json:
    """Return everything about a run."""
    document: Any = show(run_id_of(asked), store=asked.where).to_json()
    if asked.arguments.flag("brief", False):
        return {key: value for key, value in document.items() if key not in _OWN_RESOURCES}
    return document  # type: ignore[no-any-return]


def executions(asked: Asked) -> Json:
    """Return a page of the executions that a run contains."""
    limit = asked.arguments.limit
    after = asked.arguments.integer("after", 0)
    found = asked.store.executions(
        run_id_of(asked), with_outputs=False, after=after, limit=limit + 1
    )
    page = found[:limit]
    return {
        "executions": [
            {**execution_json(execution), "gave_result": link.gave_result}
            for execution, link in page
        ],
        "next": page[-1][0].sequence if len(found) > limit else None,
    }


def outputs(asked: Asked) -> Json:
    """Return what an execution showed."""
    run_id, execution_id = run_id_of(asked), ExecutionId(asked.names[1])
    try:
        execution = asked.store.execution(run_id, execution_id)
    except KeyError:
        raise NothingThere("execution in this run", execution_id) from None
    found = Shown(execution, asked.store.blobs)
    return {"outputs": found.outputs, "cut": [cut.to_json() for cut in found.cut]}


def as_notebook(asked: Asked) -> Json:
    """Return the notebook as it was run."""
    found = asked.store.executions(run_id_of(asked))
    return notebook([execution for execution, _ in found], asked.store.blobs)


def _slice(asked: Asked) -> SlicePage:
    arguments = asked.arguments
    cell = arguments.integer("cell", 0)
    return why(
        run_id_of(asked),
        arguments.optional("metric"),
        variable=arguments.optional("variable"),
        cell=cell or None,
        store=asked.where,
    )


def sliced(asked: Asked) -> Json:
    """Return which executions made a result."""
    return _slice(asked).to_json()


def restored(asked: Asked) -> Json:
    """Return the notebook that makes a result and nothing else; nothing is written."""
    answer, document = drafted(_slice(asked), store=asked.where)
    return {
        "target": answer.target,
        "executions": list(answer.executions),
        "parameters": {name: jsonable(value) for name, value in answer.parameters.items()},
        "missing": list(answer.missing),
        "files": list(answer.files),
        "cells": answer.cell_count,
        "lines": answer.line_count,
        "notes": [note.to_json() for note in answer.notes],
        "name": answer.path,
        "notebook": document,
    }


def data(asked: Asked) -> Json:
    """Return the data and files that a run's executions used."""
    found = asked.store.executions(run_id_of(asked), with_outputs=False)
    used = [execution for execution, _ in found]
    seen = run_data(asked.store, used)
    return {"data": data_json(seen.data), "files": files_json(seen.files, used)}


def environment(asked: Asked) -> Json:
    """Return where a run was made."""
    digest = summary_of(asked).run.environment
    if digest is None:
        return {"environment": None}
    return {"environment": asked.store.environment(digest).content}


# Several runs


def compared(asked: Asked) -> Json:
    """Return what differs between runs."""
    runs = asked.arguments.several("run", 2, _MOST_COMPARED)
    found = summaries_of(asked.store, runs, asked.project.settings)
    return compare(*(summary.run.id for summary in found), store=asked.where).to_json()


def series(asked: Asked) -> Json:
    """Return the measurements of a metric of a run that draw it."""
    buckets, name = _buckets(asked), asked.names[1]
    summary = summary_of(asked)
    found = curves(asked.store, [summary], [name], buckets)
    if not found:
        known = [metric.name for metric in summary.metrics]
        raise MetricNotFound(name, summary.run.id, known)
    return found[0]


def many_series(asked: Asked) -> Json:
    """Return the measurements of metrics in several runs."""
    names = asked.arguments.several("metric", 0, _MOST_METRICS)
    runs = asked.arguments.several("run", 1, _MOST_COMPARED)
    buckets = _buckets(asked)
    found = summaries_of(asked.store, runs, asked.project.settings)
    return {"series": curves(asked.store, found, names, buckets)}


def _buckets(asked: Asked) -> int:
    return asked.arguments.integer("buckets", 500, least=1, most=5_000)
