"""Keeps a session's records in its live file, in the order they came, until the store has them.

What is in the file is always the beginning of what was recorded: where one record finds no room,
those behind it wait in memory with it. So a run never reads as finished without what it was given
before, and what a crash would lose is counted in the file's head.
"""

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import islice

from nbmlops.records import Metric, Record
from nbmlops.store.live import LiveFile
from nbmlops.store.live_head import Loss

_AT_ONCE = 100


class Journal:
    """What is written down of records that the store does not have yet. For one thread at a time.

    Attributes
    ----------
    at_risk : Loss
        What is in memory alone, and why.
    """

    def __init__(self, live: LiveFile) -> None:
        self._live = live
        self._unwritten: deque[Record] = deque()
        self.at_risk = Loss()

    def keep(self, records: Sequence[Record]) -> None:
        """Write records down behind the others; raise `OSError` where some find no room."""
        if not self._unwritten:
            try:
                self._live.append(records)
                return
            except OSError:  # some of them may find room
                self._wait(records)
        else:
            self._wait(records)
        self._write_waiting()

    def forget(self, *, besides: Collection[Record]) -> None:
        """Note that the store has all that was ever kept, besides what still waits for it."""
        if self._unwritten:
            waiting = {id(record) for record in besides}
            left = [record for record in self._unwritten if id(record) in waiting]
            self._unwritten.clear()
            self.at_risk = Loss()
            self._wait(left)
            self._live.note_loss(self.at_risk)
        if not besides:
            self._live.empty()

    def _wait(self, records: Sequence[Record]) -> None:
        self._unwritten.extend(records)
        for record in records:
            self.at_risk += Loss.of(record)

    def _first(self, size: int) -> list[Record]:
        """Return what waits first; a metric and the measurements it counts go together."""
        part = [*islice(self._unwritten, size)]
        if isinstance(part[-1], Metric):
            part += islice(self._unwritten, size, size + 1)
        return part

    def _write_waiting(self) -> None:
        size = _AT_ONCE
        try:
            while self._unwritten:
                part = self._first(size)
                try:
                    self._live.append(part)
                except OSError:
                    if size == 1:
                        raise
                    size = 1
                    continue
                for record in part:
                    self._unwritten.popleft()
                    self.at_risk -= Loss.of(record)
        except OSError as problem:
            self.at_risk = replace(self.at_risk, reason=problem.strerror or str(problem))
            self._live.note_loss(self.at_risk)
            raise
        self.at_risk = Loss()
        self._live.note_loss(None)
