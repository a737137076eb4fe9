"""A store in an SQLite file: how it is opened, what its errors mean, the copy before an upgrade.

What the file alone tells, without an SQL library, is in `nbmlops.store.probing`.
"""

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool, QueuePool

from nbmlops.errors import (
    DiskFull,
    NoRoomForStore,
    NotAStore,
    StoreDamaged,
    StoreError,
    StoreNotWritable,
    StoreUnavailable,
)
from nbmlops.store import search_text, tables
from nbmlops.store.base import Selected
from nbmlops.store.dialects import Look
from nbmlops.store.folders import make_private
from nbmlops.store.locked_files import Identity, hold, release
from nbmlops.store.places import path_of, without_blobs
from nbmlops.store.probing import APPLICATION_ID, is_full, is_writable, look_at, why_not_writable
from nbmlops.store.reading_sqlite import Way, configure_to_read, uri_to_read, way_to_read

_NO_ROOM = ("full", "disk I/O", "unable to open")  # where no index of the log can be made, say
BUSY_SECONDS = 5.0  # whoever records tries again by itself


class Sqlite:
    """An SQLite file. A `nbmlops.store.dialects.Dialect`."""

    is_shared = False

    def __init__(self, url: str) -> None:
        self.url = without_blobs(url)
        self.path = path_of(url)
        self._no_room = ""  # what SQLite says where it can only be looked into for want of room

    def opened(self) -> tuple[Engine, bool]:
        """Return an engine, and whether the file may be written."""
        writable = is_writable(self.path)
        if not writable and not self.path.exists():
            reason = f"there is no {self.path.name}, and its folder is read-only"
            raise StoreNotWritable(self.url, reason)
        look_at(self.url, self.path)  # SQLite would write over a file of a few bytes
        if writable and not self.path.exists():
            self._begin()
        return _engine(self.path, way=None if writable else way_to_read(self.path)), writable

    def _begin(self) -> None:
        """Make the file, with its first page, or none: one that is empty counts as emptied."""
        try:
            make_private(self.path.parent)
            handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
            os.close(handle)
        except OSError as problem:
            raise StoreNotWritable(self.url, str(problem)) from problem
        new = Path(name)
        try:
            _write_first_page(new)
            with contextlib.suppress(FileExistsError):  # another process was first
                os.link(new, self.path)
        except sqlite3.Error as problem:
            refused = self._without_room(str(problem))
            if isinstance(refused, DiskFull):
                refused = NoRoomForStore(self.url, str(problem))
            raise refused from problem
        except OSError:  # no file has two names here
            _create_private(self.path)
        finally:
            new.unlink()

    def opened_to_look(self, problem: DatabaseError) -> Engine | None:
        """Return an engine that only reads, where a full disk is all that keeps one from it."""
        text = str(problem.orig)
        if not any(word in text for word in _NO_ROOM) or not self.path.exists():
            return None
        self._no_room = text
        return _engine(self.path, way=way_to_read(self.path, has_room=False))

    def begin_change(self, connection: Connection) -> None:
        """Do nothing: a transaction that writes holds the whole file."""

    @contextlib.contextmanager
    def unchecked(self, connection: Connection) -> Iterator[None]:
        """Have SQLite not look at references, which it can be told outside transactions alone."""
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys = OFF")
        try:
            yield
        finally:
            driver.execute("PRAGMA foreign_keys = ON")

    def begin_removing(self, connection: Connection) -> None:
        """Do nothing: a transaction that writes holds the whole file."""

    def keep_copy(self, schema: str) -> str:
        """Copy the file to ``store.db.before-0001`` beside it, named after its schema."""
        copy = self.path.with_name(f"{self.path.name}.before-{schema}")
        _copy(self.url, self.path, copy)
        return copy.name

    def mark(self, connection: Connection) -> None:
        """Write into the file's head what it is."""
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {int(tables.SCHEMA)}")

    def is_writable(self, connection: Connection) -> bool:  # noqa: ARG002, the file says it
        """Tell whether the file may be written."""
        return is_writable(self.path)

    def not_writable(self) -> StoreNotWritable:
        """Return the error that says what keeps the file from being written."""
        if self._no_room:
            return self._without_room(self._no_room)
        return StoreNotWritable(self.url, why_not_writable(self.path))

    def translated(self, problem: DatabaseError) -> StoreError:
        """Return our error for SQLite's."""
        text = str(problem.orig)
        if "not a database" in text or "malformed" in text:
            return StoreDamaged(self.url, text)
        if "no such table" in text:
            return NotAStore(self.url, text)
        if "locked" in text or "busy" in text:
            return StoreUnavailable(self.url, text)
        if any(word in text for word in _NO_ROOM):
            return self._without_room(text)
        if "readonly" in text:
            return StoreNotWritable(self.url, text)
        if isinstance(problem, OperationalError):
            return StoreUnavailable(self.url, text)
        raise problem

    def _without_room(self, text: str) -> StoreNotWritable:
        kind = DiskFull if "full" in text or is_full(self.path) else StoreNotWritable
        return kind(self.url, text)

    def selected(self, engine: Engine, statement: str, **options: Any) -> Selected:  # noqa: ARG002
        """Return what a SELECT finds, on a connection of its own that can only read."""
        from nbmlops.store.selecting_sqlite import selected

        return selected(self.path, statement, has_room=not self._no_room, **options)

    def change(self, connection: Connection) -> str:
        """Return SQLite's own counter of what other connections committed.

        That of a file that is read-only may stand still: then it is when the files were written,
        which changes also when the log is carried over.
        """
        driver: Any = connection.connection.dbapi_connection
        [version] = driver.execute("PRAGMA data_version").fetchone()
        if is_writable(self.path):
            return str(version)
        log = self.path.with_name(f"{self.path.name}-wal")
        return "-".join([str(version), *map(_stamp, (self.path, log))])

    @property
    def looks(self) -> Mapping[str, Look]:
        """Whether the file's pages are whole and its references lead somewhere."""
        return {"database pages": _pages, "references": _references}


def _stamp(path: Path) -> str:
    try:
        found = path.stat()
    except OSError:
        return ""
    return f"{found.st_mtime_ns:x}.{found.st_size:x}"


def _pages(connection: Connection) -> tuple[bool, str]:
    problems = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check(10)")]
    is_good = problems == ["ok"]
    hint = "Mend it, or save what can be read, with: nbmlops doctor --fix"
    return is_good, "whole" if is_good else f"{'; '.join(problems)}. {hint}"


def _references(connection: Connection) -> tuple[bool, str]:
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(10)
    found = ", ".join(f"{row[0]} row {row[1]} → {row[2]}" for row in rows)
    return not rows, f"dangling: {found}" if rows else "all lead somewhere"


def _engine(path: Path, *, way: Way | None) -> Engine:
    """Return an engine on a file that only reads it in some way, or with None writes it, too."""
    uri = f"{path.as_uri()}?mode=rwc" if way is None else uri_to_read(path, way)

    def connect() -> sqlite3.Connection:
        held = hold(path) if path.exists() else None
        try:
            connection = sqlite3.connect(
                uri,
                uri=True,
                timeout=BUSY_SECONDS,
                isolation_level=None,  # transactions are begun below, by name
                check_same_thread=False,
                factory=_Holding,
            )
        except BaseException:
            if held is not None:
                release(held)
            raise
        connection.held = held
        return connection

    engine = create_engine(
        "sqlite://", creator=connect, poolclass=QueuePool if way is None else NullPool
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        if way is None:
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = NORMAL")
        else:
            configure_to_read(connection, way)
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


class _Holding(sqlite3.Connection):
    """A connection that gives its hold on the file up when it is closed.

    One that is not closed keeps it until the process ends, which costs a handle at most: garbage
    may be collected at any moment, also while the file is read by that handle.
    """

    held: Identity | None = None

    def __del__(self) -> None:
        with contextlib.suppress(sqlite3.ProgrammingError):  # it was never opened
            super().close()  # Python 3.13 warns of one that is left to it

    def close(self) -> None:
        super().close()
        if self.held is not None:
            release(self.held)
            self.held = None


def _write_first_page(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        if not path.stat().st_size:  # of no room for it nothing is said, nor of no log on this disk
            connection.execute("PRAGMA user_version = 0")


def _create_private(path: Path) -> None:
    try:
        make_private(path.parent)
        with contextlib.suppress(FileExistsError):  # whose handles, closed, would end locks on it
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as problem:
        raise StoreNotWritable(str(path), str(problem)) from problem


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
