"""Connections to an SQLite file that only read, also where nothing at all can be written.

SQLite reads a file that has a log through an index beside it, which it makes where there is none:
on a full disk that fails though all there is to read is there.
"""

import sqlite3
from pathlib import Path
from typing import Literal

# How a file is read: with whoever writes it, by the index they share; by a copy of the index in
# memory, which keeps others out for as long; or as it is, where it has no log and nobody writes.
type Way = Literal["shared", "alone", "as it is"]

_LOG_HEAD_BYTES = 32  # a log of no more holds nothing


def way_to_read(path: Path, *, has_room: bool = True) -> Way:
    """Return how a file can be read; ``has_room`` tells whether an index can be made."""
    log = path.with_name(f"{path.name}-wal")
    if has_room and log.exists():
        return "shared"
    try:
        return "alone" if log.stat().st_size > _LOG_HEAD_BYTES else "as it is"
    except FileNotFoundError:
        return "as it is"


def uri_to_read(path: Path, way: Way) -> str:
    """Return the URI of a file that is read in some way; see `configure_to_read`."""
    options = {"shared": "mode=ro", "alone": "mode=rw", "as it is": "mode=ro&immutable=1"}
    return f"{path.as_uri()}?{options[way]}"


def configure_to_read(connection: sqlite3.Connection, way: Way) -> None:
    """Have a connection, of `uri_to_read`, make no index and leave the log as it is."""
    if way == "alone":
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, True)
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
