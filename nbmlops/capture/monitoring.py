"""Tells of each instruction of chosen code that handles a name, once: `sys.monitoring`.

The rules, and what they rest on:

- Events are local to the code objects that are watched; other code runs as if we were not there.
- An instruction that has told is switched off (``DISABLE``) until `rearm`. So the cost follows the
  size of the code that runs, 0.1–0.2 µs an instruction, and loops run at full speed.
- `rearm` switches on again only code that has told something, 1 µs each, by taking its events away
  and giving them back. ``restart_events`` would do the same to every tool of the process: coverage
  and debuggers rely on what they switched off, too.
- Equal code objects are one and the same to ``==``, a cell run twice gives two of them: they are
  told apart by address. A weak reference takes an entry away with its code, before another object
  can have the address.
- Where a second tool asks for the instructions of code, Python forgets that the first one did
  (3.12, 3.13). The trace functions that debuggers set may do that: arm everything again after them.
- While a callback runs, Python calls no other one and no trace or profile function: debuggers do
  not step into us.
- An error in a callback would come up in the user's code. One of ours switches all off instead; one
  that a signal handler of the user's has raised meanwhile goes on to where it belongs.
"""

import sys
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from sys import monitoring
from types import CodeType, FrameType
from typing import Any, Protocol

from nbmlops.capture.bytecode import DEEDS, Deed

TOOL = "nbmlops names"
# 0, 1 and 2 are meant for debuggers, coverage and profilers, 5 for optimizers.
_TOOL_IDS = (4, 3, 5)
_MOST_TOLD = 10_000  # before a rearm that nobody asked for; most of it is of code that is gone
# Another form of `id`, which raises an audit event: that would cost more than all else here.
address = object.__hash__
_INSTRUCTION = monitoring.events.INSTRUCTION
_DISABLE = monitoring.DISABLE


@dataclass(slots=True, eq=False)
class Watched[About]:
    """A code object that is watched, and what its owner knows ``about`` it."""

    code: "weakref.ref[CodeType]"
    about: About
    is_fresh: bool = field(default=True)  # has told nothing since it was armed


class Hearer[About](Protocol):
    """Is told, in the thread that runs the code, before the instruction does its work."""

    def began(self, code: CodeType, about: About) -> bool:
        """Take the first instruction of code since it was armed; tell whether to go on with it.

        `running_frame` gives the frame of the code.
        """

    def happened(self, code: CodeType, about: About, offset: int, deed: Deed) -> bool:
        """Take an instruction that does something with a name; tell whether that was enough."""


class Instructions[About]:
    """The instructions of watched code.

    Parameters
    ----------
    hearer : Hearer
    on_fault : callable
        Is told of an error in the hearer, after which nothing is watched any more.
    """

    def __init__(self, hearer: Hearer[About], on_fault: Callable[[BaseException], None]) -> None:
        self._hearer, self._on_fault = hearer, on_fault
        self._tool: int | None = None
        self._watched: dict[int, Watched[About]] = {}
        self._told: list[Watched[About]] = []

    @property
    def is_open(self) -> bool:
        """Whether there is a tool id, and nobody has taken it away."""
        return self._tool is not None and monitoring.get_tool(self._tool) == TOOL

    def __len__(self) -> int:
        return len(self._watched)

    def open(self) -> bool:
        """Take a tool id; return whether one was free."""
        for tool in _TOOL_IDS:
            if monitoring.get_tool(tool) is None:
                monitoring.use_tool_id(tool, TOOL)
                monitoring.register_callback(tool, _INSTRUCTION, self._on_instruction)
                self._tool = tool
                return True
        return False

    def close(self) -> None:
        """Watch nothing any more and give the tool id back."""
        if self.is_open and self._tool is not None:
            for watched in [*self._watched.values()]:
                self._set(watched, 0)
            monitoring.register_callback(self._tool, _INSTRUCTION, None)
            monitoring.free_tool_id(self._tool)
        self._tool = None
        self._watched.clear()
        self._told.clear()

    def about(self, code: CodeType) -> About | None:
        """Return what is known about code that is watched; None where it is not."""
        watched = self._watched.get(address(code))
        return watched.about if watched is not None else None

    def watch(self, code: CodeType, about: About) -> None:
        """Watch a code object, without those inside it, as long as it lives."""
        if not self.is_open or self._tool is None:
            return
        if monitoring.get_local_events(self._tool, code):  # of ours, when we had this id before
            monitoring.set_local_events(self._tool, code, 0)
        key = address(code)
        forget = partial(self._watched.pop, key)  # no function of Python's: no signal comes between
        self._watched[key] = watched = Watched(weakref.ref(code, forget), about)
        self._set(watched, _INSTRUCTION)

    def rearm(self, *, everything: bool = False) -> None:
        """Let all that has told something tell it again, or all there is."""
        told, self._told = self._told, []
        for watched in [*self._watched.values()] if everything else told:
            watched.is_fresh = True
            self._set(watched, 0)
            self._set(watched, _INSTRUCTION)

    def _set(self, watched: Watched[About], events: int) -> None:
        code = watched.code()
        if code is not None and self._tool is not None:
            monitoring.set_local_events(self._tool, code, events)

    def _on_instruction(self, code: CodeType, offset: int) -> Any:
        try:
            watched = self._watched.get(address(code))
            if watched is None:
                return _DISABLE
            if watched.is_fresh and not self._begin(watched, code):
                return _DISABLE
            deed = DEEDS[code.co_code[offset]]
            if deed is None or self._hearer.happened(code, watched.about, offset, deed):
                return _DISABLE
        except RecursionError:  # the user's code is as deep as it can be: another time
            pass
        except Exception as problem:  # the user's cell must not notice
            if not is_own(problem):
                raise
            self._give_up(problem)
            return _DISABLE
        return None

    def _begin(self, watched: Watched[About], code: CodeType) -> bool:
        if len(self._told) >= _MOST_TOLD:
            self.rearm()
        watched.is_fresh = False
        self._told.append(watched)
        if self._hearer.began(code, watched.about):
            return True
        self._set(watched, 0)
        return False

    def _give_up(self, problem: BaseException) -> None:
        if self._tool is not None:
            monitoring.register_callback(self._tool, _INSTRUCTION, _switch_off)
        self._on_fault(problem)


def is_own(problem: BaseException) -> bool:
    """Tell whether an error comes from our own code, or from a signal handler that ran in it."""
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is None or str(trace.tb_frame.f_globals.get("__name__")).startswith("nbmlops.")


def running_frame() -> FrameType:
    """Return the frame of the code that has begun, for `Hearer.began`."""
    return sys._getframe(4)  # beyond this function, `began`, and two methods above


def _switch_off(_code: CodeType, _offset: int) -> Any:
    return _DISABLE
