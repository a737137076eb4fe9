"""Files and folders at URLs, read through fsspec, which is imported when the first URL comes.

They are streamed in pieces and come to the same digests as local copies. fsspec's backends for the
network are packages of their own; where one is missing, its name is in the reason.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from nbmlops.fingerprints.base import Described
from nbmlops.fingerprints.files.file_bytes import FileChanged
from nbmlops.fingerprints.files.folders import Entry, Level, Manifest, unreadable, walked

_PIECE_BYTES = 1 << 20
# By what file systems tell one version of a file from the next.
_VERSION_KEYS = (
    "size ETag etag mtime LastModified last_modified modified updated created generation "
    "version_id VersionId"
).split()


class FsspecMissing(ImportError):
    """A URL was asked for, and fsspec is not installed."""


def local_path(url: str) -> str | None:
    """Return the path that a ``file://`` URL names on this machine, None for any other URL."""
    for scheme in ("file://", "local://"):
        if url.lower().startswith(scheme) and "::" not in url:
            path = url[len(scheme) :]
            return path if Path(path).exists() else unquote(path)
    return None


def described_url(url: str) -> Described:
    """Describe a file or folder at a URL; raises what the file system raises."""
    system, path = _opened(url)
    if _info(system, path)["type"] == "directory":
        return walked(path, partial(_level_at, system=system)).described()
    digest, size_bytes = _file(system, path)
    return Described("file", digest, size_bytes=size_bytes, hash="blake3")


def _opened(url: str) -> tuple[Any, str]:
    """Return the file system of a URL and the path in it.

    It is one of its own: those that fsspec keeps have lists of what was there some time ago, and
    archives opened before they were written anew.
    """
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise FsspecMissing("URLs are read with fsspec: pip install fsspec") from None
    system, path = url_to_fs(url, skip_instance_cache=True)
    return system, path


def _info(system: Any, path: str) -> Any:
    """Return what a file system knows of a path.

    To fsspec a server that does not answer has no such file; raised is why it was not found.
    """
    try:
        return system.info(path)
    except FileNotFoundError as missing:
        cause = missing.__cause__
        if isinstance(cause, Exception) and not isinstance(cause, FileNotFoundError):
            raise cause from None
        raise


def _file(system: Any, path: str) -> tuple[bytes, int]:
    """Return the digest and size of a file that keeps still while it is read."""
    for _ in range(2):
        before = _version(system, path)
        digest, size_bytes = _streamed(system, path)
        if _version(system, path) == before and before.get("size", size_bytes) == size_bytes:
            return digest, size_bytes
    raise FileChanged


def _version(system: Any, path: str) -> dict[str, object]:
    system.invalidate_cache()
    found = system.info(path)
    return {key: found[key] for key in _VERSION_KEYS if found.get(key) is not None}


def _streamed(system: Any, path: str) -> tuple[bytes, int]:
    from blake3 import blake3

    state, count = blake3(), 0
    for piece in _pieces(system, path):
        state.update(piece)
        count += len(piece)
    return state.digest(), count


def _pieces(system: Any, path: str) -> Iterator[bytes]:
    if system.protocol == "memory":
        # A file in memory is one object, with one position: opening it would move the user's.
        yield from _ranges(system, path)
        return
    with system.open(path, "rb") as file:
        while piece := file.read(_PIECE_BYTES):
            yield piece


def _ranges(system: Any, path: str) -> Iterator[bytes]:
    start = 0
    while piece := system.cat_file(path, start=start, end=start + _PIECE_BYTES):
        yield piece
        start += len(piece)


def _level_at(name: bytes, path: str, *, system: Any) -> Level[str]:
    listing = _listing(system, path)
    manifest = Manifest()
    below: list[tuple[bytes, str]] = []
    for held, kind in listing.items():
        entry_name = held.rstrip("/").rpartition("/")[2].encode("utf-8", "surrogateescape")
        if kind == "directory":
            below.append((entry_name, held))
        else:
            manifest.add(_looked_at(system, entry_name, held))
    return Level(name, manifest, below, lambda: _listing(system, path) == listing)


def _listing(system: Any, path: str) -> dict[str, str]:
    """Return the paths and kinds of what a folder holds now.

    Object stores may hold an empty object for the folder itself.
    """
    system.invalidate_cache()
    found = {each["name"]: each["type"] for each in system.ls(path, detail=True)}
    own = path.rstrip("/")
    return {held: kind for held, kind in found.items() if held.rstrip("/") != own}


def _looked_at(system: Any, name: bytes, path: str) -> Entry:
    try:
        digest, size_bytes = _file(system, path)
    except Exception as problem:  # noqa: BLE001, drivers raise what they like
        return unreadable(name, problem)
    return Entry(name, "file", digest, size_bytes)
