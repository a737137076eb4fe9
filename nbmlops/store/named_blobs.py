"""Which blobs the records of a store name: outputs, models, artifacts, sources and patches.

Records on their way name some too; those of this machine's living sessions can be looked into.
"""

import contextlib
import re
from collections.abc import Iterator

from sqlalchemy import Connection, select, union

from nbmlops.records import Artifact, Digest, Environment, Execution, Model, Record
from nbmlops.store import live_folder, tables
from nbmlops.store.documents import blobs_of_environment
from nbmlops.store.live import live_files
from nbmlops.store.locked_files import content_of

_DIGEST = re.compile(rb"blake3:[0-9a-f]{64}")

COLUMNS = (tables.contents.c.blob, tables.models.c.blob, tables.artifacts.c.blob)


def named_blobs(connection: Connection) -> set[Digest]:
    """Return the digest of every blob that a record names."""
    wanted = union(*(select(column).where(column.is_not(None)) for column in COLUMNS))
    named = {Digest(digest) for digest in connection.scalars(wanted)}
    for document in connection.scalars(select(tables.environments.c.document)):
        named.update(blobs_of_environment(document))
    return named


def named_by_living(url: str) -> set[Digest]:
    """Return the digests in the live files: of records that are still on their way.

    To be asked before `named_blobs` is: what arrives in between is in one of both.
    """
    named: set[Digest] = set()
    for path in live_files(live_folder(url)):
        with contextlib.suppress(FileNotFoundError):  # of a session that has just ended
            named |= {Digest(found.decode()) for found in _DIGEST.findall(content_of(path))}
    return named


def blobs_of(record: Record) -> Iterator[Digest]:
    """Give the digest of every blob that a record names."""
    match record:
        case Execution(outputs=outputs):
            yield from (
                content.blob for output in outputs for content in output.contents if content.blob
            )
        case Model(blob=blob) | Artifact(blob=blob):
            yield from filter(None, [blob])
        case Environment(document=document):
            yield from blobs_of_environment(document)
        case _:
            pass
