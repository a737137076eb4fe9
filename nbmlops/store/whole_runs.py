"""What a store has of runs, in numbers and whole: what copying runs between stores goes by."""

from collections.abc import Sequence
from typing import Any, get_args

from sqlalchemy import Connection, FromClause, Select, func, select, union

from nbmlops.records import (
    Annotation,
    Artifact,
    Digest,
    Environment,
    Mark,
    MarkField,
    Metric,
    Model,
    Outline,
    Param,
    Points,
    Record,
    Run,
    RunId,
    SessionId,
    Stretch,
    Tag,
)
from nbmlops.store import tables
from nbmlops.store.base import RunTally, SessionTally
from nbmlops.store.rows import TABLES, chunks, from_rows

_MARKS = get_args(MarkField.__value__)
_PARTS = (Stretch, Param, Metric, Points, Model, Artifact, Tag, Outline)
_ROWS = func.count()
# Tags that were taken off count too: whoever has them yet has nothing more.
_TAGGED = union(
    select(tables.tags.c.run_id, ("tags." + tables.tags.c.name).label("field")),
    select(tables.written.c.run_id, tables.written.c.field).where(
        tables.written.c.field.startswith("tags.")
    ),
).subquery("tagged")
_COUNTED: tuple[tuple[FromClause, Any], ...] = (
    (tables.stretches, func.sum(tables.stretches.c.last - tables.stretches.c.first + 1)),
    (tables.params, _ROWS),
    (tables.metrics, func.sum(tables.metrics.c.count)),
    (tables.points, func.sum(tables.points.c.count)),
    (tables.models, func.count(tables.models.c.name) + func.count(tables.models.c.blob)),
    (tables.artifacts, _ROWS),
    (_TAGGED, _ROWS),
    (tables.outlines, _ROWS),
)


def run_tallies(connection: Connection, ids: Sequence[RunId] | None) -> dict[RunId, RunTally]:
    """Return the tallies of runs, of all where none are named."""
    found: dict[RunId, RunTally] = {}
    for part in [None] if ids is None else chunks(list(ids)):
        found |= _some_tallies(connection, part)
    return found


def _some_tallies(connection: Connection, ids: Sequence[RunId] | None) -> dict[RunId, RunTally]:
    runs, written = tables.runs.c, tables.written.c
    statement = select(
        runs.id, runs.session_id, runs.parent_id, runs.status, runs.environment, runs.trashed
    )
    rows = connection.execute(_of(statement, runs.id, ids).order_by(runs.opened, runs.id)).all()
    counts = [_counts(connection, table, counted, ids) for table, counted in _COUNTED]
    marks: dict[str, set[tuple[str, float, str]]] = {}
    by_run = select(written.run_id, written.field, written.at, written.by)
    for run_id, *mark in connection.execute(_of(by_run, written.run_id, ids)):
        marks.setdefault(run_id, set()).add((mark[0], mark[1], mark[2]))
    return {
        RunId(row.id): RunTally(
            row.session_id,
            row.parent_id,
            row.status,
            row.trashed is not None,
            (int(row.environment is not None), *(count.get(row.id, 0) for count in counts)),
            frozenset(marks.get(row.id, ())),
        )
        for row in rows
    }


def _counts(
    connection: Connection, table: FromClause, counted: Any, ids: Sequence[RunId] | None
) -> dict[str, int]:
    statement = select(table.c.run_id, counted).select_from(table).group_by(table.c.run_id)
    return {row[0]: int(row[1]) for row in connection.execute(_of(statement, table.c.run_id, ids))}


def _of(statement: Select[Any], column: Any, ids: Sequence[RunId] | None) -> Select[Any]:
    return statement if ids is None else statement.where(column.in_(ids))


def session_tallies(
    connection: Connection, ids: Sequence[SessionId]
) -> dict[SessionId, SessionTally]:
    """Return the tallies of those of these sessions that are there."""
    sessions, executions = tables.sessions.c, tables.executions.c
    uses, files, values = tables.uses.c, tables.file_uses.c, tables.values.c
    used = tables.executions.join(tables.uses, uses.execution_id == executions.id)
    read = tables.executions.join(tables.file_uses, files.execution_id == executions.id)
    counted: list[tuple[Any, Any]] = [
        (tables.executions, func.count(executions.duration_seconds) + func.count(executions.id)),
        (used, func.count(uses.digest)),
        (used.join(tables.values, (values.digest == uses.digest) & values.is_profiled), _ROWS),
        (read, func.count(files.digest)),
    ]
    found: dict[SessionId, SessionTally] = {}
    for part in chunks(list(ids)):
        numbers = []
        for source, number in counted:
            statement = select(executions.session_id, number).select_from(source)
            grouped = statement.where(executions.session_id.in_(part))
            rows = connection.execute(grouped.group_by(executions.session_id))
            numbers.append({row[0]: int(row[1]) for row in rows})
        ended = select(sessions.id, sessions.ended).where(sessions.id.in_(part))
        for session, end in connection.execute(ended):
            counts = tuple(number.get(session, 0) for number in numbers)
            found[SessionId(session)] = SessionTally(end, counts)
    return found


def whole_runs(connection: Connection, ids: Sequence[RunId]) -> list[Record]:
    """Return runs with all their parts, environments and what was written on them."""
    found: list[Record] = []
    for part in chunks(list(ids)):
        runs: dict[str, Run] = {
            run.id: run for run in _records(connection, Run, tables.runs.c.id, part)
        }
        digests = sorted({run.environment for run in runs.values() if run.environment})
        column = tables.environments.c.digest
        found += _records(connection, Environment, column, [Digest(digest) for digest in digests])
        found += runs.values()
        parts = [
            record
            for kind in _PARTS
            for record in _records(connection, kind, TABLES[kind].c.run_id, part)
        ]
        tags = {(tag.run_id, tag.name): tag.value for tag in parts if isinstance(tag, Tag)}
        found += parts
        written = tables.written.c
        for row in connection.execute(select(tables.written).where(written.run_id.in_(part))):
            run = runs[row.run_id]
            value = tags.get((run.id, row.field.removeprefix("tags.")))
            if row.field in _MARKS:
                is_on = getattr(run, row.field) is not None
                found.append(Mark(run.id, row.field, is_on, row.at, row.by))
            elif not row.field.startswith("tags."):
                value = getattr(run, row.field)
            if row.field not in _MARKS:
                found.append(Annotation(run.id, row.field, value, row.at, row.by))
    return found


def _records[R: Record](
    connection: Connection, kind: type[R], column: Any, ids: Sequence[str]
) -> list[R]:
    statement = select(TABLES[kind]).where(column.in_(ids))
    return from_rows(kind, connection.execute(statement))
