"""A thread for what takes too long to be done while a cell's user waits: hashing and profiles."""

import collections
import threading
import time
from collections.abc import Callable

type Job = Callable[[], None]


class Background:
    """Does jobs one after the other, urgent ones first.

    Parameters
    ----------
    on_fault : callable
        Told of an error in a job; the other jobs go on.
    """

    def __init__(self, on_fault: Callable[[BaseException], None]) -> None:
        self._on_fault = on_fault
        self._urgent: collections.deque[Job] = collections.deque()
        self._later: collections.deque[Job] = collections.deque()
        self._changed = threading.Condition()
        self._is_busy = self._is_urgent = False
        self._is_closed = False
        self._thread: threading.Thread | None = None

    def put(self, job: Job, *, urgent: bool) -> None:
        """Have a job done; after `close` it is not."""
        with self._changed:
            if self._is_closed:
                return
            (self._urgent if urgent else self._later).append(job)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._work, name="nbmlops-values", daemon=True
                )
                self._thread.start()
            self._changed.notify_all()

    @property
    def is_working(self) -> bool:
        """Whether there is a job that is not done."""
        return bool(self._urgent or self._later or self._is_busy)

    @property
    def is_working_urgently(self) -> bool:
        """Whether there is an urgent job that is not done."""
        return bool(self._urgent or self._is_urgent)

    def wait(self, timeout_seconds: float, *, urgent_only: bool = False) -> bool:
        """Wait until every job, or every urgent one, is done; return whether that was in time."""
        until = time.monotonic() + timeout_seconds
        with self._changed:
            while self.is_working_urgently if urgent_only else self.is_working:
                left = until - time.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(left)
        return True

    def close(self, timeout_seconds: float) -> bool:
        """Do what waits, as far as the time goes, then stop; return whether all was done."""
        is_done = self.wait(timeout_seconds)
        with self._changed:
            self._is_closed = True
            self._urgent.clear()
            self._later.clear()
            self._changed.notify_all()
        return is_done

    def _work(self) -> None:
        while True:
            with self._changed:
                while not (self._urgent or self._later or self._is_closed):
                    self._changed.wait()
                if self._is_closed:
                    return
                self._is_urgent = bool(self._urgent)
                job = (self._urgent or self._later).popleft()
                self._is_busy = True
            try:
                job()
            except BaseException as problem:  # noqa: BLE001, one value must not cost the others theirs
                self._on_fault(problem)  # a panic of polars is no Exception
            finally:
                del job  # it holds the user's data
                with self._changed:
                    self._is_busy = self._is_urgent = False
                    self._changed.notify_all()
