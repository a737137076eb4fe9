"""Copies of a store as it was before a salvage that could not save all: what to know while kept.

The blobs that their records name may be wanted once somebody reads more of them, or has a better
copy; who makes space leaves them.
"""

import itertools
import time
from pathlib import Path

from nbmlops.store.database_files import copies_of
from nbmlops.store.places import is_on_server, path_of

_BEFORE = "before-salvage"


def name_of_copy(path: Path, *, is_all_saved: bool) -> Path:
    """Return a new path for the copy of a damaged file, which says if it may still be needed."""
    kind = "before-fix" if is_all_saved else _BEFORE
    name = f"{path.name}.{kind}-{time.strftime('%Y%m%d-%H%M%S')}"
    others = (path.with_name(f"{name}-{number}") for number in itertools.count(2))
    names = itertools.chain([path.with_name(name)], others)
    return next(each for each in names if not each.exists())


def damaged_copies(url: str) -> list[Path]:
    """Return the copies beside a store of which not all could be saved, the oldest first."""
    if is_on_server(url):
        return []
    found = [copy for copy in copies_of(path_of(url)) if f".{_BEFORE}-" in copy.name]
    return [copy for copy in found if not copy.name.endswith(("-wal", "-shm"))]


def told_of_copies(copies: list[Path]) -> str:
    """Return in words what such copies are, and what to do with them."""
    names = ", ".join(copy.name for copy in copies)
    what = "is a store" if len(copies) == 1 else "are stores"
    return (
        f"{names} {what} of which not everything could be saved. Meanwhile no blob goes that it "
        "may name. Remove it once you have put back a better copy, or want no more of it"
    )
