"""Blobs at any URL that fsspec knows: a bucket, a shared folder, a server.

Whole or not at all: object stores show an object when all of it is there; elsewhere bytes are
written under another name and moved. Nothing here tries again: reading is as patient as the file
system's own client, and what cannot be written waits where `nbmlops.store.blobs_spool` keeps it.
"""

import contextlib
import importlib
import time
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from nbmlops.errors import BlobCorrupt, BlobMissing, BlobsUnavailable, LibraryMissing
from nbmlops.records import Digest
from nbmlops.store.base import RENEWED_SECONDS
from nbmlops.store.blobs import digest_of
from nbmlops.store.places import without_user

_PREFIX = "blake3:"
_WHOLE_AT_ONCE = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "oci", "memory"}


class RemoteBlobs:
    """Blobs as ``ab/cdef…`` below a URL. A `nbmlops.store.base.Blobs`."""

    def __init__(self, url: str) -> None:
        self.url = without_user(url)
        try:
            fsspec = importlib.import_module("fsspec.core")
            self._files, self._root = fsspec.url_to_fs(url)
        except ImportError as problem:
            raise LibraryMissing(self.url, str(problem), "'nbmlops[remote]'") from None
        except ValueError as problem:
            raise BlobsUnavailable(self.url, str(problem)) from None
        protocol = self._files.protocol
        names = {protocol} if isinstance(protocol, str) else {*protocol}
        self._is_whole_at_once = bool(names & _WHOLE_AT_ONCE)

    def put(self, data: bytes) -> Digest:
        """Keep bytes and return their digest."""
        digest = digest_of(data)
        path = self._path(digest)
        with self._reaching():
            try:
                found = self._files.info(path)
                is_young = (_modified(found) or 0.0) > time.time() - RENEWED_SECONDS
                if is_young and found["size"] == len(data):
                    return digest
            except FileNotFoundError:
                pass
            self._write(path, data)
        return digest

    def get(self, digest: Digest) -> bytes:
        """Return the bytes, verified."""
        with self._reaching(digest):
            data: bytes = self._files.cat_file(self._path(digest))
        if digest_of(data) != digest:
            raise BlobCorrupt(digest, self._path(digest))
        return data

    def size(self, digest: Digest) -> int:
        """Return the size in bytes."""
        with self._reaching(digest):
            return int(self._files.info(self._path(digest))["size"])

    def put_at(self, digest: Digest) -> float:
        """Return when a blob was last put; where no time is known, now: none is old there."""
        with self._reaching(digest):
            moment = _modified(self._files.info(self._path(digest)))
        return time.time() if moment is None else moment

    def remove(self, digest: Digest, *, put_before: float) -> bool:
        """Remove a blob unless it was put since."""
        try:
            if self.put_at(digest) >= put_before:
                return False
            with self._reaching(digest):
                self._files.rm_file(self._path(digest))
        except BlobMissing:
            return False
        return True

    def set_aside(self, digest: Digest) -> str:
        """Keep damaged bytes beside the others, with ``.damaged`` behind their name."""
        path = self._path(digest)
        with self._reaching(digest):
            self._files.mv(path, f"{path}.damaged")
        return f"{path}.damaged"

    def digests(self) -> list[Digest]:
        """Return every digest kept, sorted."""
        with self._reaching():
            try:
                paths = self._files.find(self._root)
            except FileNotFoundError:
                return []
        names = (path.rpartition("/")[0][-2:] + path.rpartition("/")[2] for path in paths)
        return sorted(Digest(_PREFIX + name) for name in names if _is_hexadecimal(name))

    def _write(self, path: str, data: bytes) -> None:
        if self._is_whole_at_once:
            self._files.pipe_file(path, data)
            return
        self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
        temporary = f"{path}.{uuid.uuid4().hex}.new"
        try:
            self._files.pipe_file(temporary, data)
            self._files.mv(temporary, path)
        except BaseException:
            with contextlib.suppress(Exception):  # it may never have been there
                self._files.rm_file(temporary)
            raise

    def _path(self, digest: Digest) -> str:
        hexadecimal = digest.removeprefix(_PREFIX)
        return f"{self._root.rstrip('/')}/{hexadecimal[:2]}/{hexadecimal[2:]}"

    @contextlib.contextmanager
    def _reaching(self, digest: Digest | None = None) -> Iterator[None]:
        """Raise our errors for those of the file system, of which each has its own."""
        try:
            yield
        except FileNotFoundError as problem:
            if digest is None:
                raise BlobsUnavailable(self.url, f"there is no {problem}") from problem
            raise BlobMissing(digest) from None
        except Exception as problem:
            said = f"{type(problem).__name__}: {problem}"
            raise BlobsUnavailable(self.url, said) from problem


def _modified(found: dict[str, Any]) -> float | None:
    """Return when a file was last written, which each file system calls otherwise."""
    for name in ("LastModified", "mtime", "updated", "last_modified", "modified", "created"):
        moment = found.get(name)
        if isinstance(moment, datetime):
            return moment.timestamp()
        if isinstance(moment, int | float):
            return float(moment)
    return None


def _is_hexadecimal(name: str) -> bool:
    return len(name) == 64 and all(sign in "0123456789abcdef" for sign in name)
