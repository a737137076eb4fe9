"""Tells the user of our own faults and troubles: once each, quietly, below a cell.

A fault is an error of ours and goes into ``faults.log`` beside the store; trouble is what the
surroundings do to us (a full disk, a locked database).
"""

import contextlib
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable
from pathlib import Path

from nbmlops.canonical import class_name
from nbmlops.drawing.words import first_of, size
from nbmlops.errors import (
    BlobsUnavailable,
    NbmlopsError,
    ServerAway,
    StoreNotWritable,
    StoreUnavailable,
)
from nbmlops.store import fault_log
from nbmlops.store.live_head import Loss

_MOST_PLACES = 20


class Telling:
    """What is to be told, and was.

    A kernel shows what a thread prints below the cell that started the thread: what background
    threads have to say waits in a notebook until a cell ends. ``at_once`` says it in any thread.
    """

    def __init__(self, log: Path, redact: Callable[[str], str] = str) -> None:
        self._redact = redact
        self.at_once = False
        self._log = log
        self._told: set[str] = set()
        self._is_full = False
        self._untold: deque[str] = deque()
        self._unkept: list[str] = []

    def fault(self, where: str, problem: BaseException) -> None:
        """Write an error of our own down, and tell of it."""
        text = self._without_secrets(problem)
        with contextlib.suppress(OSError):
            fault_log.note(self._log.parent, where, text)
        self.tell(
            f"fault:{where}",
            f"nbmlops had a fault ({where.replace('_', ' ')}) and went on; "
            f"your cells are not affected. See {self._log}",
        )

    def _without_secrets(self, problem: BaseException) -> str:
        try:
            return self._redact("".join(traceback.format_exception(problem)))
        except Exception as second:  # noqa: BLE001, it may be this that has failed
            places = [  # without lines of code: the user's may be among them
                f"  File {place.filename}, line {place.lineno}, in {place.name}\n"
                for place in traceback.extract_tb(problem.__traceback__, limit=-_MOST_PLACES)
            ]
            return f"{''.join(places)}{class_name(problem)}, {class_name(second)} in telling it"

    def trouble(self, problem: BaseException) -> None:
        """Tell why records cannot be delivered now."""
        if isinstance(problem, ServerAway | BlobsUnavailable):
            self.tell(
                "away",
                f"nbmlops: {problem.url} does not answer now ({problem.reason}). Recording goes "
                f"on; what is recorded waits in {self._log.parent} until it can be delivered.",
            )
        elif is_full(problem) and not self.at_once:
            pass  # each cell's end says it, while it lasts
        elif isinstance(problem, NbmlopsError | OSError):
            self.tell(f"trouble:{type(problem).__name__}", f"nbmlops cannot record now: {problem}")
        else:
            self.fault("saving", problem)

    def tell_while_full(self, problem: BaseException | None, at_risk: Loss) -> None:
        """Say at each cell's end that nothing can be saved, while that lasts, and when it is over.

        ``at_risk`` is what is in memory alone.
        """
        was_full, self._is_full = self._is_full, problem is not None and is_full(problem)
        if problem is not None and self._is_full:
            words = full_words(problem, at_risk, self._log.parent)
            self._untold.append(f"nbmlops cannot save now: {words}.")
        elif was_full and problem is None:
            self._untold.append(f"nbmlops saves again; {self._missing()}.")
        self.tell_now()

    def tell_unkept(self, what: str, size_bytes: int, problem: OSError) -> None:
        """Say that something had no room, at the cell's end in a notebook; nothing tries again."""
        self._unkept.append(what)
        self._untold.append(f"nbmlops: {what}, {size(size_bytes)}, is not kept: {_reason(problem)}")
        if self.at_once:
            self.tell_now()

    def _missing(self) -> str:
        """Say what was not kept since this was said last."""
        missing, self._unkept = self._unkept, []
        if not missing:
            return "nothing that was recorded is missing"
        return f"all that was recorded is there, but {first_of(missing, 3)}"

    def tell_loss(self, loss: Loss) -> None:
        """Say at the end of a session what no disk had room for."""
        verb = "was" if loss.total == 1 else "were"
        self._untold.append(
            f"nbmlops: {loss.words} {verb} lost: {loss.reason}. The run they belong to reads "
            "interrupted, and nbmlops doctor tells of it."
        )
        self.tell_now()

    def tell(self, about: str, text: str) -> None:
        """Tell something, if nothing was told about it before."""
        if about in self._told:
            return
        self._told.add(about)
        self._untold.append(text)
        if self.at_once or not threading.current_thread().name.startswith("nbmlops-"):
            self.tell_now()

    def tell_now(self) -> None:
        """Tell what waits; called when a cell ends."""
        while self._untold:
            text = self._untold.popleft()
            with contextlib.suppress(Exception):  # telling must never be the trouble
                print(text, file=sys.stderr)  # noqa: T201


def is_full(problem: BaseException) -> bool:
    """Tell whether a disk, rather than somebody who holds the store, keeps it from being saved."""
    is_disks = isinstance(problem, StoreNotWritable | OSError)
    return is_disks and not isinstance(problem, StoreUnavailable)


def full_words(problem: BaseException, at_risk: Loss, folder: Path) -> str:
    """Say why a disk takes nothing, and where what was recorded is until it does."""
    where = f"All that was recorded is kept in {folder} until there is room"
    if at_risk:
        verb = "is" if at_risk.total == 1 else "are"
        where = (
            f"{at_risk.words} {verb} in the memory of this process alone, and lost if it "
            "ends before there is room"
        )
    return f"{at_risk.reason or _reason(problem)}. {where}"


def _reason(problem: BaseException) -> str:
    if isinstance(problem, StoreNotWritable):
        return problem.reason
    return (problem.strerror if isinstance(problem, OSError) else None) or str(problem)
