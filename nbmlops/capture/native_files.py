"""Notes the files that libraries open natively, when their functions are called.

Functions written in Python stay as they are: `sys.monitoring` tells of the start of just these, at
no cost to any other code, and so calls through names that were imported long ago count too, no
frame shows in tracebacks, and warnings point where they would. Functions and classes written in C
have no such event: a stand-in takes their place in their module and its home. Where other tools
hold every id of `sys.monitoring`, all functions get stand-ins.

All of it is put in place for modules that are imported, and for others when they are.
"""

import contextlib
import sys
from collections.abc import Mapping
from functools import partial
from types import CodeType, FunctionType, MappingProxyType, ModuleType
from typing import Any

from nbmlops.capture.file_threads import RUNNING, ledger_here
from nbmlops.capture.first_imports import FirstImports
from nbmlops.capture.native_arguments import note_arguments
from nbmlops.capture.native_readers import NATIVE_FUNCTIONS, NativeFunction
from nbmlops.capture.stand_ins import stand_in_for

# The last one is meant for optimizers, of which there are none; the others are wanted by debuggers,
# coverage, and what watches names.
_TOOL_IDS = (5, 4, 3)
_TOOL_NAME = "nbmlops files"
_CALLER = 1  # frames up from the callback

type _Place = dict[str, Any] | type


class NativeFiles:
    """Puts what notes native files in place, and takes it away again."""

    def __init__(self) -> None:
        self._tool: int | None = None
        # By id, since code objects are equal by value; held, so that ids stay.
        self._codes: dict[int, tuple[CodeType, NativeFunction]] = {}
        self._replaced: list[tuple[_Place, str, Any, Any]] = []
        self._imports: FirstImports | None = None

    def start(self) -> None:
        """Begin to watch the modules that are imported and those that will be."""
        if self._imports is not None:
            self._imports.look_again()
            return
        self._tool = _tool_id()
        if self._tool is not None:
            start = sys.monitoring.events.PY_START
            sys.monitoring.register_callback(self._tool, start, self._called)
        modules = {function.module for function in NATIVE_FUNCTIONS}
        self._imports = FirstImports(modules, self._imported)
        self._imports.start()

    def stop(self) -> None:
        """Leave everything as it was found."""
        if self._imports is not None:
            self._imports.stop()
            self._imports = None
        if self._tool is not None:
            for code, _ in self._codes.values():
                sys.monitoring.set_local_events(self._tool, code, 0)
            sys.monitoring.register_callback(self._tool, sys.monitoring.events.PY_START, None)
            sys.monitoring.free_tool_id(self._tool)
            self._tool = None
        self._codes.clear()
        for place, name, original, stand_in in reversed(self._replaced):
            if _content(place).get(name) is stand_in:  # else somebody has put his own there
                _put(place, name, original)
        self._replaced.clear()

    def _imported(self, module: ModuleType) -> None:
        for function in NATIVE_FUNCTIONS:
            if function.module == module.__name__:
                with contextlib.suppress(Exception):  # one that cannot be watched, of many
                    self._watch(module, function)

    def _watch(self, module: ModuleType, function: NativeFunction) -> None:
        *way, name = function.name.split(".")
        place: _Place = vars(module)
        for part in way:
            place = _content(place)[part]
        found = _content(place).get(name)
        code = _code(found)
        if code is not None and self._tool is not None:
            self._codes[id(code)] = code, function
            start = sys.monitoring.events.PY_START
            sys.monitoring.set_local_events(self._tool, code, start)
        elif found is not None:
            self._replace(place, name, found, function)

    def _replace(self, place: _Place, name: str, found: Any, function: NativeFunction) -> None:
        note = partial(_noted, function)
        stand_in = stand_in_for(found, note, parameters=(function.argument, "mode"))
        home = sys.modules.get(getattr(found, "__module__", None) or "")
        for where in (place, vars(home)) if home and isinstance(place, dict) else (place,):
            if _content(where).get(name) is found:
                self._replaced.append((where, name, found, stand_in))
                _put(where, name, stand_in)

    def _called(self, code: CodeType, _offset: int) -> None:
        """Take the start of a watched function; its arguments are in its frame."""
        try:
            known = self._codes.get(id(code))
            if RUNNING and known is not None:
                _noted(known[1], sys._getframe(_CALLER).f_locals)
        except Exception:  # noqa: BLE001, S110, the user's call must go on
            pass


def _noted(function: NativeFunction, arguments: Mapping[str, Any]) -> None:
    ledger = ledger_here()
    if ledger is not None:
        note_arguments(ledger, function, arguments)


def _tool_id() -> int | None:
    for tool in _TOOL_IDS:
        with contextlib.suppress(ValueError):  # in use
            sys.monitoring.use_tool_id(tool, _TOOL_NAME)
            return tool
    return None


def _code(found: Any) -> CodeType | None:
    """Return the code of a function written in Python, below its decorators; else None."""
    while True:
        if isinstance(found, classmethod | staticmethod):
            found = found.__func__
        elif isinstance(found, FunctionType) and "__wrapped__" in vars(found):
            found = vars(found)["__wrapped__"]
        else:
            return found.__code__ if isinstance(found, FunctionType) else None


def _content(place: _Place) -> dict[str, Any] | MappingProxyType[str, Any]:
    return place if isinstance(place, dict) else vars(place)


def _put(place: _Place, name: str, value: Any) -> None:
    if isinstance(place, dict):
        place[name] = value
    else:
        setattr(place, name, value)
