"""Bringing stores together: what `nbmlops.push` and `pull` do, for every face."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory

from nbmlops import config
from nbmlops.canonical import Json
from nbmlops.drawing.page import Drawn, Page, Span, Text
from nbmlops.drawing.progress import progress
from nbmlops.drawing.words import count, first_of, size
from nbmlops.errors import SameStore, ServerAway, StoreMissing
from nbmlops.records import RunId
from nbmlops.store import open_store
from nbmlops.store.base import Store
from nbmlops.store.copying import Copied, copy_runs
from nbmlops.store.places import without_blobs, without_password
from nbmlops.store.probing import is_there
from nbmlops.tracking.blob_notes import blob_notes
from nbmlops.tracking.choosing import chosen
from nbmlops.tracking.looking import tell_of_namesakes
from nbmlops.tracking.opening import opened
from nbmlops.wording import short

_MOST_SAID = 10


@dataclass(frozen=True)
class Exchanged(Drawn):
    """What was copied from one store to another."""

    copied: Copied
    url: str
    is_done: bool = True
    is_new: bool = False  # the store that was copied to
    fits_none: bool = False  # a filter, of the runs that were to be copied
    blob_notes: tuple[str, ...] = ()  # who has blobs that could not be had, and who can have these

    def to_json(self) -> Json:
        """Return the figures with stable keys."""
        copied = self.copied
        return {
            "store": self.url,
            "is_done": self.is_done,
            "runs": [*copied.runs],
            "executions": copied.executions,
            "blobs": copied.blobs,
            "blob_bytes": copied.blob_bytes,
            "left_open": copied.left_open,
            "missing_blobs": [*copied.missing_blobs],
            "missing_from": [
                {"digest": digest, "user": who.user, "host": who.host}
                for digest, recorders in sorted(copied.recorders.items())
                for who in sorted(recorders)
            ],
            "written": [
                {"run": each.run_id, "field": each.field, "by": each.by, "is_taken": each.is_taken}
                for each in copied.written
            ],
        }

    def page(self) -> Page:
        """Return what is to be drawn."""
        copied = self.copied
        lines = [*self._copied()]
        if self.fits_none:
            lines = ["no run fits: there is nothing to copy."]
        elif copied == Copied(left_open=copied.left_open):
            lines = [f"{self.url} has it all already."]
        elif not (copied.runs or copied.executions or copied.blobs or copied.written):
            lines = [f"{self.url} has all the records already."]
        if self.is_new:
            lines.append(f"{self.url} is a new store: there was none")
        if copied.left_open:
            lines.append(f"{count(copied.left_open, 'run')} still open: copied once ended")
        lines += self.blob_notes
        for each in copied.written[:_MOST_SAID]:
            what = "taken" if each.is_taken else "kept, as it is later than what was copied"
            lines.append(
                f"{each.field} of {short(each.run_id)} by {each.by or 'nobody known'}: {what}"
            )
        if len(copied.written) > _MOST_SAID:
            lines.append(f"and {len(copied.written) - _MOST_SAID:,} more")
        return Page((), [Text((Span(line),)) for line in lines])

    def _copied(self) -> Iterator[str]:
        """Give what came over whole, and on what that was there already something was written."""
        copied = self.copied
        in_both = {each.run_id for each in copied.written}
        whole = [run for run in copied.runs if run not in in_both]
        written_on = sorted({each.run_id for each in copied.written if each.is_taken})
        figures = count(len(whole), "run")
        names = f" ({first_of([short(run) for run in whole], _MOST_SAID)})"
        if self.is_done:
            blobs = f"{count(copied.blobs, 'blob')} ({size(copied.blob_bytes)})"
            figures, names = f"{figures}, {count(copied.executions, 'execution')}, {blobs}", ""
        would = "" if self.is_done else "would be "
        if whole or copied.executions or copied.blobs or not written_on:
            yield f"{would}copied to {self.url}: {figures}{names}"
        if written_on:
            touched = first_of([short(run) for run in written_on], _MOST_SAID)
            yield f"{would}written on in {self.url}: {count(len(written_on), 'run')} ({touched})"


def push(
    url: str,
    *runs: str,
    dry_run: bool = False,
    store: str | None = None,
) -> Exchanged:
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
    dry_run : bool
        Only say which runs would be copied, or written on.
    store : str, optional
        URL or path of the store to copy from; by default the project's.

    Raises
    ------
    SameStore
        ``url`` is the store itself.
    RunNotFound, RunAmbiguous, QueryError
        One of ``runs`` is neither a run nor a filter.
    StoreMissing
        There is nothing to copy from.
    """
    is_new = not dry_run and not is_there(config.as_url(url))
    with opened(store) as (found, settings):
        if found.url == config.as_url(url):
            raise SameStore(found.url)
        ids = _chosen(found, runs, settings) if runs else None
        if ids == []:
            other_url = without_password(config.as_url(url))
            return Exchanged(Copied(), other_url, is_done=not dry_run, fits_none=True)
        with (
            _other(url, makes=not dry_run) as (other, other_url),
            progress("copying", "run") as say,
        ):
            copied = copy_runs(found, other, ids, say=say, is_done=not dry_run)
            notes = blob_notes(copied, found.url, other_url)
            return Exchanged(
                copied, other_url, is_done=not dry_run, is_new=is_new, blob_notes=notes
            )


def pull(
    url: str,
    *runs: str,
    dry_run: bool = False,
    store: str | None = None,
) -> Exchanged:
    """Copy what this store lacks of another's runs; see `push`, which this is turned round."""
    with (
        _not_recorded_to(url),
        opened(url) as (found, settings),
        _own(store, makes=not dry_run) as (own, own_url),
        progress("copying", "run") as say,
    ):
        if own.url == found.url:
            raise SameStore(own.url)
        ids = _chosen(found, runs, settings) if runs else None
        copied = copy_runs(found, own, ids, say=say, is_done=not dry_run)
        notes = blob_notes(copied, found.url, own_url)
        return Exchanged(
            copied, own_url, is_done=not dry_run, fits_none=ids == [], blob_notes=notes
        )


def _chosen(store: Store, runs: Sequence[str], settings: config.Settings) -> list[RunId]:
    """Return the runs to copy, and tell which was taken of a name that several have."""
    ids = chosen(store, runs, settings)
    if len(ids) == len(runs):  # else one filter found them
        for words, run_id in zip(runs, ids, strict=True):
            tell_of_namesakes(store, words, run_id)
    return ids


@contextmanager
def _other(url: str, *, makes: bool) -> Iterator[tuple[Store, str]]:
    wanted = config.as_url(url)
    with _not_recorded_to(url), _made(wanted, makes=makes) as other:
        yield other, without_password(wanted)


@contextmanager
def _not_recorded_to(url: str) -> Iterator[None]:
    """Say of another store's server that is away nothing of what is recorded: it goes elsewhere."""
    try:
        yield
    except ServerAway as away:
        if away.url != without_password(without_blobs(config.as_url(url))):
            raise
        raise ServerAway(away.url, away.reason, waits=False) from None


@contextmanager
def _own(store: str | None, *, makes: bool) -> Iterator[tuple[Store, str]]:
    """Give the store to copy into, making one where nothing was recorded."""
    try:
        with opened(store) as (own, _):
            yield own, own.url
            return
    except StoreMissing as missing:
        wanted = missing.url
    with _made(wanted, makes=makes) as own:
        yield own, without_password(wanted)


@contextmanager
def _made(url: str, *, makes: bool) -> Iterator[Store]:
    """Give a store; where there is none and it is not to be made, an empty one that nobody sees."""
    with ExitStack() as stack:
        try:
            found = open_store(url, makes=makes) if makes or is_there(url) else None
        except StoreMissing:
            found = None
        if found is None:
            folder = stack.enter_context(TemporaryDirectory(prefix="nbmlops-"))
            found = open_store(f"sqlite:///{folder}/store.db")
        stack.callback(found.close)
        yield found
