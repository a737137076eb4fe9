"""What an execution costs: wall time, processor time, growth of memory."""

import contextlib
import os
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")
_HANDLES: dict[tuple[Path, int], int] = {}
_RSS_UNIT_BYTES = 1 if sys.platform == "darwin" else 1024


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

    __slots__ = ("_cpu", "_held", "_resettable", "_wall")

    def __init__(self) -> None:
        self._resettable = _reset_peak()
        self._held = _status_bytes(b"VmRSS:") if self._resettable else _highest_bytes()
        self._cpu = time.process_time()
        self._wall = time.perf_counter()

    def read(self) -> Cost:
        """Return the cost so far."""
        wall, cpu = time.perf_counter(), time.process_time()
        peak = _status_bytes(b"VmHWM:") if self._resettable else _highest_bytes()
        return Cost(wall - self._wall, cpu - self._cpu, max(peak - self._held, 0))


def _reset_peak() -> bool:
    with contextlib.suppress(OSError):
        os.write(_handle(_CLEAR, os.O_WRONLY), b"5")  # man 5 proc: resets the peak resident size
        return True
    return False


def _status_bytes(field: bytes) -> int:
    content = os.pread(_handle(_STATUS, os.O_RDONLY), 8192, 0)
    start = content.index(field) + len(field)
    return int(content[start : content.index(b"kB", start)]) * 1024


def _handle(path: Path, flags: int) -> int:
    """Return an open file of this process: opening it anew costs more than all the rest here."""
    key = (path, os.getpid())
    if key not in _HANDLES:
        _HANDLES[key] = os.open(path, flags)
    return _HANDLES[key]


def _highest_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT_BYTES
