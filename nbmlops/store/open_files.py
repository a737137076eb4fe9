"""Files of a store that anybody on the machine may read, though it makes them for their owner.

A group may be let in on purpose, by a team that shares a folder; all the world hardly ever is.
"""

import stat
from pathlib import Path

from nbmlops.store.database_files import database_files
from nbmlops.store.places import is_on_server, path_of


def open_files(url: str) -> list[Path]:
    """Return the files of a store's database that are open to everybody, its copies too."""
    if is_on_server(url):
        return []
    return [each for each in database_files(path_of(url)) if _mode(each) & stat.S_IRWXO]


def told_of_open(files: list[Path]) -> str:
    """Say which files are open to everybody, and what closes them."""
    names = ", ".join(f"{path.name} ({_mode(path):04o})" for path in files)
    return f"anybody on this machine may read {names}. Close with: nbmlops doctor --fix"


def close(path: Path) -> str:
    """Leave a file to its owner and group; return in words what was done."""
    before = _mode(path)
    path.chmod(before & ~stat.S_IRWXO)
    modes = f"{before:04o} → {_mode(path):04o}"
    return f"closed {path.name} to others than its owner and group: {modes}"


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:  # a log that has just been carried over
        return 0
