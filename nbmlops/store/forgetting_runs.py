"""Forgetting runs for good: their records, blobs that only they name, copies of the database."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, select

from nbmlops.drawing.progress import with_progress
from nbmlops.errors import RunInLivingSession
from nbmlops.records import RunId
from nbmlops.store import tables
from nbmlops.store.base import Forgotten
from nbmlops.store.leaving_nothing import copies_beside, give_back_pages, overwrite_what_goes
from nbmlops.store.named_blobs import named_blobs, named_by_living
from nbmlops.store.places import path_of
from nbmlops.store.purging import purge
from nbmlops.store.rows import chunks

if TYPE_CHECKING:
    from nbmlops.store.upkeep import Upkeep


def forget_runs(
    store: "Upkeep", ids: Sequence[RunId], *, dead: Select[Any], is_done: bool
) -> Forgotten:
    """Take runs out of a store with all that only they use, and the copies that still have them.

    ``dead`` selects sessions that were never ended but are silent for too long to be waited for.
    Unless ``is_done`` it is only said what would go, found by removing it and taking that back.
    """
    began = time.time()
    on_their_way = named_by_living(store.url)
    with store.writing(is_kept=is_done) as connection:
        overwrite_what_goes(connection)
        store.dialect.begin_removing(connection)
        _check_ended(connection, ids, dead)
        before = named_blobs(connection)
        executions = purge(connection, ids)
        gone = before - on_their_way - named_blobs(connection)
    copies = copies_beside(store)
    names = tuple(copy.name for copy in copies)
    if not is_done:
        return Forgotten(tuple(ids), executions, blobs=len(gone), files=names)
    # What is put once more from now on is somebody else's.
    going = with_progress(sorted(gone), "removing", "blob")
    removed = [digest for digest in going if store.blobs.remove(digest, put_before=began)]
    for copy in copies:
        copy.unlink(missing_ok=True)
    left = () if give_back_pages(store) else (path_of(store.url).name,)
    return Forgotten(tuple(ids), executions, blobs=len(removed), files=names, left=left)


def _check_ended(connection: Connection, ids: Sequence[RunId], dead: Select[Any]) -> None:
    """Raise `RunInLivingSession` where one that goes on has one of these runs, or one inside."""
    runs, sessions = tables.runs.c, tables.sessions.c
    living = select(runs.id).join(tables.sessions).where(sessions.ended.is_(None))
    living = living.where(sessions.id.not_in(dead)).order_by(runs.id).limit(1)
    for part in chunks(list(ids)):
        run_id = connection.scalar(living.where(runs.id.in_(part) | runs.parent_id.in_(part)))
        if run_id is not None:
            raise RunInLivingSession(run_id)
