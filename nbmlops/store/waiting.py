"""What waits on this machine for a store on a server; found without the server."""

from dataclasses import dataclass

from nbmlops.store.base import Finding
from nbmlops.store.blobs import LocalBlobs
from nbmlops.store.lines import count_in
from nbmlops.store.live import live_files
from nbmlops.store.live_head import lines_in
from nbmlops.store.locked_files import content_of
from nbmlops.store.places import blobs_in, home_of, is_on_server


@dataclass(frozen=True, slots=True)
class Waiting:
    """Records of sessions, living ones included, and blobs that are not delivered yet.

    ``damaged`` are blobs that never will be: a crash cut them off.
    """

    records: int
    sessions: int
    blobs: int
    size_bytes: int
    damaged: int = 0


def has_spool(url: str) -> bool:
    """Tell whether what is recorded into a store may have to wait."""
    return is_on_server(url) or blobs_in(url) is not None


def spool_of(url: str) -> LocalBlobs:
    """Return the blobs that wait on this machine."""
    return LocalBlobs(home_of(url) / "waiting")


def waiting(url: str) -> Waiting:
    """Return what waits for a store."""
    contents = [content_of(path) for path in live_files(home_of(url) / "live") if path.exists()]
    filled = [lines for content in contents if (lines := [*lines_in(content)])]
    blobs = spool_of(url)
    digests = blobs.digests()
    size = sum(len(line) + 1 for lines in filled for line in lines)
    size += sum(blobs.size(digest) for digest in digests)
    records = sum(count_in(line) for lines in filled for line in lines)
    damaged = len(list(blobs.folder.glob("damaged/*")))
    return Waiting(records, len(filled), len(digests), size, damaged)


def waiting_found(url: str) -> Finding:
    """Return what waits as a finding of ``nbmlops doctor``."""
    found = waiting(url)
    text = "nothing on this machine"
    if found.records or found.blobs:
        text = f"{_count(found.records, 'record')} of {_count(found.sessions, 'session')} "
        text += f"and {_count(found.blobs, 'blob')}"
        text += f" on this machine, {found.size_bytes:,} bytes in {home_of(url)}"
    if found.damaged:
        aside = spool_of(url).folder / "damaged"
        text += f"; {found.damaged:,} damaged in {aside} are lost: delete them there when seen"
    return Finding("waiting", not found.damaged, text)


def _count(amount: int, noun: str) -> str:
    return f"{amount:,} {noun}" if amount == 1 else f"{amount:,} {noun}s"
