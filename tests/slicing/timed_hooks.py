"""The time that nbmlops' two hooks take for each cell, measured in the kernel."""

from time import perf_counter
from typing import Any

seconds: list[float] = []


def install() -> None:
    """Time the hooks of all recorders that are made from now on."""
    from nbmlops.capture.recorder import Recorder

    before, after = Recorder.before_cell, Recorder.after_cell

    def timed_before(*arguments: Any, **keywords: Any) -> None:
        seconds.append(0.0)
        _timed(before, *arguments, **keywords)

    def timed_after(*arguments: Any) -> None:
        if seconds:
            _timed(after, *arguments)
        else:
            after(*arguments)

    Recorder.before_cell = timed_before  # type: ignore[method-assign]
    Recorder.after_cell = timed_after  # type: ignore[method-assign]


def _timed(hook: Any, *arguments: Any, **keywords: Any) -> None:
    start = perf_counter()
    hook(*arguments, **keywords)
    seconds[-1] += perf_counter() - start
