"""Making space: which runs, outputs and blobs may go, and how many bytes runs take."""

import contextlib
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Table, case, func, select, update

from nbmlops.drawing.progress import with_progress
from nbmlops.errors import BlobMissing
from nbmlops.records import Digest, RunId
from nbmlops.store import tables
from nbmlops.store.base import Blobs, Policy, Removed, RunSize
from nbmlops.store.contained import contained
from nbmlops.store.damaged_copies import damaged_copies
from nbmlops.store.named_blobs import named_blobs, named_by_living
from nbmlops.store.packing import Series, bytes_given_back, free_bytes, pack, to_pack
from nbmlops.store.purging import purge
from nbmlops.store.trash import is_in_trash

if TYPE_CHECKING:
    from nbmlops.store.upkeep import Upkeep


def make_space(store: "Upkeep", policy: Policy, *, is_done: bool) -> Removed:
    """Remove what may go; see `nbmlops.store.base.Store.make_space`.

    What would go is found by removing it and taking that back: the figures cannot be others, but
    for what packing gives back where many series can be.
    """
    listed = store.blobs.digests()  # which may take long: nobody waits for it
    with store.writing(is_kept=is_done) as connection:
        removed, named = _without_records(store, connection, policy)
    with store.engine.connect() as connection:
        series = to_pack(connection)
    database_bytes = removed.database_bytes + (_packed(store, series) if is_done else 0)
    unnamed = set(listed) - named
    kept = unnamed if damaged_copies(store.url) else set()
    old = _old_blobs(store.blobs, unnamed - kept, policy.put_before)
    young = len(unnamed) - len(kept) - len(old)
    if is_done:
        old = {digest: size for digest, size in with_progress(old.items(), "removing", "blob")
               if store.blobs.remove(digest, put_before=policy.put_before)}  # fmt: skip
        if database_bytes:
            store.give_back_pages()
    return Removed(
        removed.runs,
        removed.executions,
        removed.outputs,
        len(old),
        sum(old.values()),
        database_bytes,
        len(series),
        young,
        len(kept),
        0 if is_done else bytes_given_back(store, series),
    )


def _packed(store: "Upkeep", series: Sequence[Series]) -> int:
    """Pack series of measurements; return how many bytes that gave back."""
    with store.engine.connect() as connection:
        before = free_bytes(connection)
    pack(store, series)
    with store.engine.connect() as connection:
        return max(free_bytes(connection) - before, 0)


def _old_blobs(blobs: Blobs, digests: Collection[Digest], put_before: float) -> dict[Digest, int]:
    """Return the sizes of those blobs that were put before a time."""
    sizes = {}
    for digest in with_progress(sorted(digests), "looking through", "blob"):
        with contextlib.suppress(BlobMissing):  # another who makes space was first
            if blobs.put_at(digest) < put_before:
                sizes[digest] = blobs.size(digest)
    return sizes


def _without_records(
    store: "Upkeep", connection: Connection, policy: Policy
) -> tuple[Removed, set[Digest]]:
    """Remove records; return what went and the blobs that are named then."""
    store.dialect.begin_removing(connection)
    before = free_bytes(connection)
    runs = _runs_to_go(connection, policy)
    executions = purge(connection, runs)
    outputs = _cut_outputs(connection, policy)
    freed = free_bytes(connection) - before
    # In this order: what is delivered meanwhile leaves the live files for the database.
    named = named_by_living(store.url) | named_blobs(connection)
    return Removed(tuple(runs), executions, outputs, database_bytes=freed), named


def _runs_to_go(connection: Connection, policy: Policy) -> list[RunId]:
    runs = tables.runs.c
    old = select(runs.id).join(tables.sessions).where(
        runs.trashed < policy.trashed_before,
        runs.pinned.is_(None),
        runs.status != "running",
        tables.sessions.c.ended.is_not(None),
    )  # fmt: skip
    return [RunId(run_id) for run_id in connection.scalars(old.order_by(runs.opened, runs.id))]


def _cut_outputs(connection: Connection, policy: Policy) -> int:
    """Cut old outputs to nothing; how large they were stays known."""
    contents, executions, inside = tables.contents.c, tables.executions.c, contained()
    of_pinned = (
        select(inside.c.execution_id)
        .join(tables.runs, tables.runs.c.id == inside.c.run_id)
        .where(tables.runs.c.pinned.is_not(None))
    )
    old = (
        select(executions.id)
        .join(tables.sessions)
        .where(
            executions.started < policy.outputs_before,
            tables.sessions.c.ended.is_not(None),
            executions.id.not_in(of_pinned),
        )
    )
    is_kept = contents.text.is_not(None) | contents.blob.is_not(None)
    cut = update(tables.contents).where(contents.execution_id.in_(old), is_kept)
    return connection.execute(
        cut.values(text=None, blob=None, cut_bytes=contents.size_bytes)
    ).rowcount


def sizes(connection: Connection) -> list[RunSize]:
    """Return how many bytes each run takes; see `nbmlops.store.base.Store.sizes`."""
    runs, points = tables.runs.c, tables.points.c
    kept = is_in_trash(runs.id, wanted=False)
    named = {
        row.id: row.experiment
        for row in connection.execute(select(runs.id, runs.experiment).where(kept))
    }
    total = dict.fromkeys(named, 0)
    parts: list[tuple[Any, ColumnElement[int]]] = [(points.run_id, func.length(points.data))]
    parts += [(table.c.run_id, _blob_bytes(table)) for table in (tables.models, tables.artifacts)]
    for run_id, size in parts:
        has_any = select(run_id, func.sum(size)).group_by(run_id).having(func.sum(size) > 0)
        _add(total, connection, has_any)
    inside = contained()
    executions = tables.executions.c
    source = select(inside.c.run_id, func.sum(func.length(executions.source))).select_from(
        inside.join(tables.executions, executions.id == inside.c.execution_id)
    )
    _add(total, connection, source.group_by(inside.c.run_id))
    contents = tables.contents.c
    shown = select(inside.c.run_id, func.sum(contents.size_bytes - contents.cut_bytes)).select_from(
        inside.join(tables.contents, contents.execution_id == inside.c.execution_id)
    )
    _add(total, connection, shown.group_by(inside.c.run_id))
    found = [RunSize(RunId(run), named[run], size) for run, size in total.items()]
    return sorted(found, key=lambda each: (-each.size_bytes, each.run_id))


def _blob_bytes(table: Table) -> ColumnElement[int]:
    return case((table.c.blob.is_not(None), table.c.size_bytes), else_=0)


def _add(total: dict[str, int], connection: Connection, statement: Any) -> None:
    for run_id, size in connection.execute(statement).all():
        if run_id in total:
            total[run_id] += int(size or 0)
