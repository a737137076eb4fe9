"""Whose a blob is, in words: which file, model or output of which runs."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from nbmlops.records import Digest
from nbmlops.store import tables
from nbmlops.store.contained import contained

_MOST_SHOWN = 3
_SHORT_ID = 8


def owners_of(connection: Connection, digest: Digest) -> str:
    """Return what names a blob, ``artifact report.html of run 3k9f01ab``; empty if nobody does."""
    found = [*_of_runs(connection, digest), *_of_outputs(connection, digest)]
    more = f" and {len(found) - _MOST_SHOWN} more" if len(found) > _MOST_SHOWN else ""
    if not found and _is_in_environment(connection, digest):
        return "source or patch of an environment"
    return ", ".join(found[:_MOST_SHOWN]) + more


def _of_runs(connection: Connection, digest: Digest) -> Iterator[str]:
    for what, table in (("artifact", tables.artifacts), ("model", tables.models)):
        asked = select(table.c.name, table.c.run_id).where(table.c.blob == digest)
        for name, run_id in connection.execute(asked.order_by(table.c.run_id)):
            yield f"{what} {name} of run {run_id[:_SHORT_ID]}"


def _of_outputs(connection: Connection, digest: Digest) -> Iterator[str]:
    executions, inside = tables.executions.c, contained()
    outputs = tables.contents.join(tables.executions)
    joined = outputs.outerjoin(inside, inside.c.execution_id == executions.id)
    asked = (
        select(executions.sequence, executions.session_id, inside.c.run_id)
        .select_from(joined)
        .where(tables.contents.c.blob == digest)
        .distinct()
    )
    for sequence, session_id, run_id in connection.execute(asked):
        whose = f"run {run_id[:_SHORT_ID]}" if run_id else f"session {session_id[:_SHORT_ID]}"
        yield f"output of cell [{sequence}] of {whose}"


def _is_in_environment(connection: Connection, digest: Digest) -> bool:
    documents = tables.environments.c.document
    return bool(connection.scalar(select(documents).where(documents.contains(digest)).limit(1)))
