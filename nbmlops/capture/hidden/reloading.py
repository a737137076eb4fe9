"""IPython's ``%autoreload``: what a cell uses of a local module is what its file holds by then.

The extension reads files between two cells, where nobody watches. So whoever handles something of
such a module reads the file, and that modules are loaded again. Handled are variables; what a
function of the notebook uses in turn is seen as it runs.
"""

import sys
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any

from nbmlops.capture.file_threads import ledger_here
from nbmlops.capture.hidden.base import Ended, Seen
from nbmlops.capture.hidden.mentions import Mention
from nbmlops.cells.hidden import RELOADING
from nbmlops.fingerprints.python.classes import ancestors, module_of
from nbmlops.fingerprints.python.homes import is_installed_module
from nbmlops.fingerprints.python.identity import module_attributes

_MAGICS = "AutoreloadMagics"


class Reloading:
    """Tells which executions switched it on or off, and which used modules that it may load."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._was_switched = False

    def open(self) -> None:
        """Do nothing: the switch is looked at."""

    def close(self) -> None:
        """Do nothing."""

    def started(self, seen: Seen) -> object:  # noqa: ARG002
        """Return whether it is on, and for what."""
        return self._state()

    def mentioned(self, mention: Mention, seen: Seen, before: object) -> None:
        """Do nothing: what is handled is looked at in the end."""

    def ended(self, execution: Ended, seen: Seen, before: object) -> None:
        """Take the modules of what was handled as read anew."""
        now = self._state()
        if now != before:
            self._was_switched = True
            seen.defined.add(RELOADING)
        elif self._was_switched and now is not None:
            files = {*_local_files(execution)}
            if files:
                seen.use(RELOADING)
            if (ledger := ledger_here()) is not None:
                for file in files:
                    ledger.read(file)

    def _state(self) -> object:
        """Return None where it is off."""
        magics = self._shell.magics_manager.registry.get(_MAGICS)
        reloader = getattr(magics, "_reloader", None)
        if reloader is None or not reloader.enabled:
            return None
        return reloader.check_all, reloader.autoload_obj


def _local_files(execution: Ended) -> Iterator[str]:
    """Give the files of local modules that handled values are, or come from."""
    for name in execution.handled:
        for home in _homes(execution.namespace.get(name)):
            module = sys.modules.get(home)
            if type(module) is ModuleType and not is_installed_module(home):
                file = module_attributes(module).get("__file__")
                if type(file) is str:
                    yield file


def _homes(value: object) -> Iterator[str]:
    """Give the names of the modules that a value, its class and what that inherits from are of."""
    kind = type(value)
    found: list[object]
    if issubclass(kind, ModuleType):
        module: Any = value
        found = [module_attributes(module).get("__name__")]
    elif kind is FunctionType:
        function: Any = value
        found = [function.__module__]
    else:
        one: Any = value if issubclass(kind, type) else kind
        found = [module_of(each) for each in ancestors(one)]
    yield from (home for home in found if type(home) is str)
