"""What can be said of a store from its file's first bytes, without any SQL library."""

import contextlib
import importlib.util
import os
import stat
import struct
import time
from pathlib import Path

from nbmlops.errors import (
    LibraryMissing,
    NotAStore,
    StoreDamaged,
    StoreEmptied,
    StoreLost,
    StoreNotWritable,
    StoreTooNew,
)
from nbmlops.store.database_files import copies_of
from nbmlops.store.locked_files import content_of
from nbmlops.store.places import is_on_server, path_of, without_password

SCHEMA_NUMBER = 7  # the number of `tables.SCHEMA`, readable without loading SQLAlchemy
APPLICATION_ID = 0x6E626D6C  # "nbml", at byte 68 of the file
DRIVER = "psycopg"

_LOOKS, _MOMENT_SECONDS = 5, 0.05  # while another process may be making a store

_INDEX_BYTES = 32_768  # of a log, at least
_FIRST_PAGES_BYTES = 1_000_000
_OURS = ("alembic_version", "executions", "sessions")  # of every schema there has been

MAGIC = b"SQLite format 3\0"


def is_writable(path: Path) -> bool:
    """Tell whether the file, and the folder where SQLite keeps its log, can be written."""
    if path.exists():
        return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    folder = next(parent for parent in path.parents if parent.exists())
    return folder.is_dir() and os.access(folder, os.W_OK)


def is_full(path: Path) -> bool:
    """Tell whether the disk of a file has no room for the least that SQLite needs beside it."""
    found = os.statvfs(path.parent)
    return found.f_bavail * found.f_frsize < _INDEX_BYTES


def why_not_writable(path: Path) -> str:
    """Return in words why a file, or the folder of its log, cannot be written."""
    there = next(each for each in (path, *path.parents) if each.exists())
    places = [there] if there.is_dir() else [there, there.parent]
    place = next((each for each in places if not os.access(each, os.W_OK)), there)
    if os.statvfs(place).f_flag & os.ST_RDONLY:
        return f"{place} is on a disk that is mounted read-only"
    return f"no permission to write to {place}"


def probe(url: str) -> None:
    """Raise at once what recording into this store would raise later, as far as the file tells.

    Raises
    ------
    UnsupportedStore, NotAStore, StoreTooNew, StoreNotWritable, LibraryMissing
        As their docstrings say.
    """
    if is_on_server(url):  # what it says against it comes later: nobody waits for a server
        check_driver(url)
        return
    path = path_of(url)
    if not is_writable(path):
        raise StoreNotWritable(url, why_not_writable(path))
    look_at(url, path)


def check_driver(url: str) -> None:
    """Raise `LibraryMissing` where there is no driver for a server; loads none."""
    if importlib.util.find_spec(DRIVER) is None:
        raise LibraryMissing(without_password(url), DRIVER, "'nbmlops[postgres]'")


def is_behind(path: Path) -> bool:
    """Tell whether a store's file is of an earlier schema, as far as its first bytes tell."""
    schema = _schema_of(path)
    return schema is not None and schema < SCHEMA_NUMBER


def _schema_of(path: Path) -> int | None:
    """Return the number of a store's schema that its file's head says; None where it is none."""
    try:
        header = content_of(path, 72)
    except OSError:
        return None
    if len(header) < 72 or not header.startswith(MAGIC):
        return None
    schema, application = struct.unpack(">I4xI", header[60:72])
    return int(schema) if application == APPLICATION_ID else None


def look_at(url: str, path: Path) -> None:
    """Raise what the first bytes of a store's file tell against it; they may not be there yet.

    Raises
    ------
    NotAStore, StoreEmptied, StoreTooNew, StoreNotWritable
        As their docstrings say.
    """
    # What is in the log of a store in use may not be in its file yet. Asked first: another process
    # may close the store, and with it its log, meanwhile.
    has_log = path.with_name(path.name + "-wal").exists()
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # to open a pipe would wait for who writes into it
            raise NotAStore(
                url, "it is a folder" if path.is_dir() else "it is no file, but a device"
            )
        header = content_of(path, 72)
        size = found.st_size
    except FileNotFoundError:
        return
    except OSError as problem:  # no permission, links in a circle, a disk that fails
        raise StoreNotWritable(url, str(problem)) from None
    if not header:
        if (beside := _beside(path)) and not _is_being_made(path):
            raise StoreEmptied(url, beside)
        return
    if len(header) < 72 or not header.startswith(MAGIC):
        if _beside(path) or _goes_on_as_ours(path):
            raise StoreDamaged(url, "it does not begin as an SQLite database does")
        raise NotAStore(url, "it is not an SQLite database")
    schema, application = struct.unpack(">I4xI", header[60:72])
    if application != APPLICATION_ID and not has_log:
        (page_bytes,) = struct.unpack(">H", header[16:18])
        if page_bytes > 1 and size > page_bytes:
            raise NotAStore(url, "it is another program's database")
    if application == APPLICATION_ID and schema > SCHEMA_NUMBER:
        raise StoreTooNew(url, f"{schema:04}", f"{SCHEMA_NUMBER:04}")


def is_there(url: str) -> bool:
    """Tell whether there is something to look into, rather than a store to be made.

    A server is asked later. Raises `StoreEmptied` where a file was emptied, and `StoreLost` where
    it is gone and what only a store leaves is there, but no session that may be making it.
    """
    if is_on_server(url):
        return True
    path = path_of(url)
    try:
        is_empty = path.is_file() and not path.stat().st_size
    except OSError:
        return True  # opening it tells why
    if is_empty:
        look_at(url, path)
    if path.exists():
        return not is_empty
    if not any(path.parent.glob("live/*")) and (beside := _beside(path)):
        raise StoreLost(url, beside)
    return False


def _beside(path: Path) -> str:
    """Return in words what only a store leaves beside its file; nothing where there is nothing.

    Blobs are of whichever store is in their folder, so that a name misspelled is no loss.
    """
    blobs = sum(1 for _ in path.parent.glob("blobs/[0-9a-f][0-9a-f]/[0-9a-f]*"))
    if blobs and _has_another(path):
        blobs = 0
    copies = [copy.name for copy in copies_of(path)]
    found = [f"{blobs:,} blob{'s' * (blobs != 1)}"] if blobs else []
    return " and ".join([*found, *copies])


def _has_another(path: Path) -> bool:
    """Tell whether another store than that of a path is in its folder, copies of it left out."""
    copies = copies_of(path)
    others = (each for each in path.parent.glob("[!.]*") if each != path and each not in copies)
    return any(_schema_of(each) is not None for each in others if each.is_file())


def _goes_on_as_ours(path: Path) -> bool:
    """Tell whether the first pages of a file list the tables of a store, whatever its head says."""
    with path.open("rb") as file:
        listed = file.read(_FIRST_PAGES_BYTES)
    return all(f"CREATE TABLE {name} ".encode() in listed for name in _OURS)


def _is_being_made(path: Path) -> bool:
    """Tell whether a file that is empty gets its first page within a moment."""
    for _ in range(_LOOKS):
        time.sleep(_MOMENT_SECONDS)
        with contextlib.suppress(OSError):
            if path.stat().st_size:
                return True
    return False
