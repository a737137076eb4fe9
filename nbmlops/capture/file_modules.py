"""Files of modules that are nobody's installation: those a notebook's author writes beside it.

Importing a module for the second time opens no file. Whoever executes only that cell in a fresh
process needs the file all the same, and those of the modules behind it.
"""

import re
import sys
from collections.abc import Iterator
from types import FunctionType, ModuleType

from nbmlops.capture.file_noise import Noise

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

    def _file(self, module: object) -> str | None:
        file = getattr(module, "__file__", None) if isinstance(module, ModuleType) else None
        return file if isinstance(file, str) and not self._noise.covers(file) else None


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
    for value in list(vars(module).values())[:_MOST_NAMES]:
        name = value.__name__ if isinstance(value, ModuleType) else _home(value)
        if isinstance(name, str) and name != module.__name__:
            yield name


def _home(value: object) -> object:
    return value.__module__ if isinstance(value, type | FunctionType) else None
