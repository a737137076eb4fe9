"""Brings records to the store in a background thread, so that no cell ever waits for a disk.

What is put is at once appended to the session's live file (see `nbmlops.store.live`), and saved
100 ms later, in one transaction with whatever else has come meanwhile: a short cell's start and end
are one write, and the writing does not compete with the cell for the interpreter. Measurements are
collected at the same time, and appended to the live file before they are saved. While the store is
locked, full or away, records wait in memory and in the live file, and what is measured meanwhile is
appended there by a second thread: nothing stays in memory alone for longer than that, unless there
is no room for the live file either (`nbmlops.tracking.journal`).
"""

import collections
import threading
import time
from collections.abc import Callable, Iterable, Sequence

from nbmlops.errors import BlobsUnavailable, ServerAway, StoreError
from nbmlops.records import Record, SessionId, in_order
from nbmlops.store import live_folder, open_store
from nbmlops.store.base import Store
from nbmlops.store.live import LiveFile
from nbmlops.store.live_head import Loss
from nbmlops.tracking.journal import Journal
from nbmlops.tracking.telling import is_full

BUFFER_SECONDS = 0.1
HEARTBEAT_SECONDS = 15.0
IDLE_SECONDS = 1.0
RETRY_SECONDS = 2.0
LAST_TRY_SECONDS = 5.0


def _never(_: Iterable[Record]) -> bool:
    return False


class Writer:
    """Delivers the records of one session.

    Parameters
    ----------
    url : str
        The store's.
    session_id : str
    collect : callable
        Called before each delivery and by `gather`; returns measurements that have come.
    idle : callable
        Called in the writing thread when nothing came for a second, now and then when more always
        comes, and when `idle_soon` asks for it, with the open store; does what is not urgent and
        returns more records.
    on_trouble : callable
        Told of an error that keeps records from being delivered, each time it happens.
    redact : callable
        Takes the secrets out of each record before it goes anywhere.
    replaces_secrets : callable
        Tells whether records are to take the place of others in which a secret was not yet known.
    on_lost : callable
        Told once that somebody has deleted the store below a living session.
    """

    def __init__(
        self,
        url: str,
        session_id: SessionId,
        *,
        collect: Callable[[], list[Record]],
        redact: Callable[[Record], Record],
        replaces_secrets: Callable[[Iterable[Record]], bool] = _never,
        idle: Callable[[Store], list[Record]],
        on_trouble: Callable[[BaseException], None],
        on_lost: Callable[[], None],
    ) -> None:
        self.url = url
        self.points_waiting = False
        self._collect_now, self._idle, self._on_trouble = collect, idle, on_trouble
        self._redact, self._replaces_secrets = redact, replaces_secrets
        self._has_secrets_in_log = self._is_idle_wanted = False
        self._on_lost = on_lost
        self._is_lost = False
        self._is_away = False
        self._has_failed = False
        self._live = LiveFile(live_folder(url), session_id)
        self._journal = Journal(self._live)
        self._problem: BaseException | None = None  # why the last delivery failed
        self._unkept: BaseException | None = None  # why the live file took something no more
        self._store: Store | None = None
        self._waiting: collections.deque[Record] = collections.deque()
        self._gathered: dict[int, list[Record]] = {}  # by thread
        self._left: list[Record] = []  # for the next that is put
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._saving = threading.Event()
        self._putting = threading.Lock()
        self._delivering = threading.RLock()
        self._closed = False
        self.thread = threading.Thread(target=self._work, name="nbmlops-writer", daemon=True)
        self.thread.start()
        threading.Thread(target=self._keep_meanwhile, name="nbmlops-keeper", daemon=True).start()

    def put(self, *records: Record) -> None:
        """Take records; from here on a crash of this process does not lose them.

        Within `with_the_next` that holds from the next one on.
        """
        gathered = self._gathered.get(threading.get_ident())
        if gathered is None:
            self._take(records)
        else:
            gathered.extend(records)

    def with_the_next(self) -> "_WithTheNext":
        """Leave all that this thread puts until the end for the next that any thread puts.

        That is one write and one awakening less: both let other threads in, and to be let in again
        takes longer than the rest. For what says nothing without what comes next: until then it is
        in memory alone.
        """
        return _WithTheNext(self._gathered, self._leave)

    def _take(self, records: Sequence[Record]) -> None:
        self._take_quietly(records)
        if not self._wake.is_set():
            self._wake.set()

    def _leave(self, records: Sequence[Record]) -> None:
        with self._putting:
            self._left += records

    def _take_left(self) -> list[Record]:
        """Return what was left for the next that is put; `_putting` is held."""
        left, self._left = self._left, []
        return left

    def _take_quietly(self, records: Iterable[Record]) -> None:
        """Take records without waking the writing thread."""
        with self._putting:
            left = self._take_left()
        safe = self._without_secrets((*left, *records))
        with self._putting:
            self._waiting.extend(safe)
            self._keep(safe)

    def gather(self) -> None:
        """Take the measurements that have come; from here on a crash does not lose them either."""
        with self._putting:
            measured = self._collect()
            self._waiting.extend(measured)
            self._keep(measured)

    def wake_for_points(self) -> None:
        """Have `collect` called within the buffer time."""
        self.points_waiting = True
        self._wake.set()

    def idle_soon(self) -> None:
        """Have `idle` called once after what is put next was delivered, even if more comes."""
        self._is_idle_wanted = True

    def flush(self, timeout_seconds: float = 30.0) -> bool:
        """Deliver all that was put or measured until now; return whether that was done in time.

        Where a server is away nobody waits for it, nor, but at the end, for room on a disk.
        """
        until = time.monotonic() + timeout_seconds
        while time.monotonic() < until:
            if self._deliver():
                return True
            is_disk_full = self._problem is not None and is_full(self._problem)
            if self._is_away or (is_disk_full and not self._closed):
                return False
            time.sleep(0.05)
        return False

    def close(self) -> bool:
        """Deliver the rest and stop; return whether everything arrived.

        What did not stays in the live file for the next reader of the store.
        """
        self._closed = True
        self._wake.set()
        self._stop.set()
        self._saving.set()
        arrived = False
        try:
            self._do_idle()
            arrived = self.flush(LAST_TRY_SECONDS)
        finally:
            if arrived:
                self._live.close()
            else:
                self._live.leave()
            if self._store is not None:
                self._store.close()
        return arrived

    @property
    def at_risk(self) -> Loss:
        """What is in this process's memory alone, as nothing on disk has room for it."""
        return self._journal.at_risk

    @property
    def problem(self) -> BaseException | None:
        """Why the last delivery failed, or will fail soon; None where it went well."""
        return self._problem or (self._unkept if self.at_risk else None)

    @property
    def store(self) -> Store:
        """The store, opened at its first use."""
        with self._delivering:
            if self._store is None:
                self._store = open_store(self.url)
            return self._store

    def _work(self) -> None:
        did_idle = True
        idle_at = time.monotonic()
        while not self._closed:
            came = self._wake.wait(HEARTBEAT_SECONDS if did_idle else IDLE_SECONDS)
            self._wake.clear()
            if came:
                self._stop.wait(BUFFER_SECONDS)  # let more gather
            if self._closed:
                return
            if came or did_idle:
                if not self._deliver():
                    self._wake.set()
                    if self._has_failed:  # else something came while the rest was saved
                        self._stop.wait(RETRY_SECONDS)
                did_idle = False
            is_time = time.monotonic() - idle_at > HEARTBEAT_SECONDS
            if not came or self._is_idle_wanted or is_time:
                self._is_idle_wanted = False
                self._do_idle()
                did_idle = not came
                idle_at = time.monotonic()

    def _deliver(self) -> bool:
        """Save what waits, in one transaction; return whether nothing is left waiting."""
        with self._delivering:
            if self.look_for_loss():
                return True
            self.points_waiting = False
            with self._putting:
                measured = self._collect()
                # Whoever gathers from here on finds nothing more of these, and takes them for safe.
                self._keep(measured)
                batch: list[Record] = [*self._waiting, *measured]
                self._waiting.clear()
            try:
                if batch:
                    self._saving.set()
                    self._save(batch)
            except (StoreError, OSError) as problem:  # the live file keeps them; try again later
                with self._putting:
                    self._waiting.extendleft(reversed(batch))
                self._has_failed, self._problem = True, problem
                self._is_away = isinstance(problem, ServerAway | BlobsUnavailable)
                self._on_trouble(problem)
                return False
            except Exception as problem:  # noqa: BLE001, a fault of ours that no later try mends
                self._on_trouble(problem)
                self._save_singly(batch)
            self._is_away = self._has_failed = False
            self._problem = None
            self._saving.clear()
            return self._empty_live_file()

    def _keep_meanwhile(self) -> None:
        """Put what is measured into the live file while saving takes long, or is tried again."""
        while not self._closed:
            self._saving.wait()
            self._stop.wait(BUFFER_SECONDS)  # most of the time it was saved by then
            if self._saving.is_set() and not self._closed:
                self.gather()

    def _collect(self) -> list[Record]:
        return self._without_secrets((*self._take_left(), *self._collect_now()))

    def _without_secrets(self, records: Iterable[Record]) -> list[Record]:
        """Return records as they may be kept; what cannot be looked through is left out."""
        safe = []
        for record in records:
            try:
                safe.append(self._redact(record))
            except Exception as problem:  # noqa: BLE001, a fault of ours, in the user's cell
                self._on_trouble(problem)
        return safe

    def look_for_loss(self) -> bool:
        """Tell whether what is recorded has nowhere to go, as its folder was deleted or moved."""
        if not self._is_lost and not self._live.path.exists() and not self._closed:
            self._is_lost = True
            self._on_lost()
        return self._is_lost

    def _keep(self, records: Sequence[Record]) -> None:
        try:
            if records:
                self._journal.keep(records)
        except Exception as problem:  # noqa: BLE001, full disk or a fault of ours: they wait in memory
            self._unkept = problem
            self._on_trouble(problem)

    def _save(self, batch: list[Record]) -> None:
        """Save records; where the user's cell told of a secret late, what was kept of it goes."""
        if not self._replaces_secrets(batch):
            self.store.save(batch)
            return
        self._has_secrets_in_log = True
        batch[:] = self._without_secrets(batch)  # also those that waited meanwhile
        self.store.save_over(batch)
        self._empty_log()

    def _empty_log(self) -> None:
        try:
            self._has_secrets_in_log = not self.store.empty_log()
        except StoreError:  # somebody reads or writes; it is tried again when nothing else is done
            self._has_secrets_in_log = True

    def _save_singly(self, records: list[Record]) -> None:
        """Save what can be saved of a batch that fails as a whole."""
        for record in in_order(records):
            try:
                self.store.save([record])
            except StoreError as problem:
                self._on_trouble(problem)
                with self._putting:
                    self._waiting.append(record)
            except Exception as problem:  # noqa: BLE001, told and written down; the others go on
                self._on_trouble(problem)

    def _empty_live_file(self) -> bool:
        """Empty the live file unless something was put meanwhile; return whether nothing was."""
        with self._putting:
            try:
                self._journal.forget(besides=self._waiting)
            except OSError as problem:
                self._on_trouble(problem)
            return not self._waiting

    def _do_idle(self) -> None:
        self._saving.set()  # what is measured meanwhile waits no longer than while saving
        try:
            self._take_quietly(self._idle(self.store))
        except Exception as problem:  # noqa: BLE001, not urgent, so never in the way of what is
            self._on_trouble(problem)
            return
        finally:
            if not self._has_failed and not self._closed:
                self._saving.clear()
        if self._waiting:
            self._deliver()
        if self._has_secrets_in_log:
            self._empty_log()


class _WithTheNext:
    """Gathers what this thread puts; within another one it leaves that to the outer one."""

    __slots__ = ("_gathered", "_is_outer", "_leave", "_thread")

    def __init__(
        self, gathered: dict[int, list[Record]], leave: Callable[[Sequence[Record]], None]
    ) -> None:
        self._gathered, self._leave = gathered, leave
        self._thread = threading.get_ident()
        self._is_outer = self._thread not in gathered

    def __enter__(self) -> None:
        if self._is_outer:
            self._gathered[self._thread] = []

    def __exit__(self, *_: object) -> None:
        if self._is_outer:
            self._leave(self._gathered.pop(self._thread))
