"""Work on large data by two threads: reading memory is more than one processor's work.

What is worked on is hashed or copied by code that lets go of Python's lock.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

THREADED_BYTES = 32 << 20  # below, to start a second thread costs what it saves


def work_off[Job](jobs: Iterable[Job], work: Callable[[Job], None], *, in_two: bool) -> None:
    """Do all jobs, each once, where it is worth it with a second thread that takes its share.

    Where no thread can be started, as when the interpreter shuts down, this one does them all.
    Raises what a job raised, after which none is begun.
    """
    left = deque(jobs)

    def take() -> None:
        try:
            for job in _taken(left):
                work(job)
        finally:
            left.clear()  # after an error, the other thread stops too

    if not in_two or (os.cpu_count() or 1) < 2:
        return take()
    with ThreadPoolExecutor(1, "nbmlops-fingerprint") as pool:
        try:
            helper = pool.submit(take)
        except RuntimeError:
            return take()
        take()
        return helper.result()


def _taken[Job](jobs: "deque[Job]") -> Iterator[Job]:
    while True:
        try:
            job = jobs.popleft()
        except IndexError:  # asking first is no use: the other thread may be quicker
            return
        yield job
