"""The files that a store's SQLite database is of, by their names: it, its logs, and its copies.

What else lies in the folder is somebody's own, however it is called. What a store keeps beside its
database, blobs and live files, is not here.
"""

import glob
import re
from pathlib import Path

_LOG = r"(?:-wal|-shm|-journal)?"
_COPY = r"\.before-(?:\d{4}|(?:fix|salvage)-\d{8}-\d{6}(?:-\d+)?)"


def database_files(path: Path) -> list[Path]:
    """Return the files of a database that are there, its copies and their logs too, sorted."""
    return _named(path, f"(?:{_COPY})?{_LOG}")


def copies_of(path: Path) -> list[Path]:
    """Return the copies made before a database was upgraded or repaired, and their logs, sorted."""
    return _named(path, f"{_COPY}{_LOG}")


def _named(path: Path, ending: str) -> list[Path]:
    found = path.parent.glob(f"{glob.escape(path.name)}*")
    name = re.compile(re.escape(path.name) + ending)
    return sorted(each for each in found if name.fullmatch(each.name) and each.is_file())
