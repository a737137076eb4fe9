"""Content-addressed bytes in a local folder: BLAKE3, written to a temporary name, then renamed."""

import contextlib
import os
import tempfile
from pathlib import Path

from blake3 import blake3

from nbmlops.errors import BlobCorrupt, BlobMissing
from nbmlops.records import Digest
from nbmlops.store.folders import make_private

_PREFIX = "blake3:"


def digest_of(data: bytes) -> Digest:
    """Return the digest of bytes: ``blake3:`` and 64 hexadecimal digits."""
    return Digest(_PREFIX + blake3(data).hexdigest())


class LocalBlobs:
    """Blobs as files ``ab/cdef…`` below a folder, readable by their owner only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes) -> Digest:
        """Keep bytes and return their digest."""
        digest = digest_of(data)
        path = self.path(digest)
        if path.exists() and path.stat().st_size == len(data):
            return digest
        make_private(path.parent)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(temporary).replace(path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                Path(temporary).unlink()
            raise
        return digest

    def get(self, digest: Digest) -> bytes:
        """Return the bytes, verified."""
        path = self.path(digest)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise BlobMissing(digest) from None
        if digest_of(data) != digest:
            raise BlobCorrupt(digest, str(path))
        return data

    def size(self, digest: Digest) -> int:
        """Return the size in bytes."""
        try:
            return self.path(digest).stat().st_size
        except FileNotFoundError:
            raise BlobMissing(digest) from None

    def digests(self) -> list[Digest]:
        """Return every digest kept, sorted."""
        files = self.folder.glob("[0-9a-f][0-9a-f]/[0-9a-f]*")
        return sorted(Digest(_PREFIX + file.parent.name + file.name) for file in files)

    def path(self, digest: Digest) -> Path:
        """Return where the bytes of a digest are, or would be."""
        hexadecimal = digest.removeprefix(_PREFIX)
        return self.folder / hexadecimal[:2] / hexadecimal[2:]
