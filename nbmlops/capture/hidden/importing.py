"""What decides what an import gives: ``sys.path``, and modules put into ``sys.modules`` by hand.

Both are told only where some execution has changed them. The path matters for modules that are
installed nowhere; the others are found in any case. Where a module was found in a relative folder
of the path, it is the working directory that matters, too.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from operator import is_
from types import ModuleType
from typing import Any

from nbmlops.capture.hidden.base import Ended, Seen, Setting
from nbmlops.capture.hidden.mentions import Mention
from nbmlops.cells.hidden import SYS_MODULES, SYS_PATH, WORKING_DIRECTORY
from nbmlops.fingerprints.python.homes import is_installed_module
from nbmlops.fingerprints.python.identity import module_attributes


@dataclass(slots=True)
class _Before:
    path: tuple[object, ...]
    modules: dict[str, object] | None = None  # looked at only if the code does
    asks_path: bool = False  # before it has changed that itself


class Importing:
    """Tells which executions changed what imports give, and which imported something since."""

    def __init__(self) -> None:
        self._path = Setting(SYS_PATH)
        self._modules = Setting(SYS_MODULES)

    def open(self) -> None:
        """Do nothing: all is compared and mentioned."""

    def close(self) -> None:
        """Do nothing."""

    def started(self, seen: Seen) -> _Before:  # noqa: ARG002
        """Return the path as it is."""
        return _Before(tuple(sys.path))

    def mentioned(self, mention: Mention, seen: Seen, before: _Before) -> None:
        """Take that something is about to be imported, or ``sys.modules`` to be handled."""
        if mention.what == "sys.modules":
            before.modules = before.modules or dict(sys.modules)
        elif mention.is_import:
            root = mention.library
            if root in self._modules.changed:
                self._modules.use(seen)
            if not _is_installed(root):
                before.asks_path = before.asks_path or _is_same_path(before.path)
                seen.imported.add(root)

    def ended(self, execution: Ended, seen: Seen, before: _Before) -> None:  # noqa: ARG002
        """Compare both with what they were."""
        # What was not there when it was asked for may have turned out to be installed.
        imported = {name for name in seen.imported if not _is_installed(name)}
        if imported and before.asks_path:
            self._path.use(seen)
        if any(map(_is_in_relative_folder, imported)):
            seen.use(WORKING_DIRECTORY)
        if not _is_same_path(before.path):
            if self._path.changed:  # each entry stands among the others
                seen.change(SYS_PATH)
            else:
                seen.defined.add(SYS_PATH)
            self._path.changed.add(SYS_PATH)
        if before.modules is not None:
            self._modules.change({*_put_by_hand(before.modules)}, seen)


def _is_same_path(before: tuple[object, ...]) -> bool:
    return len(before) == len(sys.path) and all(map(is_, before, sys.path))


def _is_installed(name: str) -> bool:
    if name not in sys.modules:
        return is_installed_module(name)
    content = _content(sys.modules[name])
    is_package = "__path__" in content  # perhaps a folder without `__init__.py`
    has_no_file = content.get("__file__") is None
    return (has_no_file and not is_package) or is_installed_module(name)


def _content(module: Any) -> Mapping[str, Any]:
    """Return what a module has; anything may have been put into ``sys.modules``."""
    return module_attributes(module) if issubclass(type(module), ModuleType) else {}


def _is_in_relative_folder(name: str) -> bool:
    filename = _content(sys.modules.get(name)).get("__file__")
    folders = (each for each in sys.path if type(each) is str and not os.path.isabs(each))  # noqa: PTH117
    return type(filename) is str and any(
        filename.startswith(f"{os.path.abspath(each)}{os.sep}")  # noqa: PTH100, text
        for each in folders
    )


def _put_by_hand(before: dict[str, object]) -> Iterator[str]:
    """Give the names in ``sys.modules`` whose modules no import has put there, or taken away."""
    now = dict(sys.modules)
    for name in before.keys() | now.keys():
        module = now.get(name)
        is_new = name not in before
        if module is before.get(name) and not (is_new and module is None):
            continue
        spec = _content(module).get("__spec__")
        was_found = type(spec) is ModuleSpec and spec.name == name
        if not (is_new and was_found):
            yield name.partition(".")[0]
