"""Whose machine has the blobs that a store names: which sessions recorded them, and where.

A server without a place of blobs keeps them on the machine that recorded them, so that one which is
not here need not be lost. It is lost where it was: its folder, or its damaged bytes, are there yet.
"""

import socket
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, select

from nbmlops import config
from nbmlops.records import Digest, RunId
from nbmlops.store import tables
from nbmlops.store.base import Recorder
from nbmlops.store.blobs import LocalBlobs
from nbmlops.store.documents import blobs_of_environment
from nbmlops.store.named_blobs import named_blobs
from nbmlops.store.rows import chunks

if TYPE_CHECKING:
    from nbmlops.store.connected import Connected


@dataclass(frozen=True, slots=True)
class Missing:
    """Blobs that records name and that are not here: lost, or with who recorded them."""

    lost: tuple[Digest, ...]
    elsewhere: Mapping[Digest, frozenset[Recorder]]


def missing_blobs(
    store: "Connected", connection: Connection, missing: Collection[Digest]
) -> Missing:
    """Return which of the blobs that are named and not here are lost, and who has the others."""
    if not missing or not (store.dialect.is_shared and isinstance(store.blobs, LocalBlobs)):
        return Missing(tuple(sorted(missing)), {})
    recorders, here = recorders_of(connection, missing), _here()
    lost = {
        digest
        for digest in missing
        if store.blobs.has_lost(digest, was_put_here=here in recorders[digest])
    }
    others = sorted({*missing} - lost)
    return Missing(tuple(sorted(lost)), {digest: recorders[digest] for digest in others})


def _here() -> Recorder:
    return Recorder(config.user_name(), socket.gethostname())


def recorders_of(
    connection: Connection, digests: Collection[Digest]
) -> dict[Digest, frozenset[Recorder]]:
    """Return by whom, and on which machines, what names blobs was recorded."""
    found: dict[Digest, set[Recorder]] = {digest: set() for digest in digests}
    for part in chunks(sorted(digests)):
        for table, sessions in _naming():
            blob, session = table.c.blob, tables.sessions.c
            asked = select(blob, session.user, session.host).select_from(sessions)
            for digest, user, host in connection.execute(asked.where(blob.in_(part)).distinct()):
                found[digest].add(Recorder(user, host))
    if any(not who for who in found.values()):  # documents are long, and read one by one
        for digest, who in _recorders_of_environments(connection):
            if digest in found:
                found[digest] |= who
    nobody = {Recorder("", "")}
    return {digest: frozenset(who - nobody) for digest, who in found.items()}


def _naming() -> Iterator[tuple[Any, Any]]:
    runs, sessions, executions = tables.runs, tables.sessions, tables.executions
    for table in (tables.artifacts, tables.models):
        of_run = table.join(runs, runs.c.id == table.c.run_id)
        yield table, of_run.join(sessions, sessions.c.id == runs.c.session_id)
    outputs = tables.contents.join(executions)
    yield tables.contents, outputs.join(sessions, sessions.c.id == executions.c.session_id)


def _recorders_of_environments(
    connection: Connection,
) -> Iterator[tuple[Digest, set[Recorder]]]:
    environments, runs, sessions = tables.environments, tables.runs, tables.sessions
    joined = runs.join(sessions, sessions.c.id == runs.c.session_id)
    asked = select(runs.c.environment, sessions.c.user, sessions.c.host).select_from(joined)
    who: dict[str, set[Recorder]] = {}
    for environment, user, host in connection.execute(asked.distinct()):
        who.setdefault(environment, set()).add(Recorder(user, host))
    for digest, document in connection.execute(select(environments)):
        for blob in blobs_of_environment(document):
            yield blob, who.get(digest, set())


def blobs_named(connection: Connection, ids: Sequence[RunId] | None) -> set[Digest]:
    """Return the blobs that runs name, with those of their sessions' executions."""
    if ids is None:
        return named_blobs(connection)
    named: set[Digest] = set()
    for part in chunks(list(ids)):
        for asked in _named_by(part):
            named.update(blob for blob in connection.scalars(asked) if blob)
        of_runs = select(tables.runs.c.environment).where(tables.runs.c.id.in_(part))
        documents = select(tables.environments.c.document)
        for document in connection.scalars(
            documents.where(tables.environments.c.digest.in_(of_runs))
        ):
            named.update(blobs_of_environment(document))
    return named


def _named_by(ids: Sequence[RunId]) -> Iterator[Select[Any]]:
    for table in (tables.artifacts, tables.models):
        yield select(table.c.blob).where(table.c.run_id.in_(ids))
    sessions = select(tables.runs.c.session_id).where(tables.runs.c.id.in_(ids))
    joined = tables.contents.join(tables.executions)
    of_sessions = select(tables.contents.c.blob).select_from(joined)
    yield of_sessions.where(tables.executions.c.session_id.in_(sessions)).distinct()
