"""Names read from a cell's source, judged by the values at hand: the watcher of last resort."""

from collections.abc import Callable
from dataclasses import replace
from types import BuiltinFunctionType, FunctionType, ModuleType

from nbmlops.capture.base import Namespace
from nbmlops.cells.names import Touch, names_of
from nbmlops.records import Names

# Values that no method changes; a module is changed in ways that must not tie together all cells
# that call into it.
_UNCHANGEABLE = (
    ModuleType, FunctionType, BuiltinFunctionType, type, str, bytes, bool, int, float, complex,
    type(None),
)  # fmt: skip

# Libraries whose objects change only by these methods, by ``inplace=True`` and by setting items.
_DATA = ("pandas", "numpy", "polars", "pyarrow", "scipy")
_DATA_CHANGES = frozenset(
    "insert pop update fill sort resize put itemset setflags partition byteswap extend append "
    "drop_in_place replace_column insert_column shrink_to_fit clear".split()
)
_ESTIMATOR_CHANGES = ("fit", "partial_fit", "set_params")


class StaticNames:
    """Estimates names from the source; the types of the values say what can have changed.

    Methods of data frames and arrays change them only where the library says so, those of
    estimators only by fitting; a library's function is trusted to leave its arguments alone, one
    written in the notebook is not. Methods of anything else count as changing it.
    """

    def started(self, source: str) -> None:
        """Do nothing: the source is read at the end."""

    def ended(self, source: str, namespace: Namespace) -> Names:
        """Return the names of the source; of the used ones those that the namespace knows."""
        names = names_of(source, _judge(namespace))
        known = {*namespace, *names.defined, *names.deleted}
        return replace(names, used=tuple(name for name in names.used if name in known))


def _judge(namespace: Namespace) -> Callable[[Touch], bool]:
    def changes(touch: Touch) -> bool:
        if touch.name not in namespace or isinstance(namespace[touch.name], _UNCHANGEABLE):
            return False
        if touch.function is not None:
            function = namespace.get(touch.function)
            return isinstance(function, FunctionType) and function.__module__ == "__main__"
        if touch.method is None:
            return True
        kind = type(namespace[touch.name])
        if kind.__module__.partition(".")[0] in _DATA:
            return touch.inplace or touch.method in _DATA_CHANGES
        if hasattr(kind, "get_params"):
            return touch.method.startswith(_ESTIMATOR_CHANGES)
        return True

    return changes
