"""Tells of the start of chosen functions written in Python: `sys.monitoring`.

Functions stay as they are, and no other code gets slower: so calls through names that were imported
long ago count too, no frame shows in tracebacks, and warnings point where they would. Nobody is
told while no execution is being watched.
"""

import contextlib
import sys
from collections.abc import Callable
from types import CodeType, FrameType

from nbmlops.capture.file_threads import RUNNING

type Heard = Callable[[FrameType], None]

# The last one is meant for optimizers, of which there are none; the others are wanted by debuggers,
# coverage, and what watches names.
_TOOL_IDS = (5, 4, 3)
_TOOL_NAME = "nbmlops files"
_CALLER = 1  # frames up from the callback
_START = sys.monitoring.events.PY_START


class Calls:
    """Calls of functions; what is told of one gets its frame, in which the arguments are."""

    def __init__(self) -> None:
        self._tool: int | None = None
        # By id, since code objects are equal by value; held, so that ids stay.
        self._heard: dict[int, tuple[CodeType, Heard]] = {}

    @property
    def is_open(self) -> bool:
        """Whether there is a tool id, and nobody has taken it away."""
        return self._tool is not None and sys.monitoring.get_tool(self._tool) == _TOOL_NAME

    def open(self) -> None:
        """Take an id of `sys.monitoring`, if there is a free one and none is ours (any more)."""
        if self.is_open:
            return
        self._tool = None
        for tool in _TOOL_IDS:
            with contextlib.suppress(ValueError):  # in use
                sys.monitoring.use_tool_id(tool, _TOOL_NAME)
                sys.monitoring.register_callback(tool, _START, self._called)
                self._tool = tool
                for code, _ in self._heard.values():  # by the id that we had before
                    sys.monitoring.set_local_events(tool, code, _START)
                return

    def close(self) -> None:
        """Leave everything as it was found."""
        if self._tool is not None and self.is_open:
            for code, _ in self._heard.values():
                sys.monitoring.set_local_events(self._tool, code, 0)
            sys.monitoring.register_callback(self._tool, _START, None)
            sys.monitoring.free_tool_id(self._tool)
        self._tool = None
        self._heard.clear()

    def watch(self, code: CodeType, heard: Heard) -> bool:
        """Have somebody told when code starts; return False where there is no free id for it."""
        if self._tool is None or not self.is_open:
            return False
        self._heard[id(code)] = code, heard
        sys.monitoring.set_local_events(self._tool, code, _START)
        return True

    def unwatch(self, code: CodeType) -> None:
        """Have nobody told of code any more; also from within such a call."""
        is_watched = self._heard.pop(id(code), None) is not None
        if is_watched and self._tool is not None and self.is_open:
            sys.monitoring.set_local_events(self._tool, code, 0)

    def _called(self, code: CodeType, _offset: int) -> None:
        try:
            known = self._heard.get(id(code))
            if RUNNING.all and known is not None:
                known[1](sys._getframe(_CALLER))
        except Exception:  # noqa: BLE001, S110, the user's call must go on
            pass
