"""Work that an execution has begun and that goes on after it: threads, tasks, calls in pools.

Found when an execution ends: threads that the notebook's code started and that are alive, tasks of
`asyncio` that are not done, pools of threads that are busy. Where none of that is there, looking
for it is all that it costs. Nothing of it is kept alive.

Not found: threads that a library starts by itself, and those of ``_thread``, callbacks that a loop
was asked to call (``call_later``), other processes.
"""

import asyncio
import sys
import threading
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from threading import Thread
from types import CoroutineType, FrameType, MethodType
from typing import Any, Protocol

from nbmlops.capture.audit import listen, unlisten
from nbmlops.capture.running import THREAD_EVENTS, RunningHere
from nbmlops.cells.hidden import background_work
from nbmlops.fingerprints.python.homes import is_installed_module

# As for executions that run at the same time: code that both run goes on telling.
_MOST_REPEATS = 20_000
_MOST_WORKS = 100  # that are known
_START = Thread.start.__code__
_WORKER = "_worker"  # what threads of pools run
# What runs cells is not begun by them.
_OF_KERNEL = frozenset(
    "IPython ipykernel ipywidgets comm jupyter_client nbmlops tornado zmq anyio".split()
)


@dataclass(slots=True, eq=False)
class LateWork:
    """What one execution began that went on after it.

    Attributes
    ----------
    name : str
        The hidden input that it is to others.
    until : int or None
        The number of the execution at whose beginning it was over; None while it goes on.
    read, written : set of str
        Variables that it was seen to read, before it wrote them itself, and to write.
    is_awaited : bool
        Whether an execution has waited for it, and it is over.
    """

    name: str
    until: int | None = None
    read: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    is_awaited: bool = False
    repeats_left: int = _MOST_REPEATS
    _doers: list["weakref.ref[Any]"] = field(default_factory=list)

    def goes_on(self) -> bool:
        """Tell whether something of it is not done."""
        self._doers = [each for each in self._doers if _is_busy(each())]
        return bool(self._doers)


class Starter(Protocol):
    """An execution.

    ``threads`` are those that its code has started, ``busy_before`` the pools at work before it.
    """

    threads: list["weakref.ref[Thread]"]
    busy_before: frozenset[int]


class LateWorks:
    """What executions of one session have begun that went on after them.

    Parameters
    ----------
    running : RunningHere of Starter
        Says which execution a thread works for.

    Attributes
    ----------
    going_on : tuple of LateWork
        Those that were not over when the last execution began, or that began since.
    known : list of LateWork
        The latest that there were.
    number : int
        Counts executions.
    """

    def __init__(self, running: RunningHere[Any]) -> None:
        self.going_on: tuple[LateWork, ...] = ()
        self.known: list[LateWork] = []
        self.number = 0
        self._running = running
        self._count = 0
        self._of: dict[int, tuple[weakref.ref[Any], LateWork]] = {}  # by the id of what does it

    def open(self) -> None:
        """Begin to listen to which thread starts another."""
        for event in THREAD_EVENTS:
            listen(event, self._thread_starts)

    def close(self) -> None:
        """Listen no more, and forget all."""
        for event in THREAD_EVENTS:
            unlisten(event, self._thread_starts)
        self.going_on, self.known = (), []
        self._of.clear()

    def begins(self, starter: Starter) -> None:
        """Take that an execution begins: see what is over by now, and what is not."""
        self.number += 1
        starter.busy_before = frozenset(id(queue) for queue in _queues() if _is_busy(queue))
        if self.going_on:
            self.going_on = tuple(each for each in self.going_on if self._goes_on(each))

    def add(self, work: LateWork) -> None:
        """Take one that is over already; only the latest of a name counts."""
        known = [each for each in self.known if each.name != work.name]
        self.known = [*known[1 - _MOST_WORKS :], work]

    def since(self, number: int) -> list[LateWork]:
        """Return what went on after an execution had ended."""
        return [each for each in self.known if each.until is None or each.until > number]

    def begun_by(self, starter: Starter) -> LateWork | None:
        """Return what an execution that ends has begun and not finished."""
        doers = [*self._begun(starter)]
        if not doers:
            return None
        self._count += 1
        work = LateWork(background_work(self._count))
        for each in doers:
            self._take(work, each)
        self.known = [*self.known[1 - _MOST_WORKS :], work]
        self.going_on = (*self.going_on, work)
        return work

    def here(self) -> LateWork | None:
        """Return the work of an earlier execution that the calling thread is at."""
        if asyncio._get_running_loop() is not None:
            work = self.done_by(asyncio.current_task())
            if work is not None:
                return work
        thread = threading._active.get(threading.get_ident())  # type: ignore[attr-defined]
        work = self.done_by(thread)
        if work is None and type(thread) is Thread:  # a class of the user's may have a hash
            work = self.done_by(_pools().get(thread))
        return work

    def done_by(self, doer: object) -> LateWork | None:
        """Return what a thread, a task or the queue of a pool does, or has done."""
        found = self._of.get(id(doer))
        return found[1] if found is not None and found[0]() is doer else None

    def _goes_on(self, work: LateWork) -> bool:
        if work.goes_on():
            return True
        work.until = self.number
        return False

    def _take(self, work: LateWork, doer: object) -> None:
        key = id(doer)
        reference = weakref.ref(doer, partial(self._of.pop, key))
        self._of[key] = reference, work
        work._doers.append(reference)

    def _begun(self, starter: Starter) -> Iterator[object]:
        for reference in starter.threads:
            thread = reference()
            if thread is None or self._running.runs_in(thread.ident or 0):
                continue  # one may run cells itself
            if _is_busy(thread):
                yield thread
        loop = asyncio._get_running_loop()
        for task in asyncio.all_tasks(loop) if loop is not None else ():
            if self.done_by(task) is None and _is_of_notebook(task):
                yield task
        for queue in _queues():
            if id(queue) in starter.busy_before or not _is_busy(queue):
                continue
            if not any(self._running.runs_in(worker.ident or 0) for worker in _workers(queue)):
                yield queue

    def _thread_starts(self, args: tuple[Any, ...]) -> None:
        """Take the audit event of this thread starting another one."""
        if not args or type(args[0]) is not MethodType:
            return
        thread: Any = args[0].__self__
        work = self.here() if self.going_on else None
        if work is not None:
            self._take(work, thread)
        elif issubclass(type(thread), Thread) and _starts_for_notebook(sys._getframe()):
            for starter in self._running.here():
                starter.threads.append(weakref.ref(thread))


def _starts_for_notebook(frame: FrameType | None) -> bool:
    """Tell whether a thread is started by code that is installed nowhere."""
    while frame is not None and frame.f_code is not _START:
        frame = frame.f_back
    home = frame.f_back.f_globals.get("__name__") if frame and frame.f_back else None
    return type(home) is str and (home == "__main__" or not is_installed_module(_root(home)))


def _is_of_notebook(task: Any) -> bool:
    """Tell whether a task is one that cells begin, not what runs them."""
    if not issubclass(type(task), asyncio.Task):
        return False
    coroutine = asyncio.Task.get_coro(task)
    if type(coroutine) is not CoroutineType or coroutine.cr_frame is None:
        return False
    home = coroutine.cr_frame.f_globals.get("__name__")
    return type(home) is str and _root(home) not in _OF_KERNEL


def _is_busy(doer: Any) -> bool:
    """Tell whether a thread is alive, a task not done, a pool at work whose queue it is."""
    kind = type(doer)
    if issubclass(kind, Thread):
        return Thread.is_alive(doer)
    if issubclass(kind, asyncio.Task):
        return not asyncio.Task.done(doer)
    if doer is None:
        return False
    return doer.qsize() > 0 or any(map(_has_item, _workers(doer)))


def _has_item(worker: Thread) -> bool:
    """Tell whether a thread of a pool is at a call, and not waiting for one.

    Told by its frames alone: looking into their variables would keep them alive.
    """
    frame = sys._current_frames().get(worker.ident or 0)
    if frame is None or frame.f_code.co_name == _WORKER:
        return False
    while frame is not None and frame.f_code.co_name != _WORKER:
        frame = frame.f_back
    return frame is not None


def _pools() -> Any:
    """Return the queues of pools by their threads."""
    futures: Any = sys.modules.get("concurrent.futures.thread")
    return {} if futures is None else futures._threads_queues


def _workers(queue: object) -> list[Thread]:
    """Return the threads of the pool whose queue it is."""
    return [thread for thread, other in [*_pools().items()] if other is queue]


def _queues() -> list[object]:
    """Return what pools are to do, one queue for each."""
    pools = _pools()
    return [*{id(queue): queue for queue in pools.values()}.values()] if pools else []


def _root(module: str) -> str:
    return module.partition(".")[0]
