"""Names read from a cell's source alone: the watcher where nothing better is at hand."""

from collections.abc import Iterable
from dataclasses import replace
from types import BuiltinFunctionType, FunctionType, ModuleType

from nbmlops.capture.base import Namespace
from nbmlops.cells.names import names_of
from nbmlops.records import Names

# Values of these types cannot be changed by a method, or, as a module, not in a way that ties
# every cell that calls into it to the others.
_UNCHANGEABLE = (
    ModuleType, FunctionType, BuiltinFunctionType, type, str, bytes, bool, int, float, complex,
    type(None),
)  # fmt: skip


class StaticNames:
    """Estimates names from the source, and drops from the touched ones what cannot change."""

    def started(self, source: str) -> None:
        """Do nothing: the source is read at the end, off the way to the user's first output."""

    def ended(self, source: str, namespace: Namespace) -> Names:
        """Return the names of the source."""
        names = names_of(source)
        return replace(
            names,
            touched=tuple(_changeable(names.touched, namespace)),
            used=tuple(
                name
                for name in names.used
                if name in namespace or name in names.defined or name in names.deleted
            ),
        )


def _changeable(names: Iterable[str], namespace: Namespace) -> Iterable[str]:
    return (
        name
        for name in names
        if name in namespace and not isinstance(namespace[name], _UNCHANGEABLE)
    )
