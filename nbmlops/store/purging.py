"""Removing runs for good, with all that only they use.

All within a transaction of the caller's, in which nobody else saves: what nothing names any more is
asked for first and removed then (see `nbmlops.store.dialects.Dialect.begin_removing`).
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, func, select, union, update

from nbmlops.records import RunId, SessionId
from nbmlops.store import tables
from nbmlops.store.documents import column_digests
from nbmlops.store.rows import chunks

_PARTS = (
    tables.stretches, tables.params, tables.metrics, tables.points, tables.models,
    tables.artifacts, tables.tags, tables.outlines, tables.written,
)  # fmt: skip
_GIVEN_BY = (tables.metrics, tables.models, tables.artifacts)  # their rows name an execution


def purge(connection: Connection, run_ids: Sequence[RunId]) -> int:
    """Remove runs and what only they use, blobs left out; return how many executions went.

    Runs inside them that stay are inside none then. A session of which no run is left goes whole.
    """
    runs = tables.runs.c
    sessions = _scalars(connection, select(runs.session_id).distinct(), runs.id, run_ids)
    environments = _scalars(connection, select(runs.environment).distinct(), runs.id, run_ids)
    candidates = {session: _contained(connection, session, run_ids) for session in sessions}
    for part in chunks(list(run_ids)):
        for table in _PARTS:
            connection.execute(delete(table).where(table.c.run_id.in_(part)))
        inside = update(tables.runs).where(runs.parent_id.in_(part))
        connection.execute(inside.values(parent_id=None))
    for part in chunks(list(run_ids)):
        connection.execute(delete(tables.runs).where(runs.id.in_(part)))
    gone = [
        execution
        for session, numbers in candidates.items()
        for execution in _unused(connection, SessionId(session), numbers)
    ]
    _remove_executions(connection, gone)
    _remove_unnamed(connection, tables.environments, environments, select(runs.environment))
    _remove_empty_sessions(connection, sessions)
    return len(gone)


def _remove_empty_sessions(connection: Connection, sessions: Collection[str]) -> None:
    columns = tables.sessions.c
    still = (tables.executions.c.session_id, tables.runs.c.session_id)
    empty = [columns.id.not_in(select(named)) for named in still]
    for part in chunks(sorted(sessions)):
        ended = columns.id.in_(part) & columns.ended.is_not(None)
        connection.execute(delete(tables.sessions).where(ended, *empty))


def _scalars(
    connection: Connection, statement: Select[Any], column: Any, ids: Sequence[str]
) -> set[str]:
    found: set[str | None] = set()
    for part in chunks(list(ids)):
        found.update(connection.scalars(statement.where(column.in_(part))))
    return {value for value in found if value is not None}


def _contained(connection: Connection, session: str, run_ids: Sequence[RunId]) -> set[int]:
    """Return the numbers of the executions of a session that these runs contain."""
    stretches = tables.stretches.c
    bounds = select(stretches.run_id, stretches.first, stretches.last)
    wanted = set(run_ids)
    return {
        number
        for run_id, first, last in connection.execute(bounds.where(stretches.session_id == session))
        if run_id in wanted
        for number in range(first, last + 1)
    }


def _unused(connection: Connection, session: SessionId, numbers: Collection[int]) -> list[str]:
    """Return the executions of these numbers that no run of the session contains any more."""
    stretches, executions = tables.stretches.c, tables.executions.c
    ours = tables.runs.c.session_id == session
    this = tables.sessions.c.id == session
    has_ended = connection.scalar(select(tables.sessions.c.ended).where(this)) is not None
    is_whole = has_ended and not connection.scalar(select(func.count()).where(ours))
    bounds = select(stretches.first, stretches.last).where(stretches.session_id == session)
    kept = {
        number
        for first, last in connection.execute(bounds)
        for number in range(first, last + 1)
    }  # fmt: skip
    named = union(*(
        select(table.c.execution_id).join(tables.runs).where(ours) for table in _GIVEN_BY
    ))  # fmt: skip
    needed = set(connection.scalars(named))
    all_of_it = select(executions.id, executions.sequence).where(executions.session_id == session)
    return [
        execution_id
        for execution_id, number in connection.execute(all_of_it)
        if is_whole or (number in numbers and number not in kept and execution_id not in needed)
    ]


def _remove_executions(connection: Connection, ids: Sequence[str]) -> None:
    uses, files = tables.uses.c, tables.file_uses.c
    digests: set[str] = set()
    for of_execution, digest in (
        (uses.execution_id, uses.digest),
        (files.execution_id, files.digest),
    ):
        digests |= _scalars(connection, select(digest).distinct(), of_execution, ids)
    for part in chunks(list(ids)):
        for table in (tables.uses, tables.file_uses, tables.contents):
            connection.execute(delete(table).where(table.c.execution_id.in_(part)))
        connection.execute(delete(tables.executions).where(tables.executions.c.id.in_(part)))
    used = union(select(uses.digest), select(files.digest)).subquery()
    described = _columns_of(connection, digests)
    _remove_unnamed(connection, tables.values, digests, select(used.c.digest))
    if described:
        left = {
            column
            for document in connection.scalars(select(tables.values.c.document))
            for column in column_digests(document)
        }
        for part in chunks(sorted(described - left)):
            connection.execute(delete(tables.profiles).where(tables.profiles.c.digest.in_(part)))


def _columns_of(connection: Connection, digests: Collection[str]) -> set[str]:
    """Return the digests of the columns of values that have a profile."""
    values = tables.values.c
    documents = select(values.document).where(values.is_profiled)
    found: set[str] = set()
    for part in chunks(sorted(digests)):
        for document in connection.scalars(documents.where(values.digest.in_(part))):
            found |= column_digests(document)
    return found


def _remove_unnamed(
    connection: Connection, table: Table, digests: Collection[str], named: Select[Any]
) -> None:
    """Remove those rows of a table of content that nothing names any more."""
    for part in chunks(sorted(digests)):
        still = set(connection.scalars(named.where(named.selected_columns[0].in_(part)).distinct()))
        gone = [digest for digest in part if digest not in still]
        connection.execute(delete(table).where(table.c.digest.in_(gone)))
