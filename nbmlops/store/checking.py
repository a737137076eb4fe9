"""The checks behind ``nbmlops doctor``: each looks at one thing and says what it found."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, distinct, func, select
from sqlalchemy.exc import DatabaseError

from nbmlops.drawing.words import count
from nbmlops.records import SessionId
from nbmlops.store import fault_log, live, live_folder, tables
from nbmlops.store.base import Finding
from nbmlops.store.checking_blobs import check_blobs
from nbmlops.store.damaged_copies import damaged_copies, told_of_copies
from nbmlops.store.dialects import Look
from nbmlops.store.lines import count_in
from nbmlops.store.live_head import Loss, lines_in, loss_in
from nbmlops.store.locked_files import content_of
from nbmlops.store.open_files import open_files, told_of_open
from nbmlops.store.places import home_of
from nbmlops.store.stray_files import stray_files, told_of_strays
from nbmlops.store.waiting import has_spool, waiting_found

if TYPE_CHECKING:
    from nbmlops.store.upkeep import Upkeep


def check(store: "Upkeep") -> list[Finding]:
    """Run every check on a store."""
    copies = damaged_copies(store.url)
    looks: dict[str, Look] = {
        "schema": _schema,
        **store.dialect.looks,
        "data": _data,
        "measurements": _measurements,
        "blobs": lambda connection: check_blobs(store, connection, has_copies=bool(copies)),
    }
    with store.engine.connect() as connection:
        findings = [_looked(subject, look, connection) for subject, look in looks.items()]
    if copies:
        findings.append(Finding("copies", False, told_of_copies(copies)))
    findings.append(_sessions(store.url))
    if strays := stray_files(home_of(store.url)):
        findings.append(Finding("files", False, told_of_strays(strays)))
    if has_spool(store.url):
        findings.append(waiting_found(store.url))
    findings.append(_faults(home_of(store.url)))
    if exposed := open_files(store.url):
        findings.append(Finding("permissions", False, told_of_open(exposed)))
    findings += _closed_folders(home_of(store.url))
    if not store.is_writable:
        why = store.dialect.not_writable().reason
        findings.append(Finding("permissions", False, f"nothing can be recorded here: {why}"))
    return findings


def _closed_folders(home: Path) -> list[Finding]:
    """Return the folders of a store in which nothing can be kept: the next record needs them."""
    found = [home / name for name in ("blobs", "waiting", "live") if (home / name).exists()]
    reasons = {
        path.name: "it is no folder" if not path.is_dir() else "no permission to write to it"
        for path in found
        if not path.is_dir() or not os.access(path, os.W_OK | os.X_OK)
    }
    return [
        Finding("permissions", False, f"nothing can be kept in {name}: {reason}")
        for name, reason in reasons.items()
    ]


def _looked(subject: str, look: Look, connection: Connection) -> Finding:
    try:
        is_good, text = look(connection)
    except DatabaseError as problem:  # a damaged page can make any statement fail
        hint = "Save what can be read with: nbmlops doctor --fix"
        return Finding(subject, False, f"cannot be read: {problem.orig}. {hint}")
    return Finding(subject, is_good, text)


def _schema(connection: Connection) -> tuple[bool, str]:
    version = connection.scalar(select(tables.alembic_version.c.version_num))
    counts = [
        count(connection.scalar(select(func.count()).select_from(table)) or 0, table.name[:-1])
        for table in (tables.runs, tables.sessions, tables.executions)
    ]
    return True, f"{version}; {', '.join(counts)}"


def _data(connection: Connection) -> tuple[bool, str]:
    """Look for data that was read and nobody described: a lost record, or a fault of ours.

    What was written can be anything; only data is described.
    """
    described, uses = tables.values.c, tables.uses.c
    lost = (
        select(func.count(distinct(uses.digest)))
        .select_from(tables.uses.outerjoin(tables.values, described.digest == uses.digest))
        .where(uses.role == "read", uses.digest.is_not(None), described.digest.is_(None))
    )
    values, profiles = (
        connection.scalar(select(func.count()).select_from(table)) or 0
        for table in (tables.values, tables.profiles)
    )
    missing = connection.scalar(lost)
    if missing:
        return False, f"{missing:,} read without a description"
    return True, f"{count(values, 'value')}, {count(profiles, 'profile')} of columns"


def _measurements(connection: Connection) -> tuple[bool, str]:
    """Look for metrics of which some measurements are lost: they say how many there were."""
    lacking = lacking_measurements().subquery()
    counted = select(func.count(), func.sum(lacking.c.missing)).select_from(lacking)
    metrics, missing = connection.execute(counted).one()
    if metrics:
        return False, f"{missing:,} of {metrics:,} metrics are lost"
    return True, "as many as metrics say"


def lacking_measurements() -> Select[Any]:
    """Select the metrics with another number of measurements than they say, and how many lack."""
    points, metrics = tables.points.c, tables.metrics.c
    there = (
        select(points.run_id, points.name, func.sum(points.count).label("there"))
        .group_by(points.run_id, points.name)
        .subquery()
    )
    joined = tables.metrics.join(
        there, (there.c.run_id == metrics.run_id) & (there.c.name == metrics.name)
    )
    missing = (metrics.count - there.c.there).label("missing")
    return (
        select(metrics.run_id, metrics.name, there.c.there, missing)
        .select_from(joined)
        .where(metrics.count != there.c.there)
    )


def _sessions(url: str) -> Finding:
    folder = live_folder(url)
    alive = live.living(folder)
    text = f"{len(alive)} recording now"
    at_risk, left = _in_live_files(folder, alive)
    if at_risk:
        text += f"; in the memory of their processes alone: {at_risk.words} ({at_risk.reason})"
    if left:
        text += f"; {left:,} records of sessions that have ended are not delivered yet"
    return Finding("sessions", not at_risk and not left, text)


def _in_live_files(folder: Path, alive: list[SessionId]) -> tuple[Loss, int]:
    """Return what found no room in living sessions' files, and how many records dead ones left."""
    at_risk, left = Loss(), 0
    for path in live.live_files(folder):
        try:
            content = content_of(path)
        except FileNotFoundError:  # of a session that has just ended
            continue
        if live.session_of(path) not in alive:
            left += sum(map(count_in, lines_in(content)))
        elif loss := loss_in(content):
            at_risk += loss
    return at_risk, left


def _faults(home: Path) -> Finding:
    told = fault_log.last(home)
    if told is None:
        return Finding("faults", True, "none in recording")
    last = f"; the last: {told}" if told else ", where they found no room"
    text = f"recording had faults, written down in {home / fault_log.NAME}{last}"
    return Finding("faults", False, f"{text}. Acknowledge them with: nbmlops doctor --fix")
