"""The contract of what keeps bytes under their digests."""

from typing import Protocol

from nbmlops.records import Digest

# A blob that was put again so soon after is as old as it was.
RENEWED_SECONDS = 3_600.0


class Blobs(Protocol):
    """Bytes by their digest. Writing the same bytes twice keeps them once."""

    def put(self, data: bytes) -> Digest:
        """Keep bytes and return their digest; whole or not at all, whatever dies meanwhile."""

    def get(self, digest: Digest) -> bytes:
        """Return the bytes; raise `BlobMissing`, or `BlobCorrupt` where they changed on disk."""

    def digests(self) -> list[Digest]:
        """Return every digest that is kept."""

    def size(self, digest: Digest) -> int:
        """Return how many bytes a blob has; raise `BlobMissing`."""

    def remove(self, digest: Digest, *, put_before: float) -> bool:
        """Remove a blob unless it was put, also once more, at that time or later.

        Returns whether it is gone. Somebody who puts it at the same time finds it there later.
        ``put`` may leave the time of bytes that are there as it is for `RENEWED_SECONDS`.
        """

    def set_aside(self, digest: Digest) -> str:
        """Keep the bytes of a damaged blob under another name, which is returned.

        Raises `BlobMissing`.
        """

    def put_at(self, digest: Digest) -> float:
        """Return when a blob was last put; raise `BlobMissing`."""
