"""What lies in the folders of a store and is none of its files, or what it could not read."""

import re
from collections.abc import Iterator
from pathlib import Path

from nbmlops.drawing.words import first_of
from nbmlops.store.live import SUFFIX, UNREADABLE

_MOST_SHOWN = 3
_BLOB = re.compile(r"blobs/(?:[0-9a-f]{2}/(?:[0-9a-f]{62}|\..+)|damaged/.+)")
_LIVE = re.compile(rf"live/.+(?:{re.escape(SUFFIX)}|\.new)")


def stray_files(home: Path) -> list[str]:
    """Return the paths below a store's folder of files that it has not written, sorted."""
    return sorted(_found(home))


def told_of_strays(strays: list[str]) -> str:
    """Return in words what is to be done with stray files."""
    unreadable = [each for each in strays if each.endswith(UNREADABLE)]
    others = [each for each in strays if each not in unreadable]
    parts = []
    if others:
        parts.append(f"{len(others):,} of something else: {first_of(others, _MOST_SHOWN)}")
    if unreadable:
        named = first_of(unreadable, _MOST_SHOWN)
        parts.append(f"{len(unreadable):,} with records that cannot be read: {named}")
    return f"{'; '.join(parts)}. Look at them, and delete them or put them elsewhere"


def _found(home: Path) -> Iterator[str]:
    for folder, ours in (("blobs", _BLOB), ("live", _LIVE)):
        for path in (home / folder).rglob("*"):
            name = path.relative_to(home).as_posix()
            if not ours.fullmatch(name) and not path.is_dir():
                yield name
