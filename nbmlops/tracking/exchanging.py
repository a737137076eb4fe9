"""Bringing stores together: what `nbmlops.push` and `pull` do, for every face."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from nbmlops import config
from nbmlops.canonical import Json
from nbmlops.drawing.page import Drawn, Page, Span, Text
from nbmlops.drawing.words import count, size
from nbmlops.errors import SameStore, StoreMissing
from nbmlops.store import open_store
from nbmlops.store.base import Store
from nbmlops.store.copying import Copied, copy_runs
from nbmlops.tracking.choosing import chosen
from nbmlops.tracking.opening import opened
from nbmlops.wording import short

_MOST_SAID = 10


@dataclass(frozen=True)
class Exchanged(Drawn):
    """What was copied from one store to another."""

    copied: Copied
    url: str

    def to_json(self) -> Json:
        """Return the figures with stable keys."""
        copied = self.copied
        return {
            "store": self.url,
            "runs": [*copied.runs],
            "executions": copied.executions,
            "blobs": copied.blobs,
            "blob_bytes": copied.blob_bytes,
            "left_open": copied.left_open,
            "missing_blobs": [*copied.missing_blobs],
            "written": [
                {"run": each.run_id, "field": each.field, "by": each.by, "is_taken": each.is_taken}
                for each in copied.written
            ],
        }

    def page(self) -> Page:
        """Return what is to be drawn."""
        copied = self.copied
        parts = [count(len(copied.runs), "run"), count(copied.executions, "execution")]
        told = f"{', '.join(parts)}, {count(copied.blobs, 'blob')} ({size(copied.blob_bytes)})"
        lines = [f"copied to {self.url}: {told}"]
        if copied == Copied(left_open=copied.left_open):
            lines = [f"{self.url} has it all already."]
        if copied.left_open:
            lines.append(f"{count(copied.left_open, 'run')} still open: copied once ended")
        if copied.missing_blobs:
            lines.append(f"{count(len(copied.missing_blobs), 'blob')} missing where they came from")
        for each in copied.written[:_MOST_SAID]:
            what = "taken" if each.is_taken else "kept, as it is later than what was copied"
            lines.append(
                f"{each.field} of {short(each.run_id)} by {each.by or 'nobody known'}: {what}"
            )
        if len(copied.written) > _MOST_SAID:
            lines.append(f"and {len(copied.written) - _MOST_SAID:,} more")
        return Page((), [Text((Span(line),)) for line in lines])


type Say = Callable[[int, int], None]


def _silent(_done: int, _total: int) -> None:
    pass


def push(url: str, *runs: str, store: str | None = None, say: Say = _silent) -> Exchanged:
    """Copy what another store lacks of runs, making that store where there is none.

    Whole runs, with their sessions, data and blobs; what is there already is not copied again, and
    of what was written on a run in both stores the later stays. Where it was interrupted, ask
    again. With `pull` after it both stores are the same.

    Parameters
    ----------
    url : str
        URL or folder of the other store.
    *runs : str
        Only these runs; or one filter, as `nbmlops.runs` takes it. By default all.
    store : str, optional
        URL or path of the store to copy from; by default the project's.
    say : callable, optional
        Told how many runs are done, of how many.

    Raises
    ------
    SameStore
        ``url`` is the store itself.
    RunNotFound, RunAmbiguous, QueryError
        One of ``runs`` is neither a run nor a filter.
    StoreMissing
        There is nothing to copy from.
    """
    with opened(store) as (found, settings), _other(url, found) as other:
        ids = chosen(found, runs, settings) if runs else None
        return Exchanged(copy_runs(found, other, ids, say=say), other.url)


def pull(url: str, *runs: str, store: str | None = None, say: Say = _silent) -> Exchanged:
    """Copy what this store lacks of another's runs; see `push`, which this is turned round."""
    with opened(url) as (found, settings), _own(store) as own:
        if own.url == found.url:
            raise SameStore(own.url)
        ids = chosen(found, runs, settings) if runs else None
        return Exchanged(copy_runs(found, own, ids, say=say), own.url)


@contextmanager
def _other(url: str, found: Store) -> Iterator[Store]:
    wanted = config.as_url(url)
    if wanted == found.url:
        raise SameStore(wanted)
    other = open_store(wanted)
    try:
        yield other
    finally:
        other.close()


@contextmanager
def _own(store: str | None) -> Iterator[Store]:
    """Give the store to copy into, making one where nothing was recorded."""
    try:
        with opened(store) as (own, _):
            yield own
            return
    except StoreMissing as missing:
        wanted = missing.url
    own = open_store(wanted)
    try:
        yield own
    finally:
        own.close()
