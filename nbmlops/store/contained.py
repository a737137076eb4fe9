"""Which executions runs contain: written as stretches, asked for one by one.

A result at the end of a long chain contains the whole chain, and so does the next one. A row for
each would make a session's store grow with the square of its executions; a stretch of executions
that follow each other is one row. The table keeps a run's stretches apart: none overlaps or
continues another. Those with ``gave_result`` lie within those without.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Subquery,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    tuple_,
)

from nbmlops.records import RunId, Stretch, joined
from nbmlops.store import tables
from nbmlops.store.rows import chunks, plain_row

_COLUMNS = tables.stretches.c


def save_stretches(connection: Connection, records: Sequence[Stretch]) -> None:
    """Add stretches to those that are there, of which only the ones beside them are read.

    The runs are held meanwhile, where a database would let another transaction add to them too.
    """
    runs = tables.runs.c
    sessions: dict[RunId, str] = {}
    for ids in chunks(sorted({record.run_id for record in records})):
        held = select(runs.id, runs.session_id).where(runs.id.in_(ids)).order_by(runs.id)
        found = connection.execute(held.with_for_update(key_share=True))
        sessions |= {row.id: row.session_id for row in found}
    before = _near(connection, records)
    after = {key: [*bounds] for key, bounds in before.items()}
    for record in records:
        after.setdefault((record.run_id, False), []).append((record.first, record.last))
        if record.gave_result:
            after.setdefault((record.run_id, True), []).append((record.first, record.last))
    gone, new = [], []
    for (run_id, gave_result), bounds in after.items():
        old, now = set(before.get((run_id, gave_result), ())), set(joined(bounds))
        gone += [(run_id, gave_result, first) for first, _ in old - now]
        session = {"session_id": sessions.get(run_id)}  # a run that is not there the database tells
        new += [
            plain_row(Stretch(run_id, *each, gave_result)) | session for each in sorted(now - old)
        ]
    for part in chunks(gone, 100):
        key = tuple_(_COLUMNS.run_id, _COLUMNS.gave_result, _COLUMNS.first)
        connection.execute(delete(tables.stretches).where(key.in_(part)))
    if new:
        connection.execute(insert(tables.stretches), new)


def contained() -> Subquery:
    """Select run_id and execution_id, once each, of all that runs contain."""
    executions = tables.executions
    is_within = and_(executions.c.session_id == _COLUMNS.session_id, _has_sequence())
    return (
        select(_COLUMNS.run_id, executions.c.id.label("execution_id"))
        .select_from(tables.stretches.join(executions, is_within))
        .where(~_COLUMNS.gave_result)
        .subquery("contained")
    )


def runs_with(executions: Select[Any]) -> Select[Any]:
    """Select run_id of all runs that contain one of some executions, as often as they do."""
    inside = contained()
    return select(inside.c.run_id).where(inside.c.execution_id.in_(executions))


def runs_around(places: Select[Any]) -> Select[Any]:
    """Select run_id of all runs that contain one of some executions, some of them repeatedly.

    ``places`` selects these by session_id and sequence, each once. Only the stretches are looked at
    that lie where a session has such. Those that reach to the first or the last of these contain
    it, and all do where these follow one another; only of others it is looked whether they have one
    within: pairs of runs and executions, which can be many millions, are never made.
    """
    found = places.cte().prefix_with("MATERIALIZED")  # once, though asked in two places
    sessions = _extents(found).cte().prefix_with("MATERIALIZED")
    this = found.alias()
    is_there = exists().where(
        this.c.session_id == _COLUMNS.session_id,
        this.c.sequence.between(_COLUMNS.first, _COLUMNS.last),
    )
    return _around(sessions, is_there.correlate(tables.stretches))


def runs_around_on_server(places: Select[Any]) -> Select[Any]:
    """Select the same for PostgreSQL, which has no index on what it found, but lists of numbers."""
    found = places.subquery()
    numbers = func.array_agg(found.c.sequence).label("numbers")
    sessions = _extents(found).add_columns(numbers).cte().prefix_with("MATERIALIZED")
    number = func.unnest(sessions.c.numbers).table_valued("number").render_derived()
    is_there = exists(
        select(1)
        .select_from(number)
        .where(number.c.number.between(_COLUMNS.first, _COLUMNS.last))
        .correlate(sessions, tables.stretches)
    )
    return _around(sessions, is_there)


def _extents(found: FromClause) -> Select[Any]:
    """Select the first and last execution found in each session, and if all between are found."""
    first, last = func.min(found.c.sequence), func.max(found.c.sequence)
    is_one_stretch = func.count() == last - first + 1
    return select(
        found.c.session_id,
        first.label("first"),
        last.label("last"),
        is_one_stretch.label("is_one"),
    ).group_by(found.c.session_id)


def _around(sessions: FromClause, is_there: ColumnElement[bool]) -> Select[Any]:
    return select(_COLUMNS.run_id).where(
        ~_COLUMNS.gave_result,
        _COLUMNS.session_id == sessions.c.session_id,
        _COLUMNS.first <= sessions.c.last,
        _COLUMNS.last >= sessions.c.first,
        or_(
            sessions.c.is_one,
            _COLUMNS.first <= sessions.c.first,
            _COLUMNS.last >= sessions.c.last,
            is_there,
        ),
    )


def contains_any(run_id: ColumnElement[str], places: Select[Any]) -> ColumnElement[bool]:
    """Return whether a run, of a row with its row of `tables.runs`, contains any of some.

    ``places`` selects these by session_id and sequence. OFFSET has SQLite find these once, and keep
    them by their sessions, for all runs.
    """
    found = places.offset(0).subquery()
    within = exists().where(
        _COLUMNS.run_id == run_id,
        ~_COLUMNS.gave_result,
        found.c.session_id == tables.runs.c.session_id,
        found.c.sequence.between(_COLUMNS.first, _COLUMNS.last),
    )
    return within.correlate_except(tables.stretches, found)


def numbers_with_results(connection: Connection, run_id: RunId) -> set[int]:
    """Return the numbers, in their session, of the executions that gave a run its results."""
    bounds = select(_COLUMNS.first, _COLUMNS.last).where(
        _COLUMNS.run_id == run_id, _COLUMNS.gave_result
    )
    found = connection.execute(bounds).all()
    return {number for first, last in found for number in range(first, last + 1)}


def is_contained(run_id: RunId) -> ColumnElement[bool]:
    """Return whether a run contains an execution of `tables.executions`."""
    session = select(tables.runs.c.session_id).where(tables.runs.c.id == run_id).scalar_subquery()
    within = exists().where(_COLUMNS.run_id == run_id, ~_COLUMNS.gave_result, _has_sequence())
    return and_(tables.executions.c.session_id == session, within)


def _has_sequence() -> ColumnElement[bool]:
    return tables.executions.c.sequence.between(_COLUMNS.first, _COLUMNS.last)


def _near(
    connection: Connection, records: Sequence[Stretch]
) -> dict[tuple[RunId, bool], list[tuple[int, int]]]:
    """Return the stretches that are there and overlap or continue new ones, or are continued."""
    new: dict[RunId, list[tuple[int, int]]] = {}
    for record in records:
        new.setdefault(record.run_id, []).append((record.first, record.last))
    beside = [
        and_(_COLUMNS.run_id == run_id, _COLUMNS.first <= last + 1, _COLUMNS.last >= first - 1)
        for run_id, bounds in new.items()
        for first, last in joined(bounds)
    ]
    found: dict[tuple[RunId, bool], set[tuple[int, int]]] = {}
    for part in chunks(beside, 100):
        for row in connection.execute(select(tables.stretches).where(or_(*part))):
            found.setdefault((row.run_id, row.gave_result), set()).add((row.first, row.last))
    return {key: sorted(bounds) for key, bounds in found.items()}
