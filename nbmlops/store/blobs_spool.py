"""Blobs that are kept elsewhere, and wait in a local folder until they are there."""

import contextlib
import math
import time
from collections.abc import Callable, Iterator, Set

from nbmlops.errors import BlobCorrupt, BlobMissing, BlobsUnavailable
from nbmlops.records import Digest
from nbmlops.store.base import RENEWED_SECONDS, Blobs
from nbmlops.store.blobs import LocalBlobs


class SpooledBlobs:
    """Blobs whose writing never waits for a network. A `nbmlops.store.base.Blobs`.

    Whoever records puts them into ``waiting``; `delivering` brings them to ``kept``, before the
    records that name them are saved. Any process of the machine may deliver them.
    """

    def __init__(self, waiting: LocalBlobs, kept: Blobs) -> None:
        self.waiting, self.kept = waiting, kept

    def put(self, data: bytes) -> Digest:
        """Keep bytes, here for now, and return their digest."""
        return self.waiting.put(data)

    @contextlib.contextmanager
    def delivering(self, named: Set[Digest], awaited: Callable[[], Set[Digest]]) -> Iterator[None]:
        """Bring what waits to where it is kept; then save, in the block, what names some of it.

        Only after that it is let go here: what is kept and nothing names may be removed by anybody
        when it is a day old. So each try brings it anew.

        Parameters
        ----------
        named : set of Digest
            What the records name that are to be saved.
        awaited : callable
            Asked for what the records name that others are still to save.

        Raises
        ------
        BlobsUnavailable
            Nothing is taken where they are kept, or not what is named.
        """
        problems = self._deliver()
        for digest in sorted(named & problems.keys()):
            if problem := problems[digest]:
                raise problem
        yield
        delivered = {digest for digest, problem in problems.items() if problem is None}
        others = {digest for digest in delivered - named if self._is_old(digest)}
        if others:
            others -= awaited()
        for digest in (delivered & named) | others:
            self.waiting.remove(digest, put_before=math.inf)

    def _deliver(self) -> dict[Digest, BlobsUnavailable | None]:
        """Bring what waits to where it is kept; return each with why it was refused there."""
        problems: dict[Digest, BlobsUnavailable | None] = {}
        for digest in self.waiting.digests():
            with contextlib.suppress(BlobMissing):  # another process was first
                try:
                    self.kept.put(self.waiting.get(digest))
                    problems[digest] = None
                except BlobCorrupt:  # a crash cut it off; `nbmlops doctor` tells
                    self.waiting.set_aside(digest)
                except BlobsUnavailable as problem:
                    self.kept.put(b"")  # raises where nothing is taken
                    problems[digest] = problem
        return problems

    def _is_old(self, digest: Digest) -> bool:
        try:
            return self.waiting.put_at(digest) < time.time() - RENEWED_SECONDS
        except BlobMissing:
            return False

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
