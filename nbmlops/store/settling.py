"""What dead processes left: delivered, and their sessions and runs marked interrupted."""

import socket
from collections.abc import Container, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, case, exists, func, select, true, update
from sqlalchemy.exc import SQLAlchemyError

from nbmlops.canonical import now
from nbmlops.errors import StoreNotWritable
from nbmlops.records import Annotation, Mark, Record, Session, SessionId
from nbmlops.store import fault_log, live, live_folder, tables
from nbmlops.store.dialects import insert
from nbmlops.store.live_head import Loss
from nbmlops.store.places import home_of
from nbmlops.store.rows import TABLES

if TYPE_CHECKING:
    from nbmlops.store.connected import Connected
    from nbmlops.store.sql import SqlStore

# Heartbeats come every 15 s; a session on another host that missed several is taken for dead.
SILENCE_SECONDS = 60.0


def settle(store: "SqlStore") -> list[SessionId]:
    """Deliver and mark what dead processes left; see `nbmlops.store.base.Store.settle`."""
    folder = live_folder(store.url)
    left: dict[SessionId, Loss | None] = {}
    for path in live.live_files(folder):
        session_id = live.session_of(path)
        with live.leftovers(path) as found:
            if found is None:
                continue
            if found.records:
                _deliver(store, session_id, found.records)
            if found.loss:
                _tell_loss(store, session_id, found.loss)
            left[session_id] = found.loss
    dead = [
        session
        for session in store.select_records(Session, select(tables.sessions).where(_is_open()))
        if _has_died(store, session, left)
    ]
    return [session.id for session in dead if _bury(store, session, left.get(session.id))]


def _deliver(store: "SqlStore", session_id: SessionId, records: list[Record]) -> None:
    """Save what a dead process left; where a part was torn away, what can be saved of it."""
    try:
        store.save(records)
        return
    except SQLAlchemyError:  # a record refers to one that is lost
        pass
    kinds = [*TABLES, Annotation, Mark]
    lost = Loss(reason="what they belong to is lost")
    for record in sorted(records, key=lambda record: kinds.index(type(record))):
        try:
            store.save([record])
        except SQLAlchemyError:
            lost += Loss.of(record)
    if lost:
        _tell_loss(store, session_id, lost)


def _has_died(store: "SqlStore", session: Session, left: Container[SessionId]) -> bool:
    """Tell whether the process of an open session is gone; ``left`` are those that left files.

    One that has a file still has died in this moment, or another reader is delivering what is
    in it: its end may be told only after that, or what it left would be as if it went on.

    In a shared store one that left none may be another user's of this machine, or of another
    container with its name.
    """
    if store.dialect.is_shared:
        return session.id in left
    is_here = session.host == socket.gethostname()
    return is_here and not live.has_file(live_folder(store.url), session.id)


def dead_elsewhere(store: "Connected") -> Select[Any]:
    """Select open sessions of other hosts that were silent too long; they may yet wake.

    Where nothing can be written now, a disk is full, say, also those of this one that ended.
    """
    columns = tables.sessions.c
    condition = columns.heartbeat < now() - SILENCE_SECONDS
    if store.dialect.is_shared:
        living = live.living(live_folder(store.url))
        condition &= columns.id.not_in(living) if living else true()
    elif store.is_writable:
        here = socket.gethostname()
        condition &= columns.host != here
        if not store.is_settled:
            living = live.living(live_folder(store.url))
            condition |= (columns.host == here) & columns.id.not_in(living or [""])
    return select(columns.id).where(_is_open(), condition)


def _tell_loss(store: "SqlStore", session_id: SessionId, loss: Loss) -> None:
    """Write down what a session took with it; where that finds no room it is tried again."""
    try:
        fault_log.note(home_of(store.url), f"lost, session {session_id}", loss.told)
    except OSError as problem:
        raise StoreNotWritable(store.url, str(problem)) from problem


def _bury(store: "SqlStore", session: Session, loss: Loss | None) -> bool:
    """Mark a dead session and what it left open; return whether it was open till now."""
    executions, runs, sessions = tables.executions, tables.runs, tables.sessions
    ours = executions.c.session_id == session.id
    with store.writing() as connection:
        last = connection.execute(
            select(executions).where(ours).order_by(executions.c.sequence.desc()).limit(1)
        ).mappings()
        row = last.first()
        signs = [
            session.heartbeat,
            *(_times(row) if row else ()),
            _last_measured(connection, session),
        ]
        ended = max(signs)
        reason = f"its process ended during execution [{row['sequence']}]" if row else None
        if row and row["outcome"] != "running":
            reason = f"its process ended after execution [{row['sequence']}]"
        if loss:
            reason = f"{reason or 'its process ended'}; {loss.told}"
        this = (sessions.c.id == session.id) & _is_open()
        buried = connection.execute(
            update(sessions).where(this).values(ended=ended, interrupted=True)
        )
        if not buried.rowcount:  # another reader was first
            return False
        running = executions.c.outcome == "running"
        _contain_interrupted(connection, session)
        connection.execute(update(executions).where(ours, running).values(outcome="interrupted"))
        closed = case((runs.c.opened > ended, runs.c.opened), else_=ended)
        connection.execute(
            update(runs)
            .where(*_is_open_run(session))
            .values(status="interrupted", closed=closed, reason=reason)
        )
    return True


def _last_measured(connection: Connection, session: Session) -> float:
    """Return when the open runs of a session were measured last, 0 where none was."""
    last = select(func.max(tables.metrics.c.last_time)).join(tables.runs)
    return connection.scalar(last.where(*_is_open_run(session))) or 0.0


def _contain_interrupted(connection: Connection, session: Session) -> None:
    """Have open runs contain what was executed as the process ended, which is noted at its end.

    A run opened by a result contains it where it gave one, one opened by name in any case.
    """
    executions, metrics = tables.executions.c, tables.metrics.c
    gave = exists().where(metrics.run_id == tables.runs.c.id, metrics.execution_id == executions.id)
    open_in = tables.runs.join(tables.executions, tables.runs.c.session_id == executions.session_id)
    asked = select(tables.runs.c.id, tables.runs.c.automatic, executions.sequence, gave)
    running = executions.outcome == "running"
    found = connection.execute(
        asked.select_from(open_in).where(*_is_open_run(session), running)
    ).all()
    rows = [
        {
            "run_id": run_id,
            "first": number,
            "last": number,
            "gave_result": is_given,
            "session_id": session.id,
        }
        for run_id, is_automatic, number, gave_result in found
        if gave_result or not is_automatic
        for is_given in {False, bool(gave_result)}
    ]
    if rows:
        connection.execute(insert(connection, tables.stretches).on_conflict_do_nothing(), rows)


def _is_open_run(session: Session) -> tuple[Any, Any]:
    return tables.runs.c.session_id == session.id, tables.runs.c.status == "running"


def _is_open() -> Any:
    return tables.sessions.c.ended.is_(None)


def _times(row: Mapping[Any, Any]) -> tuple[float, float]:
    return row["started"], row["started"] + (row["duration_seconds"] or 0.0)
