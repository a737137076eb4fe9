"""Saving what can be read of a damaged SQLite file: row by row, into a new store in its place.

The damaged file stays beside it. What a row refers to may be lost, or a blob that it names: the
repairs that follow (`nbmlops.store.repairing`) see to that.
"""

import contextlib
import itertools
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from nbmlops.errors import StoreInUse, StoreNotWritable
from nbmlops.store import live, live_folder, open_store, tables
from nbmlops.store.base import Finding
from nbmlops.store.damaged_copies import name_of_copy
from nbmlops.store.lost_heads import is_readable, write_head_anew
from nbmlops.store.opening import upgrade
from nbmlops.store.places import path_of
from nbmlops.store.probing import APPLICATION_ID
from nbmlops.store.sqlite import Sqlite

_AT_ONCE = 500
_STEP, _SMALL_STEPS = 16, 5_000
_OWNERS = {"run_id": "runs", "execution_id": "executions"}
_LAST_ROW = 2**63 - 1
# What each schema has first, the present one before those that went: a table, and a column of it.
_NEW_IN = {
    "0007": (("stretches", "session_id"),),
    "0006": (("points", "last_part"),),
    "0005": (("written", "run_id"), ("runs", "trashed")),
    "0004": (("stretches", "run_id"),),
    "0003": (("outlines", "run_id"),),
    "0002": (("values", "digest"), ("profiles", "digest"), ("uses", "name"), ("file_uses", "path")),
    "0001": (("run_executions", "run_id"), ("executions", "id"), ("runs", "id")),
}
_NEW_HEAD = "wrote the beginning of the file anew, which was lost: all else is as it was"


@dataclass(frozen=True, slots=True)
class _Saved:
    """What became of a table: rows saved, rows seen and not saved, and whether all was seen.

    Rows on a page that cannot be read are not even seen.
    """

    table: str
    rows: int
    lost: int
    is_whole: bool


def salvage(url: str) -> list[Finding]:
    """Put a new store in the place of a damaged file, with all of it that can be read.

    Raises
    ------
    StoreInUse
        A session records into it: what it writes would go to the damaged file.
    StoreNotWritable
        There is no room for it, or no permission.
    """
    alive = live.living(live_folder(url))
    if alive:
        what = "1 session records" if len(alive) == 1 else f"{len(alive)} sessions record"
        raise StoreInUse(url, f"{what} into it")
    path = path_of(url)
    new, headed = (path.with_name(f".{path.name}.{what}") for what in ("salvaged", "headed"))
    try:
        _remove(new)
        state = "damaged" if is_readable(path) else write_head_anew(path, headed)
        if state == "whole":
            return _replaced(headed, path, Finding("head", True, _NEW_HEAD))
        readable = headed if headed.exists() else path
        _make_empty(new, _schema_of(readable))
        saved = _copy_readable(readable, new)
        return _replaced(new, path, _told(saved))
    except (OSError, sqlite3.Error) as problem:
        raise StoreNotWritable(url, str(problem)) from problem
    finally:
        _remove(new)
        _remove(headed)


def _replaced(new: Path, path: Path, told: Finding) -> list[Finding]:
    """Put a new file in the place of the damaged one, and say where that is."""
    aside = name_of_copy(path, is_all_saved=told.is_good)
    _put_in_place(new, path, aside)
    return [Finding("copy", True, f"how the store was is in {aside.name}"), told]


def _schema_of(path: Path) -> str:
    """Return the schema of a damaged file, as its table or its head says, else its columns.

    The present one where the list of tables is lost, too.
    """
    with contextlib.closing(_opened(path)) as source:
        for asked in ("SELECT version_num FROM alembic_version", "PRAGMA user_version"):
            with contextlib.suppress(sqlite3.Error, TypeError, ValueError):  # lost, or no number
                number = int(source.execute(asked).fetchone()[0])
                if 0 < number <= int(tables.SCHEMA):
                    return f"{number:04}"
        return next(
            (schema for schema, marks in _NEW_IN.items()
             if any(column in _columns(source, table) for table, column in marks)),
            tables.SCHEMA,
        )  # fmt: skip


def _columns(database: sqlite3.Connection, table: str) -> list[str]:
    """Return the columns of a table; none where there is none, or the list of tables is lost."""
    try:
        return [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
    except sqlite3.Error:
        return []


def _make_empty(path: Path, schema: str) -> None:
    """Make a store without a row; of an earlier schema one that is upgraded when it is opened."""
    if schema == tables.SCHEMA:
        open_store(f"sqlite:///{path}").close()
        return
    engine, _ = Sqlite(f"sqlite:///{path}").opened()
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            upgrade(connection, schema)
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.exec_driver_sql(f"PRAGMA user_version = {int(schema)}")
    finally:
        engine.dispose()


def _copy_readable(path: Path, new: Path) -> list[_Saved]:
    with contextlib.closing(sqlite3.connect(new, isolation_level=None)) as target:
        target.execute("PRAGMA foreign_keys = OFF")
        target.execute("BEGIN")
        with contextlib.closing(_opened(path)) as source:
            saved = [_copy_table(source, target, name) for name in _tables_of(target)]
        target.execute("COMMIT")
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return saved


def _tables_of(target: sqlite3.Connection) -> list[str]:
    """Return the names of the tables that are copied, those first that others refer to."""
    listed = target.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    order = [table.name for table in tables.metadata.sorted_tables]
    names = {name for (name,) in listed} - {tables.alembic_version.name}
    return sorted(names, key=lambda name: order.index(name) if name in order else len(order))


def _is_by_number(target: sqlite3.Connection, table: str) -> bool:
    """Tell whether the rows of a table have numbers, rather than the order of their keys."""
    try:
        target.execute(f'SELECT rowid FROM "{table}" LIMIT 0')  # noqa: S608
    except sqlite3.Error:
        return False
    return True


def _opened(path: Path) -> sqlite3.Connection:
    source = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    # Else SQLite refuses all of a file that is shorter than its head says, or has a bad table.
    source.execute("PRAGMA writable_schema = ON")
    source.execute("PRAGMA cell_size_check = ON")
    return source


def _copy_table(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> _Saved:
    there = _columns(source, table)
    columns = [column for column in _columns(target, table) if column in there]
    if not columns:
        return _Saved(table, 0, 0, is_whole=False)
    names = ", ".join(f'"{column}"' for column in columns)
    places = ", ".join("?" * len(columns))
    write = f'INSERT OR IGNORE INTO "{table}" ({names}) VALUES ({places})'  # noqa: S608
    owner = _OWNERS.get(columns[0])
    reading: _Reading
    if owner is None or _is_by_number(target, table):
        reading = _ByNumber(source, table, names)
    else:
        owners = target.execute(f'SELECT id FROM "{owner}"').fetchall()  # noqa: S608
        reading = _ByOwner(source, table, names, columns[0], [each[0] for each in owners])
    read = 0
    for part in reading.rows():
        target.executemany(write, part)
        read += len(part)
    [rows] = target.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608
    # Those read that the new table does not take, as they lack a value. What can be read in parts
    # only is told anyway, and rows of it are given twice.
    refused = read - rows if reading.is_whole else 0
    return _Saved(table, rows, reading.lost + refused, reading.is_whole)


class _Reading(Protocol):
    """Reads a table past what cannot be read."""

    lost: int
    is_whole: bool

    def rows(self) -> Iterator[list[tuple[object, ...]]]:
        """Give the rows that can be read, many at a time; some perhaps twice."""


class _ByOwner:
    """Reads a table that is sorted by its key, of which the first part says whose the row is."""

    def __init__(
        self, source: sqlite3.Connection, table: str, names: str, key: str, owners: Sequence[str]
    ) -> None:
        self._source = source
        self._select = f'SELECT {names} FROM "{table}" NOT INDEXED'  # noqa: S608
        self._key, self._owners = key, owners
        self.lost = 0
        self.is_whole = True

    def rows(self) -> Iterator[list[tuple[object, ...]]]:
        """Give all rows, and where that fails those of each owner that is known."""
        try:
            cursor = self._source.execute(self._select)
            while part := cursor.fetchmany(_AT_ONCE):
                yield part
        except sqlite3.Error:
            self.is_whole = False
            for owner in self._owners:
                with contextlib.suppress(sqlite3.Error):
                    yield self._source.execute(
                        f"{self._select} WHERE {self._key} = ?", (owner,)
                    ).fetchall()


class _ByNumber:
    """Reads a table past what cannot be read, by the numbers of its rows."""

    def __init__(self, source: sqlite3.Connection, table: str, names: str) -> None:
        self._source, self._from = source, f'FROM "{table}" NOT INDEXED'
        self._names = names
        self.lost = 0
        self.is_whole = True

    def rows(self) -> Iterator[list[tuple[object, ...]]]:
        """Give the rows that can be read, many at a time."""
        first = 0
        while True:
            numbers = self._numbers(first)
            if numbers is None:
                self.is_whole = False
                following = self._next_readable(first)
                if following is None:
                    return
                first = following
                continue
            if not numbers:
                return
            yield self._read(numbers)
            first = numbers[-1] + 1

    def _numbers(self, first: int) -> list[int] | None:
        """Return the numbers of the next rows, which needs no more than their heads; None: lost."""
        asked = f"SELECT rowid {self._from} WHERE rowid >= ? ORDER BY rowid LIMIT {_AT_ONCE}"
        found: list[int] = []
        try:
            for (number,) in self._source.execute(asked, (first,)):
                found.append(number)
        except sqlite3.Error:
            return found or None
        return found

    def _next_readable(self, first: int) -> int | None:
        """Return from which number on rows can be read again, None where there are none.

        Looked for in small steps, as pages hold rows of neighbouring numbers, then in ever larger.
        """
        high, step = first, _STEP
        for probe in itertools.count():
            low, high = high, high + step
            if high > _LAST_ROW:
                return None
            if self._numbers(high) is not None:
                return self._least_readable(low, high)
            if probe >= _SMALL_STEPS:
                step *= 2
        return None

    def _least_readable(self, low: int, high: int) -> int:
        while high - low > 1:
            middle = (low + high) // 2
            if self._numbers(middle) is None:
                low = middle
            else:
                high = middle
        return high

    def _read(self, numbers: Sequence[int]) -> list[tuple[object, ...]]:
        asked = f"SELECT {self._names} {self._from} WHERE rowid BETWEEN ? AND ?"
        try:
            return self._source.execute(asked, (numbers[0], numbers[-1])).fetchall()
        except sqlite3.Error:
            found = []
            for number in numbers:
                try:
                    found += self._source.execute(asked, (number, number)).fetchall()
                except sqlite3.Error:
                    self.lost += 1
            return found


def _put_in_place(new: Path, path: Path, aside: Path) -> None:
    """Give the damaged file another name, with its log, and the new one its name."""
    log = path.with_name(f"{path.name}-wal")
    try:
        os.link(path, aside)  # it keeps its own name, too, until the new one takes it
    except OSError:  # not on every file system
        shutil.copy2(path, aside)
    if log.exists():
        log.replace(aside.with_name(f"{aside.name}-wal"))
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    new.replace(path)


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _told(saved: Sequence[_Saved]) -> Finding:
    rows = sum(each.rows for each in saved)
    text = f"saved {rows:,} rows of {sum(1 for each in saved if each.rows)} tables into a new store"
    if not rows:
        text = "nothing could be read of it: a new, empty store is in its place. Put a copy back"
        return Finding("rows", False, text)
    lost = [f"{each.lost:,} of {each.table}" for each in saved if each.lost]
    unseen = [each.table for each in saved if not each.is_whole]
    if lost:
        text += f"; lost: {', '.join(lost)}"
    if unseen:
        text += f"; of {', '.join(unseen)} some or all rows may be lost, as pages cannot be read"
    return Finding("rows", not lost and not unseen, text)
