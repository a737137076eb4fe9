"""What an execution costs: wall time, processor time, growth of memory.

Asked in ways that keep the interpreter to this thread: where another one is waiting for it, to be
let in again takes longer than all that is done here.
"""

import contextlib
import os
import resource
import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nbmlops.system_calls import pwrite_undisturbed

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")
_HANDLES: dict[tuple[Path, int], int] = {}
_RSS_UNIT_BYTES = 1 if sys.platform == "darwin" else 1024
_SLACK_BYTES = 4_000_000  # by which two of the system's figures for one thing may differ


@dataclass(frozen=True, slots=True)
class Cost:
    """Wall and processor time in seconds (all threads), growth of memory in bytes."""

    duration_seconds: float
    cpu_seconds: float
    memory_growth_bytes: int


class Meter:
    """Measures from its making until `read`.

    Memory growth is how far the peak rose above what the process held at the start. Linux lets
    the peak be reset, so that an earlier, higher one does not hide it; elsewhere only a new
    highest peak of the process shows.
    """

    __slots__ = ("_cpu", "_held", "_highest_bytes", "_wall")

    def __init__(self) -> None:
        self._highest_bytes = _highest_bytes
        if _reset_peak() and _highest_bytes() <= _inherited_bytes(os.getpid()):
            self._highest_bytes = _peak_bytes
        self._held = self._highest_bytes()
        self._cpu = time.process_time()
        self._wall = time.perf_counter()

    def read(self) -> Cost:
        """Return the cost so far."""
        wall, cpu = time.perf_counter(), time.process_time()
        growth = self._highest_bytes() - self._held
        return Cost(wall - self._wall, cpu - self._cpu, max(growth, 0))


def _reset_peak() -> bool:
    """Make what the process holds now its peak; tell whether that could be done."""
    with contextlib.suppress(OSError):
        # man 5 proc: resets the peak resident size
        return pwrite_undisturbed(_handle(_CLEAR, os.O_WRONLY), b"5", 0) == 1
    return False


def _highest_bytes() -> int:
    """Return the peak of the process, or of what its parent held when it began, if that is more."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT_BYTES


@cache
def _inherited_bytes(_process: int) -> int:
    """Return below what `_highest_bytes` says nothing: what the parent held, or 0."""
    highest = _highest_bytes()
    return highest if highest > _peak_bytes() + _SLACK_BYTES else 0


def _peak_bytes() -> int:
    """Return the peak of this process alone, which takes ten times as long."""
    content = os.pread(_handle(_STATUS, os.O_RDONLY), 8192, 0)
    field = b"VmHWM:"
    start = content.index(field) + len(field)
    return int(content[start : content.index(b"kB", start)]) * 1024


def _handle(path: Path, flags: int) -> int:
    """Return an open file of this process: opening it anew costs more than all the rest here."""
    key = (path, os.getpid())
    if key not in _HANDLES:
        _HANDLES[key] = os.open(path, flags)
    return _HANDLES[key]
