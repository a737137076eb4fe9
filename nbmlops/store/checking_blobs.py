"""The check of blobs: each against its digest, and those that are named against those there."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from nbmlops.drawing.progress import with_progress
from nbmlops.errors import BlobCorrupt
from nbmlops.records import Digest
from nbmlops.store.base import Blobs, by_whom
from nbmlops.store.blob_owners import owners_of
from nbmlops.store.blob_places import Missing, missing_blobs, recorders_of
from nbmlops.store.blobs import LocalBlobs
from nbmlops.store.named_blobs import named_blobs
from nbmlops.store.places import blobs_in
from nbmlops.store.remembered_places import forgotten_place

if TYPE_CHECKING:
    from nbmlops.store.connected import Connected

_SHARE = (
    'To share them give everybody a place, blobs = "s3://BUCKET/…", and bring there what a machine '
    "has with, on each: nbmlops doctor --fix"
)


def check_blobs(
    store: "Connected", connection: Connection, *, has_copies: bool
) -> tuple[bool, str]:
    """Tell whether all blobs are whole and there, and in words which are not and where they are."""
    named = named_blobs(connection)
    kept = set(store.blobs.digests())
    damaged = [
        digest
        for digest in with_progress(sorted(kept), "checking", "blob")
        if is_damaged(store.blobs, digest)
    ]
    missing = missing_blobs(store, connection, named - kept)
    size = sum(store.blobs.size(digest) for digest in kept)
    text = f"{len(kept):,} with {size:,} bytes, each as its digest says"
    if unnamed := len(kept - named):
        stay = "are kept for what was damaged" if has_copies else "can go with: nbmlops gc"
        text += f"; {unnamed:,} that no record names {stay}"
    if damaged or missing.lost:
        damage, lack = _few(connection, damaged), _few(connection, missing.lost)
        text = f"damaged: {damage}; missing: {lack}"
        text += f". {_how_to_mend(store, connection, missing)}"
    if missing.elsewhere:
        text += f"; {told_of_elsewhere(store.url, missing)}"
    return not damaged and not missing.lost, text


def is_damaged(blobs: Blobs, digest: Digest) -> bool:
    """Tell whether a blob's bytes are not what its digest says."""
    try:
        blobs.get(digest)
    except BlobCorrupt:
        return True
    return False


def told_of_elsewhere(url: str, missing: Missing) -> str:
    """Say on whose machines the blobs of a server are that are not here, and how to share them."""
    told = f"{len(missing.elsewhere):,} on the machines that recorded them"
    told += f" ({by_whom(missing.elsewhere)})"
    if place := forgotten_place(url):
        return f"{told}, or at {place}, which was used from here: blobs = {place!r}"
    return f"{told}. {_SHARE}"


def _how_to_mend(store: "Connected", connection: Connection, missing: Missing) -> str:
    """Return what brings lost blobs back, and what takes their names away."""
    who = recorders_of(connection, missing.lost)
    told = f"Recorded: {by_whom(who)}. " if any(who.values()) else ""
    if place := forgotten_place(store.url):
        return f"{told}This store was used from here with blobs = {place!r}: give that again"
    if not store.dialect.is_shared:
        return f"{told}From a copy that has them: nbmlops pull COPY; without: nbmlops doctor --fix"
    where = blobs_in(store.url) or (
        store.blobs.folder if isinstance(store.blobs, LocalBlobs) else ""
    )
    told += f"Looked for at {where}. From a machine or copy that has them: nbmlops push; "
    return f"{told}where nobody has: nbmlops doctor --fix --drop-lost"


def _few(connection: Connection, digests: "list[Digest] | tuple[Digest, ...]") -> str:
    shown = ", ".join(
        " ".join(filter(None, (f"{digest[:19]}…", owners_of(connection, digest))))
        for digest in digests[:5]
    )
    return f"{len(digests)} ({shown})" if digests else "none"
