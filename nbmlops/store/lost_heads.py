"""Files whose first bytes, or page, are lost while those behind are there: a copy gets them anew.

What the head of an SQLite file says (https://sqlite.org/fileformat2.html#the_database_header) is
known of a store but for the size of its pages, which is found by trying.
"""

import contextlib
import shutil
import sqlite3
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from nbmlops.store import tables
from nbmlops.store.lost_first_pages import write_list_anew
from nbmlops.store.probing import APPLICATION_ID, MAGIC

type State = Literal["whole", "damaged", "lost"]

_HEAD_BYTES = 100
_PAGE_SIZES = (4096, 1024, 2048, 8192, 16384, 32768, 65536, 512)  # SQLite's own first
_LOG = 2  # of the versions: written and read with a log beside it
_FORMAT, _UTF_8 = 4, 1
_MOST_PROBLEMS = 100_000
_UNUSED = "never used"  # free pages, of which the list was in the head


def is_readable(path: Path) -> bool:
    """Tell whether SQLite takes a file for a database and finds tables of a store in it."""
    return _readable_tables(path) > 0


def write_head_anew(path: Path, copy: Path) -> State:
    """Copy a file, and its log, with the head that most can be read by; return how the copy is.

    It is whole where nothing but the head was lost. What of the head is there is believed first,
    but for its first 16 bytes.

    Raises
    ------
    OSError
        There is no room for it, say.
    """
    for end in ("", "-wal"):
        with contextlib.suppress(FileNotFoundError):
            shutil.copy2(path.with_name(path.name + end), copy.with_name(copy.name + end))
    with copy.open("rb") as file:
        heads = [*_heads(file.read(_HEAD_BYTES), copy.stat().st_size)]
    readable = []
    for head in heads:
        _write(head, copy)
        readable.append(_readable_tables(copy))
        if readable[-1] and _is_made_whole(copy):
            return "whole"
    if not any(readable):
        return _with_first_page(copy)
    _write(heads[readable.index(max(readable))], copy)
    return "damaged"


def _with_first_page(copy: Path) -> State:
    """Write the whole first page anew, of whichever size, where others have the list of tables."""
    copy.with_name(f"{copy.name}-shm").unlink(missing_ok=True)
    pages = {size: copy.stat().st_size // size for size in _PAGE_SIZES}
    for size, count in pages.items():
        with contextlib.suppress(sqlite3.Error):  # they are no tables: the size is another
            if count and write_list_anew(copy, _head(size, count), size) and is_readable(copy):
                return "whole" if _is_made_whole(copy) else "damaged"
    return "lost"


def _is_made_whole(copy: Path) -> bool:
    """Tell whether nothing of a file is lost, which then says what it is, and of which version.

    Free pages that its head does not list are no loss, and given back.
    """
    unknown = (TypeError, ValueError)  # a version that is not there, or no number
    with (
        contextlib.suppress(sqlite3.Error, *unknown),
        contextlib.closing(_opened(copy, "rw")) as database,
    ):
        if any(not problem.endswith(_UNUSED) for problem in _problems(database)):
            return False
        [version] = database.execute("SELECT version_num FROM alembic_version").fetchone()
        database.execute(f"PRAGMA user_version = {int(version)}")
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute("VACUUM")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return not _problems(database)
    return False


def _heads(found: bytes, size_bytes: int) -> Iterator[bytes]:
    yield MAGIC + found[len(MAGIC) :]
    for page_bytes in _PAGE_SIZES:
        if size_bytes >= page_bytes:
            yield _head(page_bytes, size_bytes // page_bytes)


def _head(page_bytes: int, pages: int) -> bytes:
    page = 1 if page_bytes == 65_536 else page_bytes  # it has two bytes
    sizes = struct.pack(">H6B", page, _LOG, _LOG, 0, 64, 32, 32)
    numbers = struct.pack(">8I", 1, pages, 0, 0, 1, _FORMAT, 0, 0)
    encoding = struct.pack(">4I", _UTF_8, 0, 0, APPLICATION_ID)
    return MAGIC + sizes + numbers + encoding + bytes(20) + struct.pack(">2I", 1, 0)


def _write(head: bytes, path: Path) -> None:
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    with path.open("r+b") as file:
        file.write(head)


def _readable_tables(path: Path) -> int:
    """Return of how many of a store's tables the first row can be read, or that there is none."""
    with contextlib.suppress(sqlite3.Error), contextlib.closing(_opened(path, "ro")) as database:
        return sum(_is_readable(database, table) for table in tables.metadata.tables)
    return 0


def _is_readable(database: sqlite3.Connection, table: str) -> bool:
    try:
        database.execute(f'SELECT * FROM "{table}" NOT INDEXED LIMIT 1').fetchall()  # noqa: S608
    except sqlite3.Error:
        return False
    return True


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.as_uri()}?mode={mode}"
    database = sqlite3.connect(uri, uri=True, isolation_level=None)
    database.execute("PRAGMA writable_schema = ON")  # one bad table says nothing of the others
    return database


def _problems(database: sqlite3.Connection) -> list[str]:
    found = database.execute(f"PRAGMA integrity_check({_MOST_PROBLEMS})")
    lines = [line for (text,) in found for line in text.splitlines()]
    return [line for line in lines if line != "ok" and not line.startswith("***")]
