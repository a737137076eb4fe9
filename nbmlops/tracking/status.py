"""What `nbmlops.status` does, for every face: is it recorded, and does what is shown still hold.

What is stale is found in `nbmlops.cells.staleness`, what to run again in `nbmlops.cells.run_again`,
and the cells of the notebook file are tied to executions in `nbmlops.cells.ties`; here these get
what the store and the disk have.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from nbmlops import config
from nbmlops.cells.run_again import to_run_again
from nbmlops.cells.staleness import Freshness, Stale
from nbmlops.cells.ties import Ties, tied
from nbmlops.errors import ServerAway, StoreMissing
from nbmlops.fingerprints.files.described import described_file, described_listing
from nbmlops.fingerprints.files.file_bytes import Stamp
from nbmlops.records import Execution, FileUse, RunSummary, Session, SessionId
from nbmlops.store.base import RunQuery, Store
from nbmlops.store.places import home_of
from nbmlops.store.waiting import has_spool, waiting
from nbmlops.tracking import current
from nbmlops.tracking.looking import find_and_tell
from nbmlops.tracking.notebook_file import NotebookFile
from nbmlops.tracking.opening import Where, opened, url_of
from nbmlops.tracking.run_order import columns_of, digests_in, is_of_this_host, notebook_of
from nbmlops.tracking.status_json import Used
from nbmlops.tracking.status_page import StatusPage, is_question
from nbmlops.tracking.telling import full_words, is_full

_MOST_HASHED_BYTES = 64_000_000


def status(session: str | None = None, *, store: Where = None) -> StatusPage:
    """Return what a session records, and which of its cells do not show any more what holds now.

    Parameters
    ----------
    session : str, optional
        Its id, or a run of it: an id, unique prefix, name, ``@N`` or ``best:METRIC``. By default
        the session of this process, else the one that began last.
    store : str, optional
        URL or path of another store.

    Returns
    -------
    StatusPage
        Draws itself; ``stale`` has the cells and the reasons, ``to_run_again`` the cells to run
        again, in order.

    Raises
    ------
    RunNotFound, RunAmbiguous
        ``session`` is neither a session nor a run.
    StoreMissing
        There is no ``store``. Only the project's own may be missing, where no ``session`` is given.
    ServerAway
        The store does not answer, and a ``session`` is asked for. Otherwise the page says how much
        waits for it.
    """
    try:
        with opened(store) as (found, settings):
            running = current.tracker()
            if session is not None:
                return _page(found, _session(found, session, settings))
            if running is not None and running.url == found.url:
                return _page(found, running.session)
            return _page(found, found.latest_session())
    except StoreMissing:
        if store is not None or session is not None:
            raise
        return StatusPage()
    except ServerAway as problem:
        if session is not None:
            raise
        return _while_away(problem, store)


def _while_away(problem: ServerAway, store: Where) -> StatusPage:
    """Return what can be said without the store: whether cells are recorded, and how much waits."""
    running = current.tracker()
    if running is None or (store is not None and config.as_url(store) != running.url):  # type: ignore[arg-type]
        url = url_of(store if isinstance(store, str) else None)
        return StatusPage(problem.url, waiting=waiting(url).records, away=problem.reason)
    return StatusPage(
        problem.url,
        running.session,
        is_recording=_is_recording(running.session),
        waiting=waiting(running.url).records,
        away=problem.reason,
    )


def _session(store: Store, reference: str, settings: config.Settings) -> Session:
    try:
        return store.session(SessionId(reference))
    except KeyError:
        run_id = find_and_tell(store, reference, settings)
    [summary] = store.runs(RunQuery(ids=(run_id,), trashed=None))
    return store.session(summary.run.session_id)


def _page(store: Store, session: Session | None) -> StatusPage:
    if session is None:
        return StatusPage(store.url)
    executions = [
        execution
        for execution in store.session_executions(session.id, with_outputs=False)
        if execution.outcome != "running" and not is_question(execution.source)
    ]
    ids = [execution.id for execution in executions]
    files: dict[str, list[FileUse]] = {}
    for use in store.file_uses(ids):
        files.setdefault(use.execution_id, []).append(use)
    digests = digests_in(store.uses(ids))
    fresh = Freshness(columns_of(store, executions, digests))
    for execution in executions:
        fresh.add(execution, digests.get(execution.id), files.get(execution.id, ()))
    notebook = notebook_of(session)
    ties = _ties(notebook, executions)
    places = ties.places if ties is not None else None
    gone = {each.cell_key for each in ties.deleted} if ties is not None else set()
    changed = [*_changed_on_disk(fresh.files_read(), session)]
    stale = [
        entry
        for entry in fresh.stale(places, changed=changed)
        if entry.execution.cell_key not in gone
    ]
    last = {execution.cell_key: execution for execution in executions}
    interrupted = {key for key, each in last.items() if each.outcome == "interrupted"}
    again = to_run_again(fresh, [*stale, *_edited(ties)], places)
    return StatusPage(
        store.url,
        session,
        is_recording=_is_recording(session),
        run=_open_run(store, session),
        count=len({*last} - gone - interrupted),
        interrupted=len(interrupted - gone),
        stale=tuple(stale),
        to_run_again=tuple(each for each in again if each.cell_key not in gone),
        notebook=notebook,
        ties=ties,
        used=tuple(_still_used(fresh, ties)),
        waiting=waiting(store.url).records if has_spool(store.url) else 0,
        unsaved=_unsaved(session),
    )


def _unsaved(session: Session) -> str | None:
    """Return why what this process records cannot be saved now; None where it can."""
    running = current.tracker()
    if running is None or running.session.id != session.id:
        return None
    problem = running.writer.problem
    if problem is None or not is_full(problem):
        return None
    return full_words(problem, running.writer.at_risk, home_of(running.url))


def _is_recording(session: Session) -> bool:
    running, recorder = current.tracker(), current.recorder()
    if running is not None and running.session.id == session.id:
        return recorder is not None and recorder.is_recording and not running.is_lost
    return session.ended is None


def _open_run(store: Store, session: Session) -> RunSummary | None:
    running = current.tracker()
    if running is not None and running.session.id == session.id:
        if running.runs.current is None:
            return None
        found = store.runs(RunQuery(ids=(running.runs.current.id,), trashed=None))
    else:
        found = store.runs(RunQuery(session_id=session.id, status="running", limit=1))
    return found[0] if found else None


def _ties(notebook: NotebookFile | None, executions: Sequence[Execution]) -> Ties | None:
    if notebook is None or notebook.problem is not None:
        return None
    return tied(notebook.cells, executions, saved=notebook.saved)


def _edited(ties: Ties | None) -> Iterator[Stale]:
    """Give the cells that show what another source of theirs gave."""
    for tie in ties.cells if ties is not None else ():
        if tie.state == "edited" and tie.execution is not None:
            yield Stale(tie.execution, ())


def _still_used(fresh: Freshness, ties: Ties | None) -> Iterator[Used]:
    """Give the cells that are deleted and that others stand on all the same."""
    gone = ties.deleted if ties is not None else ()
    keys = {execution.cell_key for execution in gone}
    for execution in gone:
        readers = [each for each in fresh.readers_of(execution.cell_key)
                   if each[0].cell_key not in keys]  # fmt: skip
        if readers:
            yield Used(execution, tuple(readers))


# Files on disk


def _changed_on_disk(uses: Iterable[FileUse], session: Session) -> Iterator[FileUse]:
    """Give the files that are not what they were when they were read.

    A file with another time is read again, where that is quick, before it is said to be another.
    What the disk of another host has is not known here.
    """
    if not is_of_this_host(session):
        return
    folder = Path(session.notebook).parent if session.notebook else None
    project = config.project_folder(folder)
    for use in uses:
        if "://" not in use.path and use.modified is not None and _is_another(use, project):
            yield use


def _is_another(use: FileUse, project: Path) -> bool:
    path = project / use.path
    try:
        found = path.stat()
    except OSError:
        return True
    is_listing = use.path.endswith("/")
    stamp = Stamp.of(found)
    is_same_size = is_listing or use.size_bytes in (None, stamp.size_bytes)
    if is_same_size and abs(stamp.modified_ns / 1e9 - (use.modified or 0.0)) < 1e-6:
        return False
    if use.digest is None or not is_same_size or stamp.size_bytes > _MOST_HASHED_BYTES:
        return True
    described = described_listing(str(path)) if is_listing else described_file(path)
    return described.digest.hex() != use.digest
