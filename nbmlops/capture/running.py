"""Whose is what happens in a thread, where executions run in several threads at once."""

import threading
from types import MethodType
from typing import Any

from nbmlops.capture.audit import listen, unlisten

THREAD_EVENTS = ("_thread.start_new_thread", "_thread.start_joinable_thread")


class RunningHere[T]:
    """What is kept of each execution that is running, and whose what happens in a thread is.

    An execution's are the thread that runs its cell and, while this is open, the threads started
    from there. What other threads do is the execution's that runs alone: a pool made in an earlier
    cell works for this one. Beside several it may be anyone's: `here` gives all of them, `one_here`
    none.

    Attributes
    ----------
    all : tuple
        What is kept of the executions that are running.
    """

    def __init__(self) -> None:
        self.all: tuple[T, ...] = ()
        self._is_open = False
        self._of_thread: dict[int, T] = {}
        self._starters: dict[int, T] = {}  # by the id of a Thread

    def open(self) -> None:
        """Begin to listen to which thread starts another, if that is not done already."""
        if not self._is_open:
            self._is_open = True
            for event in THREAD_EVENTS:
                listen(event, self._thread_starts)

    def close(self) -> None:
        """Listen no more, and forget what is running."""
        self._is_open = False
        for event in THREAD_EVENTS:
            unlisten(event, self._thread_starts)
        self._of_thread, self._starters, self.all = {}, {}, ()

    def add(self, one: T) -> None:
        """Begin one in this thread, in place of another whose end was never told."""
        thread = threading.get_ident()
        earlier = self._of_thread.get(thread)
        if earlier is not None:
            self.drop(earlier)
        self._of_thread[thread] = one
        self.all = (one,) if len(self._of_thread) == 1 else tuple(self._of_thread.values())

    def mine(self) -> T | None:
        """Return the one that was begun in this thread."""
        return self._of_thread.get(threading.get_ident())

    def runs_in(self, thread: int) -> bool:
        """Tell whether one was begun in a thread, by its number, and has not ended."""
        return thread in self._of_thread

    def remove(self) -> T | None:
        """End the one of this thread and return it."""
        one = self.mine()
        if one is not None:
            self.drop(one)
        return one

    def drop(self, ended: T) -> None:
        """End one, whichever thread it was begun in."""
        for thread, one in [*self._of_thread.items()]:
            if one is ended:
                self._of_thread.pop(thread, None)
        self.all = tuple(self._of_thread.values())
        if self._starters:
            for thread, one in [*self._starters.items()]:
                if one is ended:
                    self._starters.pop(thread, None)

    def here(self) -> tuple[T, ...]:
        """Return whose it may be what happens now in this thread."""
        if len(self.all) <= 1:
            return self.all
        thread = threading.get_ident()
        own = self._of_thread.get(thread)
        if own is None:
            # Not `current_thread()`: that makes a Thread for one that has none.
            known = threading._active.get(thread)  # type: ignore[attr-defined]
            own = self._starters.get(id(known))
        return self.all if own is None else (own,)

    def one_here(self) -> T | None:
        """Return whose it is what happens now in this thread; None where that is not known."""
        here = self.here()
        return here[0] if len(here) == 1 else None

    def _thread_starts(self, args: tuple[Any, ...]) -> None:
        """Take the audit event of this thread starting another one."""
        if not args or type(args[0]) is not MethodType:  # not a Thread's own
            return
        starter = self.one_here()
        if starter is not None:
            self._starters[id(args[0].__self__)] = starter
        else:
            self._starters.pop(id(args[0].__self__), None)
