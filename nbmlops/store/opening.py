"""Opening a store's database: is it one, may it be written, is its schema ours, make it so.

What the file alone tells, without an SQL library, is in `nbmlops.store.probing`.
"""

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool, QueuePool

from nbmlops.errors import NotAStore, StoreError, StoreNotWritable, StoreTooNew, StoreUnavailable
from nbmlops.store import search_text, tables
from nbmlops.store.folders import make_private
from nbmlops.store.probing import APPLICATION_ID, is_writable, look_at, path_of

BUSY_SECONDS = 5.0  # whoever records tries again by itself


def open_engine(url: str) -> tuple[Engine, bool]:
    """Open the database of a store, making or upgrading it; return it and whether it is writable.

    Raises
    ------
    NotAStore, StoreTooNew, StoreNotWritable, StoreUnavailable
        As `nbmlops.store.base.Store` says.
    """
    path = path_of(url)
    writable = is_writable(path)
    if not writable and not path.exists():
        raise StoreNotWritable(url, f"there is no {path.name}, and its folder is read-only")
    look_at(url, path)  # SQLite would write over a file of a few bytes
    engine = _engine(path, writable=writable)
    try:
        _prepare(engine, url, path, writable=writable)
    except DatabaseError as problem:
        engine.dispose()
        raise translated(problem, url) from problem
    except BaseException:
        engine.dispose()
        raise
    return engine, writable


def translated(problem: DatabaseError, url: str) -> StoreError:
    """Return our error for the database's; raise the database's own where it is a fault of ours."""
    text = str(problem.orig)
    if "not a database" in text or "malformed" in text or "no such table" in text:
        return NotAStore(url, text)
    if "locked" in text or "busy" in text:
        return StoreUnavailable(url, text)
    if "readonly" in text or "full" in text or "disk I/O" in text or "unable to open" in text:
        return StoreNotWritable(url, text)
    if isinstance(problem, OperationalError):
        return StoreUnavailable(url, text)
    raise problem


def _engine(path: Path, *, writable: bool) -> Engine:
    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            _uri(path, writable=writable),
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,  # transactions are begun below, by name
            check_same_thread=False,
        )

    if writable:
        _create_private(path)
    engine = create_engine(
        "sqlite://", creator=connect, poolclass=QueuePool if writable else NullPool
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        if writable:
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()
        search_text.register(connection)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that will write takes the lock at once: one that reads first and writes
        # later fails, without waiting, when another has written in between.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _uri(path: Path, *, writable: bool) -> str:
    if writable:
        return f"{path.as_uri()}?mode=rwc"
    # Without write permission SQLite can read a WAL database only where its side files exist,
    # or when told that nobody writes.
    has_log = path.with_name(path.name + "-wal").exists()
    return f"{path.as_uri()}?mode=ro" + ("" if has_log else "&immutable=1")


def _create_private(path: Path) -> None:
    try:
        make_private(path.parent)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as problem:
        raise StoreNotWritable(str(path), str(problem)) from problem


def _prepare(engine: Engine, url: str, path: Path, *, writable: bool) -> None:
    with engine.connect() as connection:
        found = _schema_found(connection, url)
    if found == tables.SCHEMA:
        return
    if found is not None and found > tables.SCHEMA:
        raise StoreTooNew(url, found, tables.SCHEMA)
    if not writable:
        raise StoreNotWritable(url, "it must be upgraded and is read-only")
    if found is None:
        _create(engine, url)
    else:
        _upgrade(engine, url, path)


def _schema_found(connection: Connection, url: str) -> str | None:
    names = set(inspect(connection).get_table_names())
    if tables.alembic_version.name in names and tables.runs.name in names:
        return connection.scalar(select(tables.alembic_version.c.version_num))
    if names:
        raise NotAStore(url, f"it is a database with other tables ({', '.join(sorted(names)[:5])})")
    return None


def _create(engine: Engine, url: str) -> None:
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if _schema_found(connection, url) is not None:
            return  # another process was first
        tables.metadata.create_all(connection)
        connection.execute(insert(tables.alembic_version), {"version_num": tables.SCHEMA})
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {int(tables.SCHEMA)}")


def _upgrade(engine: Engine, url: str, path: Path) -> None:
    """Lead a store to the present tables, in one transaction, keeping a copy of how it was.

    The copy is ``store.db.before-0001`` beside it, named after the schema that it has.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "nbmlops.store:migrations")
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        found = _schema_found(connection, url)
        if found == tables.SCHEMA:
            return  # another process was first
        _copy(url, path, path.with_name(f"{path.name}.before-{found}"))
        config.attributes["connection"] = connection
        command.upgrade(config, tables.SCHEMA)
        connection.exec_driver_sql(f"PRAGMA user_version = {int(tables.SCHEMA)}")


def _copy(url: str, path: Path, copy: Path) -> None:
    """Copy a database, with what is still in its log; nobody can write to it meanwhile."""
    copy.unlink(missing_ok=True)
    _create_private(copy)
    try:
        with (
            contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as source,
            contextlib.closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
    except sqlite3.Error as problem:
        copy.unlink(missing_ok=True)
        raise StoreNotWritable(url, f"no copy of it can be made to upgrade it: {problem}") from None
