"""Selecting from an SQLite store: on a connection of its own that can only read.

SQLite itself sees to it: the file is opened read-only, and an authorizer refuses whatever else a
statement would do.
"""

import contextlib
import json
import math
import sqlite3
import time
from pathlib import Path

from nbmlops.errors import SelectFailed, SelectTooSlow
from nbmlops.records import Points, RunId
from nbmlops.store import search_text
from nbmlops.store.base import Selected
from nbmlops.store.packed_points import unpacked
from nbmlops.store.probing import is_writable
from nbmlops.store.reading_sqlite import configure_to_read, uri_to_read, way_to_read
from nbmlops.store.search_views import VIEWS, Wording, views

_WORDING = Wording(
    base="main",
    params="SELECT *, CASE type WHEN 'str' THEN json_extract(json, '$') "
    "ELSE nbmlops_text(type, json) END AS value FROM {base}.params",
    points="SELECT p.run_id, p.name, json_extract(j.value, '$[0]') AS step, "
    "json_extract(j.value, '$[1]') AS time, json_extract(j.value, '$[2]') AS value "
    "FROM {base}.points p, json_each(nbmlops_points(p.count, p.data)) j",
)
_ALLOWED = frozenset(
    (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
)
_MOST_BYTES = 100_000_000  # of one value, and of a whole answer
_STEPS_BETWEEN_LOOKS = 10_000  # of SQLite's machine, at the clock; well below a millisecond


def selected(
    path: Path,
    statement: str,
    *,
    limit: int,
    timeout_seconds: float,
    now: float,
    dead: str,
    has_room: bool = True,
) -> Selected:
    """Return what a SELECT finds; ``dead`` is SQL for the sessions that are dead unsaid.

    ``has_room`` tells whether the file's log can have an index.

    Raises
    ------
    SelectFailed
        The statement is none, does something else than read, or fails.
    SelectTooSlow
        It took longer than the time it was given.
    """
    with contextlib.closing(_connected(path, has_room=has_room)) as connection:
        try:
            for view, body in views(_WORDING, now, dead):
                connection.execute(f"CREATE TEMP VIEW {view} AS {body}")
            connection.execute("PRAGMA query_only = ON")
            connection.set_authorizer(_authorized)
            deadline = time.monotonic() + timeout_seconds
            connection.set_progress_handler(
                lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS
            )
            cursor = connection.execute(statement)
            rows = _rows(cursor, limit + 1)
        except (sqlite3.Error, sqlite3.Warning, UnicodeError) as problem:
            if "interrupted" in str(problem):
                raise SelectTooSlow(timeout_seconds) from None
            raise SelectFailed(str(problem), [*VIEWS]) from None
        if cursor.description is None:
            raise SelectFailed("there is no SELECT in it", [*VIEWS])
        columns = tuple(column[0] for column in cursor.description)
        return Selected(columns, tuple(rows[:limit]), is_cut=len(rows) > limit)


def _connected(path: Path, *, has_room: bool) -> sqlite3.Connection:
    way = way_to_read(path, has_room=has_room)
    if has_room and is_writable(path):
        way = "shared"  # somebody may begin to write
    connection = sqlite3.connect(uri_to_read(path, way), uri=True)
    configure_to_read(connection, way)
    search_text.register(connection)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES)
    connection.create_function("nbmlops_points", 2, _points, deterministic=True)
    return connection


def _rows(cursor: sqlite3.Cursor, most: int) -> list[tuple[object, ...]]:
    """Return the first rows; raises where they come to more than a process should hold."""
    rows: list[tuple[object, ...]] = []
    size = 0
    while len(rows) < most and (row := cursor.fetchone()) is not None:
        size += sum(len(value) for value in row if isinstance(value, str | bytes))
        if size > _MOST_BYTES:
            raise sqlite3.DataError(f"the answer has more than {_MOST_BYTES:,} bytes")
        rows.append(row)
    return rows


def _authorized(action: int, _table: str | None, function: str | None, *_: object) -> int:
    if action == sqlite3.SQLITE_FUNCTION and function == "load_extension":
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


def _points(count: int, data: bytes) -> str:
    """Return packed measurements as JSON lists of step, time and value."""
    rows = [
        (point.step, point.time, point.value if math.isfinite(point.value) else None)
        for point in Points(RunId(""), "", 0, count, unpacked(count, data))
    ]
    return json.dumps(rows)
