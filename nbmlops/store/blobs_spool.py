"""Blobs that are kept elsewhere, and wait in a local folder until they are there."""

import contextlib
import math

from nbmlops.errors import BlobMissing
from nbmlops.records import Digest
from nbmlops.store.base import Blobs
from nbmlops.store.blobs import LocalBlobs


class SpooledBlobs:
    """Blobs whose writing never waits for a network. A `nbmlops.store.base.Blobs`.

    Whoever records puts them into ``waiting``; `deliver` brings them to ``kept``, before the
    records that name them are saved. Any process of the machine may deliver them.
    """

    def __init__(self, waiting: LocalBlobs, kept: Blobs) -> None:
        self.waiting, self.kept = waiting, kept

    def put(self, data: bytes) -> Digest:
        """Keep bytes, here for now, and return their digest."""
        return self.waiting.put(data)

    def deliver(self) -> int:
        """Bring what waits to where it is kept; return how many they were."""
        delivered = 0
        for digest in self.waiting.digests():
            with contextlib.suppress(BlobMissing):  # another process was first
                self.kept.put(self.waiting.get(digest))
                delivered += self.waiting.remove(digest, put_before=math.inf)
        return delivered

    def get(self, digest: Digest) -> bytes:
        """Return the bytes, from wherever they are."""
        try:
            return self.waiting.get(digest)
        except BlobMissing:
            return self.kept.get(digest)

    def size(self, digest: Digest) -> int:
        """Return the size in bytes."""
        try:
            return self.waiting.size(digest)
        except BlobMissing:
            return self.kept.size(digest)

    def put_at(self, digest: Digest) -> float:
        """Return when a blob was last put."""
        try:
            return self.waiting.put_at(digest)
        except BlobMissing:
            return self.kept.put_at(digest)

    def remove(self, digest: Digest, *, put_before: float) -> bool:
        """Remove a blob unless it was put since."""
        waited = self.waiting.remove(digest, put_before=put_before)
        try:
            self.waiting.size(digest)
        except BlobMissing:
            return self.kept.remove(digest, put_before=put_before) or waited
        return False

    def set_aside(self, digest: Digest) -> str:
        """Keep damaged bytes where they are, under another name."""
        try:
            return self.waiting.set_aside(digest)
        except BlobMissing:
            return self.kept.set_aside(digest)

    def digests(self) -> list[Digest]:
        """Return every digest, kept or waiting, sorted."""
        return sorted({*self.waiting.digests(), *self.kept.digests()})
