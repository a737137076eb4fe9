"""Tells of certain modules as soon as they have been imported, without importing them.

A finder in front of the others looks only for these names and asks the others for the rest. The
module's own loader stays, so that nothing shows on the module.
"""

import contextlib
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from nbmlops.fingerprints.python.identity import module_attributes


class FirstImports:
    """Calls ``on_imported`` with each named module that is there or comes; errors in it are lost.

    A module that is loaded anew comes again.
    """

    def __init__(self, names: Iterable[str], on_imported: Callable[[ModuleType], None]) -> None:
        self._names = frozenset(names)
        self._awaited = set(self._names)
        self._on_imported = on_imported
        self._finding: set[tuple[int, str]] = set()

    def start(self) -> None:
        """Tell of the modules that are imported, and begin to wait for the others."""
        sys.meta_path.insert(0, self)
        self.look_again()

    def look_again(self) -> None:
        """Tell of modules whose import the finder did not see."""
        for name in self._awaited & sys.modules.keys():
            module: Any = sys.modules.get(name)  # anything may have been put there
            if issubclass(type(module), ModuleType) and not _is_initializing(module):
                self._tell(module)

    def stop(self) -> None:
        """Wait for no more modules."""
        with contextlib.suppress(ValueError):
            sys.meta_path.remove(self)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module as if this finder were not there, and have its loader tell of it."""
        key = threading.get_ident(), name
        if name not in self._names or key in self._finding:
            return None
        self._finding.add(key)
        try:
            spec = _spec_of_others(self, name, path, target)
        finally:
            self._finding.discard(key)
        if spec is not None:
            self._have_told(spec)
        return spec

    def _have_told(self, spec: ModuleSpec) -> None:
        """Shadow the method of the loader that executes the module, until it has done so."""
        loader: Any = spec.loader
        execute = getattr(loader, "exec_module", None)
        if execute is None or isinstance(loader, type) or not hasattr(loader, "__dict__"):
            return  # `look_again` takes it up

        def exec_module(module: ModuleType) -> None:
            __tracebackhide__ = True
            if module.__name__ == spec.name:
                vars(loader).pop("exec_module", None)
            execute(module)
            if module.__name__ == spec.name and self in sys.meta_path:
                self._tell(module)

        loader.exec_module = exec_module

    def _tell(self, module: ModuleType) -> None:
        self._awaited.discard(module_attributes(module).get("__name__", ""))
        with contextlib.suppress(Exception):  # the user's import must succeed
            self._on_imported(module)


def _is_initializing(module: Any) -> bool:
    """Tell whether a module is still being imported, without asking the module for it."""
    spec = module_attributes(module).get("__spec__")
    return type(spec) is ModuleSpec and bool(getattr(spec, "_initializing", False))


def _spec_of_others(
    own: FirstImports, name: str, path: Sequence[str] | None, target: ModuleType | None
) -> ModuleSpec | None:
    for finder in list(sys.meta_path):
        find = None if finder is own else getattr(finder, "find_spec", None)
        spec: ModuleSpec | None = None if find is None else find(name, path, target)
        if spec is not None:
            return spec
    return None
