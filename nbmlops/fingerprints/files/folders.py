"""What a folder holds, as one digest: the manifest of its entries, and the walk that finds them.

A folder's digest is BLAKE3 over its entries in the order of their names' bytes: of each its name,
its kind, and the digest of its content. That of a folder in it is the one it has by itself, so
equal parts of two trees show as equal. Counted are hidden and empty files and empty folders, names
as bytes (UTF-8 or not), links by the text they hold: they are never followed, so that broken ones
and loops are like any other. Sockets, pipes and devices are counted by kind and never opened. Not
counted are owners, times and permissions, the executable bit included: copies of the same data on
another system, in an archive or an object store are to be equal.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from nbmlops.fingerprints.base import Described, Part
from nbmlops.fingerprints.deadline import NEVER, Deadline, TakesTooLong
from nbmlops.fingerprints.files.file_bytes import (
    FileChanged,
    FileDigests,
    Stamp,
    kind_of,
    why_unreadable,
)
from nbmlops.records import Digest

_CONTEXT = "nbmlops 1 folder"  # separates manifests from files of the same bytes
_LISTING_CONTEXT = "nbmlops 1 listing"
_MOST_PARTS = 1_000


class Entry(NamedTuple):
    """Something in a folder; ``reason`` says why its content is not known."""

    name: bytes
    kind: str
    digest: bytes
    size_bytes: int = 0
    reason: str | None = None

    @property
    def shown_name(self) -> str:
        """The name as text, bytes that are not UTF-8 as escapes."""
        return self.name.decode("utf-8", "backslashreplace")


@dataclass(slots=True)
class Manifest:
    """The entries of one folder."""

    entries: list[Entry] = field(default_factory=list)
    reason: str | None = None
    unreadable_count: int = 0

    def add(self, entry: Entry) -> None:
        """Take an entry in; the first reason among them is the folder's."""
        self.entries.append(entry)
        if entry.reason is not None:
            self.unreadable_count += 1
            if self.reason is None:
                self.reason = f"{entry.shown_name}: {entry.reason}"

    def add_folder(self, name: bytes, held: "Manifest") -> None:
        """Take in a folder by what it holds."""
        entry = Entry(name, "folder", held.digest(), held.size_bytes)
        self.add(entry)
        self.unreadable_count += held.unreadable_count
        if held.reason is not None and self.reason is None:
            self.reason = f"{entry.shown_name}/{held.reason}"

    @property
    def size_bytes(self) -> int:
        """The size of all files in the folder and below."""
        return sum(entry.size_bytes for entry in self.entries)

    def digest(self) -> bytes:
        """Return the digest of the folder, 32 bytes."""
        return _digest(_CONTEXT, ((each.name, each.kind, each.digest) for each in self.entries))

    def described(self) -> Described:
        """Describe the folder; its entries, unless there are too many of them, are its parts."""
        parts: tuple[Part, ...] = ()
        if len(self.entries) <= _MOST_PARTS:
            parts = tuple(
                Part(entry.shown_name, entry.kind, Digest(entry.digest.hex()), "part")
                for entry in sorted(self.entries)
            )
        return Described(
            "folder",
            self.digest(),
            columns=parts,
            reason=self._whole_reason(),
            size_bytes=self.size_bytes,
            hash="blake3",
        )

    def _whole_reason(self) -> str | None:
        more = self.unreadable_count - 1
        return self.reason if more < 1 else f"{self.reason} (and {more:,} more)"


def described_folder(path: str, digests: FileDigests, deadline: Deadline = NEVER) -> Described:
    """Describe a folder with everything below it; raise `OSError` where it cannot be listed."""
    level_at = partial(_level_at, digests=digests, deadline=deadline)
    return walked(os.fsencode(path), level_at).described()


def listing_digest(path: str) -> bytes:
    """Return the digest of the names and kinds in a folder, without what is below or in them."""
    with os.scandir(os.fsencode(path)) as found:
        return _digest(_LISTING_CONTEXT, ((entry.name, _kind(entry), b"") for entry in found))


def _digest(context: str, rows: Iterable[tuple[bytes, str, bytes]]) -> bytes:
    from blake3 import blake3

    state = blake3(derive_key_context=context)
    for row in sorted(rows):
        for part in (row[0], row[1].encode(), row[2]):
            state.update(len(part).to_bytes(8, "little") + part)
    return state.digest()


@dataclass(frozen=True, slots=True)
class Level[Place]:
    """A folder on the way down: what is known of it, and the folders in it yet to be visited.

    ``is_as_before`` tells whether no entry has come or gone since the folder was listed.
    """

    name: bytes
    manifest: Manifest
    below: list[tuple[bytes, Place]]
    is_as_before: Callable[[], bool]


def walked[Place](root: Place, level_at: Callable[[bytes, Place], Level[Place]]) -> Manifest:
    """Return what a folder holds, wherever it lies; ``level_at`` lists one, by name and place.

    Each level is listed by itself, so that one that fails is not left out. Raises what listing the
    root raises, and `FileChanged` where entries come or go while it is read, twice in a row.
    """
    for _ in range(2):
        manifest = _walked_once(root, level_at)
        if manifest is not None:
            return manifest
    raise FileChanged


def _walked_once[Place](
    root: Place, level_at: Callable[[bytes, Place], Level[Place]]
) -> Manifest | None:
    levels = [level_at(b"", root)]
    while True:
        innermost = levels[-1]
        if innermost.below:
            name, place = innermost.below.pop()
            try:
                levels.append(level_at(name, place))
            except TakesTooLong:
                raise
            except Exception as problem:  # noqa: BLE001, drivers of URLs raise what they like
                innermost.manifest.add(unreadable(name, problem))
            continue
        levels.pop()
        if not innermost.is_as_before():
            return None
        if not levels:
            return innermost.manifest
        levels[-1].manifest.add_folder(innermost.name, innermost.manifest)


def _level_at(
    name: bytes, path: bytes, *, digests: FileDigests, deadline: Deadline
) -> Level[bytes]:
    before = _stamp(path)
    with os.scandir(path) as found:
        entries = list(found)
    manifest = Manifest()
    below: list[tuple[bytes, bytes]] = []
    for entry in entries:
        if _kind(entry) == "folder":
            below.append((entry.name, entry.path))
        else:
            deadline.check()
            manifest.add(_looked_at(entry, digests, deadline))
    return Level(name, manifest, below, lambda: _is_still(path, before))


def _stamp(path: bytes) -> Stamp:
    return Stamp.of(os.stat(path))  # noqa: PTH116, names are bytes here


def _is_still(path: bytes, before: Stamp) -> bool:
    try:
        return _stamp(path) == before
    except OSError:
        return False


def _looked_at(entry: "os.DirEntry[bytes]", digests: FileDigests, deadline: Deadline) -> Entry:
    kind = _kind(entry)
    try:
        if kind == "file":
            digest, stamp = digests.of(entry.path, follow_links=False, deadline=deadline)
            return Entry(entry.name, kind, digest, stamp.size_bytes)
        text = os.readlink(entry.path) if kind == "link" else b""  # noqa: PTH115, bytes
    except (OSError, FileChanged) as problem:
        return unreadable(entry.name, problem)
    return Entry(entry.name, kind, _text_digest(text))


def unreadable(name: bytes, problem: Exception) -> Entry:
    """Return what stands for something whose content cannot be looked at."""
    return Entry(name, "unreadable", _text_digest(b""), reason=why_unreadable(problem))


def _text_digest(text: bytes) -> bytes:
    from blake3 import blake3

    return blake3(text).digest()


def _kind(entry: "os.DirEntry[bytes]") -> str:
    try:
        if entry.is_symlink():
            return "link"
        if entry.is_dir(follow_symlinks=False):
            return "folder"
        if entry.is_file(follow_symlinks=False):
            return "file"
        return kind_of(entry.stat(follow_symlinks=False).st_mode)
    except OSError:  # gone since it was listed
        return "file"
