"""Repairing a store: each repair says exactly what it did, and a copy is made before the first.

Nothing is invented: what a record lost is dropped from it, what refers to nothing goes, and what
cannot be repaired is left for the next check to tell.
"""

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Connection, Table, delete, func, insert, literal, select, update
from sqlalchemy.exc import DatabaseError

from nbmlops.drawing.words import count
from nbmlops.errors import (
    BlobMissing,
    BlobsUnavailable,
    DiskFull,
    StoreError,
    StoreUnavailable,
)
from nbmlops.records import Digest
from nbmlops.store import fault_log, live_folder, open_blobs, tables
from nbmlops.store.base import Blobs, Finding
from nbmlops.store.blob_owners import owners_of
from nbmlops.store.blob_places import missing_blobs
from nbmlops.store.blobs import LocalBlobs
from nbmlops.store.blobs_spool import SpooledBlobs
from nbmlops.store.checking import lacking_measurements
from nbmlops.store.checking_blobs import is_damaged
from nbmlops.store.damaged_copies import name_of_copy
from nbmlops.store.lost_runs import make_lost_runs_anew
from nbmlops.store.named_blobs import named_blobs
from nbmlops.store.open_files import close, open_files
from nbmlops.store.places import blobs_in, home_of, path_of
from nbmlops.store.remembered_places import forgotten_place

if TYPE_CHECKING:
    from nbmlops.store.upkeep import Upkeep

_OLD_SECONDS = 24 * 3600.0  # of files that somebody may be writing


def repair(store: "Upkeep", *, drops_lost: bool = False) -> list[Finding]:
    """Repair what can be; see `nbmlops.store.base.Store.repair`."""
    findings = []
    if _is_file(store):
        try:
            findings = [Finding("copy", True, _keep_copy(store))]
        except (OSError, sqlite3.Error) as problem:
            text = f"none can be made, so nothing was changed: {problem}"
            return [Finding("copy", False, text)]
    drops_lost = drops_lost or not store.dialect.is_shared
    for subject, steps in (
        ("database pages", _pages),
        ("references", _references),
        ("measurements", _measurements),
        ("blobs", _blobs),
        *([("blobs", _names_of_lost_blobs)] if drops_lost else []),
        ("files", _files),
        ("permissions", _permissions),
        ("faults", _faults),
    ):
        try:
            for done in steps(store):
                found = Finding(subject, True, done) if isinstance(done, str) else done
                findings.append(found)
        except (StoreError, DatabaseError, OSError) as problem:
            findings.append(Finding(subject, False, f"cannot be repaired: {problem}"))
    return findings


def _is_file(store: "Upkeep") -> bool:
    return store.engine.dialect.name == "sqlite"


def _keep_copy(store: "Upkeep") -> str:
    """Copy the database page by page, damaged ones too; return in words where to."""
    path = path_of(store.url)
    copy = name_of_copy(path, is_all_saved=True)
    os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        with (
            contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as source,
            contextlib.closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
    except BaseException:
        copy.unlink()
        raise
    return f"how the store was is in {copy.name}"


def _pages(store: "Upkeep") -> Iterator[str | Finding]:
    if not _is_file(store):
        return
    try:
        problem = _problem_of_pages(store)
        if problem is None:
            return
        with store.writing() as connection:
            connection.exec_driver_sql("REINDEX")
        if _problem_of_pages(store) is None:
            yield f"made every index anew, as {problem}"
            return
    except (StoreUnavailable, DiskFull):  # who holds the file would go on in what is put aside
        raise
    except (StoreError, DatabaseError):  # pages that are lost
        pass
    from nbmlops.store.salvaging import salvage

    store.close()
    yield from salvage(store.url)


def _problem_of_pages(store: "Upkeep") -> str | None:
    with store.engine.connect() as connection:
        problems = connection.exec_driver_sql("PRAGMA integrity_check(10)").scalars().all()
    return None if problems == ["ok"] else str(problems[0])


def _references(store: "Upkeep") -> Iterator[str]:
    with store.writing() as connection:
        yield from make_lost_runs_anew(connection)
        for table in tables.metadata.sorted_tables:
            for column in table.c:
                for key in column.foreign_keys:
                    yield from _follow(connection, table, column, key.column)


def _follow(
    connection: Connection, table: Table, column: Column[Any], target: Column[Any]
) -> Iterator[str]:
    """Mend the rows of a table that refer to nothing by a column."""
    there = target.table.alias("there")
    dangling = column.is_not(None) & column.not_in(select(there.c[target.name]))
    number = connection.scalar(select(func.count()).select_from(table).where(dangling))
    if not number:
        return
    name = f"{table.name}.{column.name}"
    if column.nullable:
        connection.execute(update(table).where(dangling).values({column.name: None}))
        yield f"emptied {name} of {number:,} that referred to nothing"
    elif target.table is tables.sessions:
        _add_sessions(connection, table, dangling)
        yield f"made sessions, known by their ids alone, for {number:,} {table.name} without one"
    else:
        connection.execute(delete(table).where(dangling))
        yield f"removed {number:,} of {table.name} whose {target.table.name} are lost"


def _add_sessions(connection: Connection, table: Table, dangling: Any) -> None:
    began = table.c.opened if "opened" in table.c else table.c.started
    lost = {
        "id": table.c.session_id, "started": func.min(began), "ended": func.max(began),
        "interrupted": literal(True), "heartbeat": func.max(began), "place": literal("script"),
        "experiment": literal("lost"), "host": literal(""), "pid": literal(0),
        "user": literal(""), "python": literal(""),
    }  # fmt: skip
    selected = select(*lost.values()).where(dangling).group_by(table.c.session_id)
    connection.execute(insert(tables.sessions).from_select([*lost], selected))


def _measurements(store: "Upkeep") -> Iterator[str]:
    """Have metrics count the measurements that are there."""
    metrics = tables.metrics
    with store.writing() as connection:
        for run_id, name, there, missing in connection.execute(lacking_measurements()).all():
            this = (metrics.c.run_id == run_id) & (metrics.c.name == name)
            connection.execute(update(metrics).where(this).values(count=int(there)))
            what = f"{count(missing, 'measurement')} of {name} of run {run_id}"
            yield f"{what} lost, {there:,} there"


def _blobs(store: "Upkeep") -> Iterator[str]:
    yield from _half_removed(store)
    for digest in store.blobs.digests():
        if is_damaged(store.blobs, digest):
            aside = store.blobs.set_aside(digest)
            with store.engine.connect() as connection:
                whose = owners_of(connection, digest) or "of nothing"
            yield f"put the damaged blob {digest} ({whose}) aside, as {aside}"
    yield from _bring(store)


def _bring(store: "Upkeep") -> Iterator[str]:
    """Bring blobs to their place that were kept on this machine before there was one."""
    if not isinstance(store.blobs, SpooledBlobs):
        return
    here, there = LocalBlobs(home_of(store.url) / "blobs"), store.blobs.kept
    with store.engine.connect() as connection:
        missing = named_blobs(connection) - {*store.blobs.digests()}
    brought = [there.put(here.get(each)) for each in sorted(missing & {*here.digests()})]
    if brought:
        yield f"brought {count(len(brought), 'blob')} of this machine to {blobs_in(store.url)}"


def _names_of_lost_blobs(store: "Upkeep") -> Iterator[str]:
    for digest in _missing(store):
        yield from _drop_unless_there(store, digest)


def _missing(store: "Upkeep") -> list[Digest]:
    """Return the blobs that records name and nobody has.

    Asked in this order, as a blob is there before its record: what is recorded while blobs are
    listed, which may take long and holds no lock, is not asked for.

    Raises
    ------
    BlobsUnavailable
        Not one blob is where they are kept, or this is not where they were: a folder that is not
        mounted, or a setting that is not given, rather than a loss.
    """
    with store.engine.connect() as connection:
        named = named_blobs(connection)
        missing = sorted(missing_blobs(store, connection, named - {*store.blobs.digests()}).lost)
    kept = store.blobs.kept if isinstance(store.blobs, SpooledBlobs) else store.blobs
    where = blobs_in(store.url) or str(open_blobs(store.url).folder)
    if missing and (place := forgotten_place(store.url)):
        raise BlobsUnavailable(where, f"this store was used from here with blobs = {place!r}")
    if missing and not kept.digests() and not _has_folders(kept):
        raise BlobsUnavailable(where, f"not one of the {len(missing):,} that are missing is there")
    return missing


def _has_folders(blobs: Blobs) -> bool:
    """Tell whether there is anything where blobs are: what is not mounted is empty.

    The folder in which a lost blob lay is there still.
    """
    return isinstance(blobs, LocalBlobs) and any(blobs.folder.glob("*"))


class _StillThere(Exception):
    """Ends a transaction that dropped the names of a blob that is there after all."""


def _drop_unless_there(store: "Upkeep", digest: Digest) -> list[str]:
    """Drop the names of a blob that is lost; take that back where it was put meanwhile.

    Looked for once more after its names are gone: whoever named it till then had put it before.
    """
    with contextlib.suppress(_StillThere), store.writing() as connection:
        dropped = [*_drop(connection, digest)]
        with contextlib.suppress(BlobMissing):
            store.blobs.size(digest)
            raise _StillThere
        return dropped
    return []


def _drop(connection: Connection, digest: Digest) -> Iterator[str]:
    """Drop the names of a blob that is lost; those in environments stay."""
    whose = owners_of(connection, digest)
    contents, models, artifacts = tables.contents, tables.models, tables.artifacts
    cut = {"blob": None, "cut_bytes": contents.c.size_bytes}
    bare = {"blob": None, "format": None, "size_bytes": None}
    changes = {
        "output": update(contents).where(contents.c.blob == digest).values(cut),
        "model": update(models).where(models.c.blob == digest).values(bare),
        "artifact": delete(artifacts).where(artifacts.c.blob == digest),
    }
    for what, statement in changes.items():
        if rows := connection.execute(statement).rowcount:
            yield f"took the lost blob {digest} ({whose}) from {count(rows, what)}"


def _half_removed(store: "Upkeep") -> Iterator[str]:
    """Put back what somebody was removing when the process died; `gc` removes it again."""
    for aside in sorted((live_folder(store.url).parent / "blobs").glob("??/.*.gone")):
        path = aside.with_name(aside.name.removeprefix(".").removesuffix(".gone"))
        aside.replace(path)
        yield f"put back the blob {path.parent.name}{path.name}, which was half removed"


def _files(store: "Upkeep") -> Iterator[str]:
    """Remove what processes that died while writing have left."""
    home = live_folder(store.url).parent
    old = time.time() - _OLD_SECONDS
    for path in sorted([*(home / "blobs").glob("??/.*"), *(home / "live").glob("*.new")]):
        try:
            is_old = path.stat().st_mtime < old
        except FileNotFoundError:  # it has just been finished
            continue
        if is_old:
            path.unlink(missing_ok=True)
            yield f"removed {path.relative_to(home)}, which was never finished"


def _permissions(store: "Upkeep") -> Iterator[str | Finding]:
    for path in open_files(store.url):
        try:
            yield close(path)
        except OSError as problem:  # it belongs to somebody else
            yield Finding("permissions", False, f"cannot be repaired: {problem}")


def _faults(store: "Upkeep") -> Iterator[str]:
    if fault_log.acknowledge(live_folder(store.url).parent):
        yield f"moved the faults that were told to {fault_log.SEEN}"
