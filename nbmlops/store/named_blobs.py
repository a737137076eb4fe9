"""Which blobs the records of a store name: outputs, models, artifacts, sources and patches."""

from sqlalchemy import Connection, select, union

from nbmlops.records import Digest
from nbmlops.store import tables
from nbmlops.store.documents import blobs_of_environment

COLUMNS = (tables.contents.c.blob, tables.models.c.blob, tables.artifacts.c.blob)


def named_blobs(connection: Connection) -> set[Digest]:
    """Return the digest of every blob that a record names."""
    wanted = union(*(select(column).where(column.is_not(None)) for column in COLUMNS))
    named = {Digest(digest) for digest in connection.scalars(wanted)}
    for document in connection.scalars(select(tables.environments.c.document)):
        named.update(blobs_of_environment(document))
    return named
