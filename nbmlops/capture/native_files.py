"""Notes the files that libraries open natively, when their functions are called.

Functions written in Python stay as they are: see `file_calls`. Functions and classes written in C
have no such event: a stand-in takes their place in their module and its home. Where other tools
hold every id of `sys.monitoring`, all functions get stand-ins.

All of it is put in place for modules that are imported, and for others when they are.
"""

import contextlib
import sys
from collections.abc import Mapping
from functools import partial
from types import CodeType, FrameType, FunctionType, MappingProxyType, ModuleType
from typing import Any

from nbmlops.capture.file_calls import Calls
from nbmlops.capture.file_threads import ledger_here
from nbmlops.capture.first_imports import FirstImports
from nbmlops.capture.native_arguments import note_arguments
from nbmlops.capture.native_readers import NATIVE_FUNCTIONS, NativeFunction
from nbmlops.capture.stand_ins import stand_in_for

type _Place = dict[str, Any] | type


class NativeFiles:
    """Puts what notes native files in place, and takes it away again."""

    def __init__(self) -> None:
        self._calls: Calls | None = None
        self._replaced: list[tuple[_Place, str, Any, Any]] = []
        self._imports: FirstImports | None = None

    def start(self, calls: Calls) -> None:
        """Begin to watch the modules that are imported and those that will be."""
        if self._imports is not None:
            self._imports.look_again()
            return
        self._calls = calls
        modules = {function.module for function in NATIVE_FUNCTIONS}
        self._imports = FirstImports(modules, self._imported)
        self._imports.start()

    def stop(self) -> None:
        """Take the stand-ins away, and wait for no more modules."""
        if self._imports is not None:
            self._imports.stop()
            self._imports = None
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
        if code is not None and self._calls is not None:
            note = partial(_noted_frame, function)
            if self._calls.watch(code, note):
                return
        if found is not None:
            self._replace(place, name, found, function)

    def _replace(self, place: _Place, name: str, found: Any, function: NativeFunction) -> None:
        note = partial(_noted, function)
        stand_in = stand_in_for(found, note, parameters=(function.argument, "mode"))
        home = sys.modules.get(getattr(found, "__module__", None) or "")
        for where in (place, vars(home)) if home and isinstance(place, dict) else (place,):
            if _content(where).get(name) is found:
                self._replaced.append((where, name, found, stand_in))
                _put(where, name, stand_in)


def _noted_frame(function: NativeFunction, frame: FrameType) -> None:
    _noted(function, frame.f_locals)


def _noted(function: NativeFunction, arguments: Mapping[str, Any]) -> None:
    ledger = ledger_here()
    if ledger is not None:
        note_arguments(ledger, function, arguments)


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
