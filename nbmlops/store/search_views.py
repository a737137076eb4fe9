"""Selecting from a store in SQL: the views there are, and a connection that can only read.

The views are the documented face of the tables: they keep their columns when tables change, and
leave out runs in the trash. Nothing but SELECT gets through, which SQLite itself sees to: the file
is opened read-only, and an authorizer refuses whatever else a statement would do.
"""

import contextlib
import json
import math
import sqlite3
import time
from collections.abc import Iterator

from nbmlops.errors import SelectFailed, SelectTooSlow
from nbmlops.records import Points, RunId
from nbmlops.store import search_text
from nbmlops.store.base import Selected
from nbmlops.store.probing import is_writable, path_of

VIEWS: dict[str, str] = {
    "runs": "id name experiment status opened closed duration notebook user hypothesis verdict "
    "note reason parent_id session_id automatic environment",
    "params": "run_id name type value number source",
    "metrics": "run_id name last minimum maximum count last_step last_time source",
    "points": "run_id name step time value",
    "tags": "run_id name value",
    "models": "run_id name class_name",
    "executions": "run_id gave_result id session_id sequence cell_id tags source started "
    "duration_seconds cpu_seconds memory_growth_bytes outcome failure_type failure_message",
    "data": "run_id execution_id role name digest kind class_name row_count column_count "
    "size_bytes",
}

_RUNS = """
SELECT *, CASE WHEN closed IS NOT NULL THEN closed - opened
               WHEN status = 'running' THEN {now} - opened END AS duration
FROM (SELECT id, name, experiment, CASE WHEN status = 'running' AND session_id IN ({dead})
                                   THEN 'interrupted' ELSE status END AS status,
             opened, closed, notebook, user, hypothesis, verdict, note, reason, parent_id,
             session_id, automatic, environment FROM main.runs WHERE trashed IS NULL)
"""
_KEPT = "run_id NOT IN (SELECT id FROM main.runs WHERE trashed IS NOT NULL)"
_CONTAINED = """
(SELECT s.run_id, e.*, EXISTS (
    SELECT 1 FROM main.stretches g
    WHERE g.run_id = s.run_id AND g.gave_result AND e.sequence BETWEEN g.first AND g.last
 ) AS gave_result
 FROM main.stretches s JOIN main.runs r ON r.id = s.run_id
 JOIN main.executions e ON e.session_id = r.session_id AND e.sequence BETWEEN s.first AND s.last
 WHERE NOT s.gave_result)
"""
_FROM = {
    "params": "(SELECT *, CASE type WHEN 'str' THEN json_extract(json, '$') "
    "ELSE nbmlops_text(type, json) END AS value FROM main.params)",
    "metrics": "main.metrics",
    "points": "(SELECT p.run_id, p.name, json_extract(j.value, '$[0]') AS step, "
    "json_extract(j.value, '$[1]') AS time, json_extract(j.value, '$[2]') AS value "
    "FROM main.points p, json_each(nbmlops_points(p.count, p.data)) j)",
    "tags": "main.tags",
    "models": "main.models",
    "executions": _CONTAINED,
    "data": f"(SELECT run_id, id AS execution_id FROM {_CONTAINED}) JOIN "  # noqa: S608
    "(SELECT execution_id, role, name, digest FROM main.uses UNION ALL "
    "SELECT execution_id, role, path, digest FROM main.file_uses) USING (execution_id) "
    'JOIN main."values" USING (digest)',
}
_ALLOWED = frozenset(
    (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
)
_STEPS_BETWEEN_LOOKS = 10_000  # of SQLite's machine, at the clock; well below a millisecond


def selected(
    url: str, statement: str, *, limit: int, timeout_seconds: float, now: float, dead: str
) -> Selected:
    """Return what a SELECT finds; ``dead`` is SQL for the sessions that are dead unsaid.

    Raises
    ------
    SelectFailed
        The statement is none, does something else than read, or fails.
    SelectTooSlow
        It took longer than the time it was given.
    """
    with contextlib.closing(_connected(url)) as connection:
        try:
            for view, body in _views(now, dead):
                connection.execute(f"CREATE TEMP VIEW {view} AS {body}")
            connection.execute("PRAGMA query_only = ON")
            connection.set_authorizer(_authorized)
            deadline = time.monotonic() + timeout_seconds
            connection.set_progress_handler(
                lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS
            )
            cursor = connection.execute(statement)
            rows = cursor.fetchmany(limit + 1)
        except (sqlite3.Error, sqlite3.Warning, UnicodeError) as problem:
            if "interrupted" in str(problem):
                raise SelectTooSlow(timeout_seconds) from None
            raise SelectFailed(str(problem), [*VIEWS]) from None
        if cursor.description is None:
            raise SelectFailed("there is no SELECT in it", [*VIEWS])
        columns = tuple(column[0] for column in cursor.description)
        return Selected(columns, tuple(rows[:limit]), is_cut=len(rows) > limit)


def _connected(url: str) -> sqlite3.Connection:
    path = path_of(url)
    has_log = path.with_name(path.name + "-wal").exists()
    alone = "" if has_log or is_writable(path) else "&immutable=1"
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro{alone}", uri=True)
    search_text.register(connection)
    connection.create_function("nbmlops_points", 2, _points, deterministic=True)
    return connection


def _views(now: float, dead: str) -> Iterator[tuple[str, str]]:
    runs = f"({_RUNS.format(now=now, dead=dead)})"
    for view, columns in VIEWS.items():
        named = ", ".join(columns.split())
        source = runs if view == "runs" else f"{_FROM[view]} WHERE {_KEPT}"
        yield view, f"SELECT {named} FROM {source}"  # noqa: S608


def _authorized(action: int, _table: str | None, function: str | None, *_: object) -> int:
    if action == sqlite3.SQLITE_FUNCTION and function == "load_extension":
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


def _points(count: int, data: bytes) -> str:
    """Return packed measurements as JSON lists of step, time and value."""
    rows = [
        (point.step, point.time, point.value if math.isfinite(point.value) else None)
        for point in Points(RunId(""), "", 0, count, data)
    ]
    return json.dumps(rows)
