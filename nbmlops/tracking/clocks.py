"""Moments and durations that hold also where the machine's clock is set meanwhile."""

import threading
import time

from nbmlops.canonical import now

_SET_SECONDS = 1.0  # by which clocks that were not set never differ
_LEAST_SECONDS = 1e-6  # apart are two moments that a float of today can tell
_TICKING = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # goes on while a machine sleeps


class Stopwatch:
    """How long something has lasted that began now."""

    def __init__(self) -> None:
        self._began = now()
        self._from = time.clock_gettime(_TICKING)

    @property
    def seconds(self) -> float:
        """How long it has lasted, never negative."""
        return time.clock_gettime(_TICKING) - self._from

    def now(self, moment: float) -> float:
        """Return what the clock says now, ``moment``, unless it was set since this began."""
        own = self._began + self.seconds
        return own if abs(moment - own) > _SET_SECONDS else moment


class Acts:
    """When what a process writes on runs was written: each later than the one before."""

    def __init__(self) -> None:
        self._last = 0.0
        self._guard = threading.Lock()

    def next(self) -> float:
        """Return the moment of the next."""
        with self._guard:
            self._last = after(self._last)
            return self._last


def after(known: float) -> float:
    """Return the present moment, or one just after what was written last, on whatever clock."""
    return max(now(), known + _LEAST_SECONDS)
