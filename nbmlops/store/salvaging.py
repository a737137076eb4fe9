"""Saving what can be read of a damaged SQLite file: row by row, into a new store in its place.

The damaged file stays beside it. What a row refers to may be lost, or a blob that it names: the
repairs that follow (`nbmlops.store.repairing`) see to that.
"""

import contextlib
import itertools
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from nbmlops.errors import StoreInUse, StoreNotWritable
from nbmlops.store import live, live_folder, open_store, tables
from nbmlops.store.base import Finding
from nbmlops.store.places import path_of

_AT_ONCE = 500
_STEP, _SMALL_STEPS = 16, 5_000
_OWNERS = {"run_id": "runs", "execution_id": "executions"}
_LAST_ROW = 2**63 - 1


@dataclass(frozen=True, slots=True)
class _Saved:
    """What became of a table: rows saved, rows seen that cannot be read, and whether all was seen.

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
    new = path.with_name(f".{path.name}.salvaged")
    try:
        _remove(new)
        open_store(f"sqlite:///{new}").close()
        saved = _copy_readable(path, new)
        aside = _put_in_place(new, path)
    except (OSError, sqlite3.Error) as problem:
        raise StoreNotWritable(url, str(problem)) from problem
    finally:
        _remove(new)
    return [Finding("copy", True, f"how the store was is in {aside}"), _told(saved)]


def _copy_readable(path: Path, new: Path) -> list[_Saved]:
    with contextlib.closing(sqlite3.connect(new, isolation_level=None)) as target:
        target.execute("PRAGMA foreign_keys = OFF")
        target.execute("BEGIN")
        with contextlib.closing(_opened(path)) as source:
            kept = [table.name for table in tables.metadata.sorted_tables]
            kept.remove(tables.alembic_version.name)
            saved = [_copy_table(source, target, name) for name in kept]
        target.execute("COMMIT")
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return saved


def _opened(path: Path) -> sqlite3.Connection:
    source = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    # Else SQLite refuses all of a file that is shorter than its head says, or has a bad table.
    source.execute("PRAGMA writable_schema = ON")
    source.execute("PRAGMA cell_size_check = ON")
    return source


def _copy_table(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> _Saved:
    try:
        there = {row[1] for row in source.execute(f'PRAGMA table_info("{table}")')}
    except sqlite3.Error:  # the list of tables is lost
        there = set()
    columns = [row[1] for row in target.execute(f'PRAGMA table_info("{table}")') if row[1] in there]
    if not columns:
        return _Saved(table, 0, 0, is_whole=False)
    names = ", ".join(f'"{column}"' for column in columns)
    places = ", ".join("?" * len(columns))
    write = f'INSERT OR IGNORE INTO "{table}" ({names}) VALUES ({places})'  # noqa: S608
    owner = _OWNERS.get(columns[0])
    reading: _Reading
    if tables.metadata.tables[table].dialect_options["sqlite"]["with_rowid"] or owner is None:
        reading = _ByNumber(source, table, names)
    else:
        owners = target.execute(f'SELECT id FROM "{owner}"').fetchall()  # noqa: S608
        reading = _ByOwner(source, table, names, columns[0], [each[0] for each in owners])
    for part in reading.rows():
        target.executemany(write, part)
    [rows] = target.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608
    return _Saved(table, rows, reading.lost, reading.is_whole)


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


def _put_in_place(new: Path, path: Path) -> str:
    """Give the damaged file another name, with its log, and the new one its name."""
    moment = time.strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.name}.before-salvage-{moment}")
    log = path.with_name(f"{path.name}-wal")
    try:
        os.link(path, aside)  # it keeps its own name, too, until the new one takes it
    except OSError:  # not on every file system
        shutil.copy2(path, aside)
    if log.exists():
        log.replace(aside.with_name(f"{aside.name}-wal"))
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    new.replace(path)
    return aside.name


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _told(saved: Sequence[_Saved]) -> Finding:
    rows = sum(each.rows for each in saved)
    text = f"saved {rows:,} rows of {sum(1 for each in saved if each.rows)} tables into a new store"
    if not rows:
        text = "nothing could be read of it: a new, empty store is in its place"
        return Finding("rows", False, text)
    lost = [f"{each.lost:,} of {each.table}" for each in saved if each.lost]
    unseen = [each.table for each in saved if not each.is_whole]
    if lost:
        text += f"; lost: {', '.join(lost)}"
    if unseen:
        text += f"; of {', '.join(unseen)} some or all rows may be lost, as pages cannot be read"
    return Finding("rows", not lost and not unseen, text)
