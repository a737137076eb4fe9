"""Threads in which requests are answered, few and bounded, so that the event loop never waits."""

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from nbmlops.errors import TooBusy, TookTooLong

_THREADS = 4
_MOST_WAITING = 64
ANSWER_SECONDS = 30.0


class Workers:
    """Runs functions in threads, as many at once as there are, the others in the order they come.

    Parameters
    ----------
    threads : int
    most_waiting : int
        How many may wait for a thread; further ones are refused.
    seconds : float
        How long an answer is waited for. The function goes on: nothing can stop a thread.
    """

    def __init__(
        self,
        threads: int = _THREADS,
        *,
        most_waiting: int = _MOST_WAITING,
        seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="nbmlops")
        self._most_waiting, self._seconds = most_waiting, seconds
        self._under_way = 0  # only the event loop's thread counts

    def start[T](self, function: Callable[[], T]) -> Future[T]:
        """Begin with a function as soon as a thread is free; raise `TooBusy` where many wait.

        A future that is cancelled before it began is never run. Called in the event loop's thread.
        """
        waiting = self._under_way - self._threads
        if waiting >= self._most_waiting:
            raise TooBusy(waiting)
        self._under_way += 1
        loop = asyncio.get_running_loop()
        future = self._pool.submit(function)
        future.add_done_callback(lambda _: _in_loop(loop, self._done))
        return future

    async def result[T](self, future: Future[T]) -> T:
        """Return what a function returned; raise `TookTooLong` where that takes too long."""
        waited = asyncio.shield(asyncio.wrap_future(future))
        try:
            return await asyncio.wait_for(waited, self._seconds)
        except TimeoutError:
            raise TookTooLong(self._seconds) from None

    def close(self) -> None:
        """Begin with nothing new."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _done(self) -> None:
        self._under_way -= 1


def _in_loop(loop: asyncio.AbstractEventLoop, function: Callable[[], None]) -> None:
    with contextlib.suppress(RuntimeError):  # the server has stopped meanwhile
        loop.call_soon_threadsafe(function)
