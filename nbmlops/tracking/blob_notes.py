"""What is said of blobs that are on another machine: who has them, and how all could."""

from collections.abc import Iterator

from nbmlops.drawing.words import count
from nbmlops.errors import BlobNotHere
from nbmlops.records import Digest
from nbmlops.store import open_blobs
from nbmlops.store.base import Store, by_whom
from nbmlops.store.copying import Copied
from nbmlops.store.places import blobs_in, is_on_server
from nbmlops.store.remembered_places import forgotten_place

A_PLACE = "s3://BUCKET/FOLDER"


def blob_notes(copied: Copied, source: str, target: str) -> tuple[str, ...]:
    """Return what is to be said of the blobs of what was copied from one store to another."""
    return (*_of_missing(copied, source), *_of_staying(copied, target))


def _of_missing(copied: Copied, source: str) -> Iterator[str]:
    if not copied.missing_blobs:
        return
    missing = f"{count(len(copied.missing_blobs), 'blob')} could not be had: not at"
    yield f"{missing} {blobs_in(source) or open_blobs(source).folder}"
    if any(copied.recorders.values()):
        yield f"recorded were {by_whom(copied.recorders)}"
    if is_on_server(source) and blobs_in(source) is None:
        yield (
            "a server's blobs are where its users have set blobs, else on the machine of each. "
            f"Name the place behind the URL: {with_place(source)}"
        )
    else:
        yield "ask again where they are there, or with another copy"


def _of_staying(copied: Copied, target: str) -> Iterator[str]:
    if copied.blobs and is_on_server(target) and blobs_in(target) is None:
        yield (
            f"the blobs are on this machine, in {open_blobs(target).folder}, and nobody else has "
            f"them. Name a place that all can reach behind the URL: {with_place(target)}"
        )


def with_place(url: str) -> str:
    """Return a URL that names a place of its blobs: the one it was used with, or an example."""
    return f"{url}{'&' if '?' in url else '?'}blobs={forgotten_place(url) or A_PLACE}"


def blob_not_here(store: Store, name: str, digest: Digest) -> BlobNotHere:
    """Return the error that says who has an artifact that is not here, and how to have it."""
    recorders = store.recorders_of([digest])
    who = f" ({min(recorders[digest]).words} recorded it)" if recorders[digest] else ""
    where = str(blobs_in(store.url) or open_blobs(store.url).folder)
    if not is_on_server(store.url):
        return BlobNotHere(digest, name, where + who, "bring it back with: nbmlops pull COPY")
    if blobs_in(store.url) is not None:
        hint = "bring it there, from a machine that has it, with: nbmlops doctor --fix"
        return BlobNotHere(digest, name, where + who, hint)
    place = forgotten_place(store.url)
    hint = (
        f"this store was used from here with blobs = {place!r}: give that again"
        if place
        else "a server's blobs stay on the machine that recorded them unless all set a place, "
        f'blobs = "{A_PLACE}"; nbmlops doctor --fix there then brings it'
    )
    return BlobNotHere(digest, name, where + who, hint)
