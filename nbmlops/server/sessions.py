"""What is being recorded now, over HTTP."""

from nbmlops.canonical import Json
from nbmlops.drawing.words import iso
from nbmlops.errors import NothingThere
from nbmlops.records import Execution, RunId, Session, SessionId, Stretch
from nbmlops.server.asked import Asked
from nbmlops.server.roots import inside
from nbmlops.store.base import RunQuery, SessionQuery
from nbmlops.tracking.details import execution_json
from nbmlops.tracking.status import status
from nbmlops.tracking.table import run_json


def listed(asked: Asked) -> Json:
    """Return a page of the sessions, the latest first."""
    arguments, limit = asked.arguments, asked.arguments.limit
    offset = arguments.integer("offset", 0, most=2**31)
    notebook = arguments.optional("notebook")
    query = SessionQuery(
        arguments.optional("kernel_id"),
        str(inside(asked.root, notebook)) if notebook else None,
        limit + 1,
        offset,
    )
    found = asked.store.sessions(query)
    return {
        "sessions": [_session_json(session) for session in found[:limit]],
        "next": offset + limit if len(found) > limit else None,
    }


def shown(asked: Asked) -> Json:
    """Return a session as it is now."""
    session_id = SessionId(asked.names[0])
    try:
        session = asked.store.session(session_id)
    except KeyError:
        raise NothingThere("session", session_id) from None
    after, limit = asked.arguments.integer("after", 0), asked.arguments.limit
    executions = asked.store.session_executions(
        session_id, with_outputs=False, after=after, limit=limit
    )
    results = asked.store.results(session_id)
    is_wanted = asked.arguments.flag("status", True)
    return {
        **_session_json(session),
        "run": _open_run(asked, session),
        "executions": [_execution(execution, results) for execution in executions],
        "next": _next(executions, after),
        "status": status(session_id, store=asked.where).to_json() if is_wanted else None,
    }


def _session_json(session: Session) -> dict[str, Json]:
    return {
        "id": session.id,
        "started": iso(session.started),
        "ended": iso(session.ended),
        "interrupted": session.interrupted,
        "recording": session.ended is None,
        "place": session.place,
        "experiment": session.experiment,
        "notebook": session.notebook,
        "kernel_id": session.kernel_id,
        "user": session.user,
        "host": session.host,
        "python": session.python,
    }


def _open_run(asked: Asked, session: Session) -> Json:
    query = RunQuery(session_id=session.id, status="running", limit=1)
    found = asked.store.runs(query)
    return run_json(found[0]) if found else None


def _execution(execution: Execution, results: list[Stretch]) -> dict[str, Json]:
    runs: list[RunId] = [
        stretch.run_id for stretch in results if stretch.first <= execution.sequence <= stretch.last
    ]
    return {**execution_json(execution), "gave_result": bool(runs), "runs": [*runs]}


def _next(executions: list[Execution], after: int) -> int:
    """Return behind which execution to go on: never behind one that is still running."""
    for execution in executions:
        if execution.outcome == "running":
            return execution.sequence - 1
    return executions[-1].sequence if executions else after
