"""Copying blobs from one store to another, also those of which the target has the names alone."""

from collections.abc import Sequence

from nbmlops.canonical import now
from nbmlops.errors import BlobCorrupt, BlobMissing, NbmlopsError, StoreNotWritable
from nbmlops.records import Digest, RunId
from nbmlops.store.base import RENEWED_SECONDS, Blobs, Store
from nbmlops.store.blobs_spool import SpooledBlobs

_FEW = 50  # of so many each is asked for; of more all that are kept are listed


class CopyingBlobs:
    """Copies blobs, and counts what was copied and what could not be had."""

    def __init__(self, source: Store, target: Store) -> None:
        self._source, self._target = source, target
        self.number, self.size_bytes = 0, 0
        self.missing: dict[Digest, None] = {}

    def copy(self, digest: Digest, to: Blobs | None = None) -> None:
        """Copy a blob, unless the target has it and nobody could remove it in the next moment.

        It may wait until the record that names it is saved, unless it is said where it goes ``to``.
        """
        is_there = True
        try:
            if self._target.blobs.put_at(digest) > now() - RENEWED_SECONDS:
                return  # too young to be removed before its record is saved
        except BlobMissing:
            is_there = False
        try:
            data = self._source.blobs.get(digest)
        except (BlobMissing, BlobCorrupt):
            if not is_there:
                self.missing[digest] = None
            return
        self._put(data, to or self._target.blobs)
        if not is_there:
            self._count(len(data))

    def _put(self, data: bytes, to: Blobs) -> None:
        try:
            to.put(data)
        except NbmlopsError:  # of which some are errors of the system
            raise
        except OSError as problem:
            raise StoreNotWritable(self._target.url, str(problem)) from problem

    def bring(self, ids: Sequence[RunId] | None) -> None:
        """Copy the blobs of runs, None for all, that both name and the target does not have."""
        blobs = self._target.blobs
        at_once = blobs.kept if isinstance(blobs, SpooledBlobs) else blobs
        for digest in self._lacking(ids):
            self.copy(digest, at_once)

    def count(self, ids: Sequence[RunId] | None) -> None:
        """Count what `bring` would copy."""
        for digest in self._lacking(ids):
            try:
                self._count(self._source.blobs.size(digest))
            except BlobMissing:
                self.missing[digest] = None

    def _lacking(self, ids: Sequence[RunId] | None) -> list[Digest]:
        lacking = _not_there(self._target.blobs, self._target.blobs_named(ids) - {*self.missing})
        if lacking:
            lacking &= self._source.blobs_named(ids)
        return sorted(lacking)

    def _count(self, size_bytes: int) -> None:
        self.number += 1
        self.size_bytes += size_bytes


def _not_there(blobs: Blobs, digests: set[Digest]) -> set[Digest]:
    if len(digests) > _FEW:
        return digests - {*blobs.digests()}
    return {digest for digest in digests if not _has(blobs, digest)}


def _has(blobs: Blobs, digest: Digest) -> bool:
    try:
        blobs.size(digest)
    except BlobMissing:
        return False
    return True
