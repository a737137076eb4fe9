"""Files of modules that are nobody's installation: those a notebook's author writes beside it.

Importing a module for the second time opens no file. Whoever executes only that cell in a fresh
process needs the file all the same, and those of the modules behind it.
"""

import re
import sys
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any

from nbmlops.capture.file_noise import Noise
from nbmlops.fingerprints.python.classes import module_of
from nbmlops.fingerprints.python.identity import module_attributes

_MOST_MODULES = 200
_MOST_NAMES = 2_000  # of one module
_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import\b|import[ \t]+([\w.][^#;\n]*))", re.M
)


class LocalModules:
    """Tells the sources of modules that are not installed."""

    def __init__(self, noise: Noise) -> None:
        self._noise = noise

    def imported_in(self, source: str) -> Iterator[str]:
        """Give the files of the modules that Python code imports, and of those behind them."""
        found: dict[str, None] = {}
        waiting = list(_names_imported(source))
        while waiting and len(found) < _MOST_MODULES:
            name = waiting.pop()
            file = self._file(sys.modules.get(name))
            if file is not None and file not in found:
                found[file] = None
                waiting += _modules_behind(sys.modules[name])
        return iter(found)

    def _file(self, module: Any) -> str | None:
        if not issubclass(type(module), ModuleType):
            return None
        file = module_attributes(module).get("__file__")
        return file if type(file) is str and not self._noise.covers(file) else None


def _names_imported(source: str) -> Iterator[str]:
    """Give the names of modules, with those of the packages that they are in."""
    for start, several in _IMPORT.findall(source):
        for each in (start or several).split(","):
            name = each.split()[0] if each.split() else ""
            while name:
                yield name
                name = name.rpartition(".")[0]


def _modules_behind(module: ModuleType) -> Iterator[str]:
    """Give the names of the modules from which a module took something."""
    content = module_attributes(module)
    own_name = content.get("__name__")
    for value in list(content.values())[:_MOST_NAMES]:
        name = _home(value)
        if type(name) is str and name != own_name:
            yield name


def _home(value: Any) -> object:
    """Return the name of the module that something is, or that it was defined in."""
    kind = type(value)
    if issubclass(kind, ModuleType):
        return module_attributes(value).get("__name__")
    if issubclass(kind, type):
        return module_of(value)
    return value.__module__ if kind is FunctionType else None
