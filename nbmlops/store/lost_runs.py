"""Runs of which only what belongs to them is left: made anew, known by their ids."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, func, insert, select, union

from nbmlops.canonical import now
from nbmlops.drawing.words import count
from nbmlops.store import tables
from nbmlops.store.rows import chunks

_SESSION = "salvaged"  # of runs whose own is not known any more
_REASON = "salvaged: what it was called and how it ended is lost"
_WORTH = (tables.params, tables.metrics, tables.models, tables.artifacts)


def make_lost_runs_anew(connection: Connection) -> Iterator[str]:
    """Make the runs that parameters, metrics, models or artifacts belong to and that are lost.

    Of their sessions, which stretches may name, they have the experiment, notebook and user.
    """
    runs = tables.runs
    named = union(*(select(table.c.run_id) for table in _WORTH)).subquery()
    lost = select(named.c.run_id).where(named.c.run_id.not_in(select(runs.c.id)))
    ids = sorted(connection.scalars(lost))
    for part in chunks(ids):
        sessions = _sessions_of(connection, part)
        if len(sessions) < len(part):
            _make_session(connection)
        seen = _last_seen(connection, part)
        made = [_run(run_id, sessions.get(run_id), seen.get(run_id)) for run_id in part]
        connection.execute(insert(runs), made)
    if ids:
        yield (
            f"made {count(len(ids), 'run')} anew of which only parts were left: names, notes and "
            "how they ended are lost"
        )


def _sessions_of(connection: Connection, ids: Any) -> dict[str, Any]:
    stretches, sessions = tables.stretches, tables.sessions
    joined = stretches.join(sessions, sessions.c.id == stretches.c.session_id)
    asked = select(stretches.c.run_id, sessions).select_from(joined)
    return {row.run_id: row for row in connection.execute(asked.where(stretches.c.run_id.in_(ids)))}


def _last_seen(connection: Connection, ids: Any) -> dict[str, float]:
    metrics = tables.metrics.c
    asked = select(metrics.run_id, func.max(metrics.last_time)).group_by(metrics.run_id)
    found = connection.execute(asked.where(metrics.run_id.in_(ids)))
    return {run_id: at for run_id, at in found}  # noqa: C416, rows are no pairs to mypy


def _make_session(connection: Connection) -> None:
    sessions = tables.sessions
    if connection.scalar(select(func.count()).where(sessions.c.id == _SESSION)):
        return
    at = now()
    connection.execute(insert(sessions), {
        "id": _SESSION, "started": at, "ended": at, "interrupted": True, "heartbeat": at,
        "place": "script", "experiment": "lost", "host": "", "pid": 0, "user": "", "python": "",
    })  # fmt: skip


def _run(run_id: str, session: Any, seen: float | None) -> dict[str, Any]:
    opened = session.started if session is not None else seen or now()
    return {
        "id": run_id, "session_id": session.id if session is not None else _SESSION,
        "experiment": session.experiment if session is not None else "lost",
        "notebook": session.notebook if session is not None else None,
        "user": session.user if session is not None else "",
        "status": "interrupted", "reason": _REASON, "automatic": False,
        "opened": opened, "closed": seen or opened,
    }  # fmt: skip
