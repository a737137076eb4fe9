"""Content-addressed bytes in a local folder: BLAKE3, written to a temporary name, then renamed."""

import contextlib
import os
import tempfile
import time
from pathlib import Path

from blake3 import blake3

from nbmlops.errors import BlobCorrupt, BlobMissing
from nbmlops.records import Digest
from nbmlops.store.base import RENEWED_SECONDS
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
        if _is_there(path, len(data)):
            return digest
        make_private(path.parent)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")  # mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())  # or a name may outlive a power cut without its bytes
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

    def remove(self, digest: Digest, *, put_before: float) -> bool:
        """Remove a blob unless it was put since; see `nbmlops.store.base.Blobs.remove`."""
        path = self.path(digest)
        aside = path.with_name(f".{path.name}.gone")
        try:
            # Put aside first: whoever puts it from now on writes it anew, and whoever has just
            # looked has renewed its time.
            path.replace(aside)
            if aside.stat().st_mtime >= put_before:
                aside.replace(path)
                return False
            aside.unlink()
        except FileNotFoundError:  # never there; or removed, or put back, by somebody else
            return False
        return True

    def set_aside(self, digest: Digest) -> str:
        """Keep damaged bytes in ``damaged/``."""
        path = self.path(digest)
        aside = self._aside(digest)
        make_private(aside.parent)
        try:
            path.replace(aside)
        except FileNotFoundError:
            raise BlobMissing(digest) from None
        return f"damaged/{aside.name}"

    def has_lost(self, digest: Digest, *, was_put_here: bool) -> bool:
        """Tell whether a blob that is not here was: damaged, or gone from its folder."""
        is_folder_there = self.path(digest).parent.is_dir()
        return self._aside(digest).exists() or (was_put_here and is_folder_there)

    def put_at(self, digest: Digest) -> float:
        """Return when a blob was last put."""
        try:
            return self.path(digest).stat().st_mtime
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

    def _aside(self, digest: Digest) -> Path:
        return self.folder / "damaged" / digest.removeprefix(_PREFIX)


def _is_there(path: Path, size: int) -> bool:
    """Tell whether bytes are there, and renew their time: somebody is about to name them."""
    try:
        found = path.stat()
        if found.st_size != size:
            return False
        if found.st_mtime < time.time() - RENEWED_SECONDS:
            os.utime(path)
    except FileNotFoundError:  # never there, or being removed
        return False
    return True
