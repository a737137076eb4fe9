"""Names read from a cell's source, judged by the values at hand: the watcher of last resort."""

from collections.abc import Callable
from dataclasses import replace
from types import BuiltinFunctionType, FunctionType, ModuleType

from nbmlops.capture.base import Namespace
from nbmlops.cells.names import names_of
from nbmlops.cells.touches import Touch
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
    "drop_in_place replace_column insert_column shrink_to_fit clear "
    # of what writes files
    "write write_batch write_table add_key_value_metadata close".split()
)
# Methods of figures, and of what is drawn in them, that give no part which somebody could change.
_FIGURE_READS = frozenset(
    "get_xlabel get_ylabel get_title get_suptitle get_label get_text get_xlim get_ylim get_zlim "
    "get_xbound get_ybound get_xscale get_yscale get_xticks get_yticks get_position get_aspect "
    "get_facecolor get_edgecolor get_color get_alpha get_visible get_zorder get_gid get_dpi "
    "get_size_inches get_figwidth get_figheight get_linewidth get_linestyle get_marker "
    "get_markersize get_data get_xdata get_ydata get_xydata get_array get_clim get_height "
    "get_width get_x get_y get_xy get_fontsize get_size get_autoscale_on get_window_extent "
    "get_tightbbox has_data contains savefig".split()
)
_ESTIMATOR_CHANGES = ("fit", "partial_fit", "set_params")

# Attributes of a class as Python itself knows them, whatever its metaclass makes of them.
_ANCESTORS_OF = type.__dict__["__mro__"].__get__
_CONTENT_OF = type.__dict__["__dict__"].__get__
_MODULE_OF = type.__dict__["__module__"].__get__


class StaticNames:
    """Estimates names from the source; the types of the values say what can have changed.

    Methods of data frames and arrays change them only where the library says so, those of
    estimators only by fitting, those of figures unless they are known to read; a library's function
    is trusted to leave its arguments alone, one written in the notebook is not. Methods of anything
    else count as changing it.
    """

    def open(self) -> None:
        """Do nothing: there is nothing to watch."""

    def close(self) -> None:
        """Do nothing."""

    def started(self, source: str, *, is_midway: bool = False) -> None:
        """Do nothing: the source is read at the end."""

    def unrecorded_ended(self) -> None:
        """Do nothing: values are not looked at."""

    def ended(self, source: str, namespace: Namespace) -> Names:
        """Return the names of the source; of the used ones those that the namespace knows."""
        names = names_of(source, changes_in(namespace))
        known = {*namespace, *names.defined, *names.deleted}
        return replace(names, used=tuple(name for name in names.used if name in known))

    def inner_ended(self, source: str, namespace: Namespace) -> Names:
        """Return the names of the source of a cell that ran within the watched one."""
        return self.ended(source, namespace)


def may_change(value: object) -> bool:
    """Tell whether a value can be changed in place in a way that ties cells together.

    Only its type is asked, and that without attributes which a class can define itself. Objects of
    ours do not: two cells that log to a run have nothing to do with each other.
    """
    kind = type(value)
    is_ours = str(_MODULE_OF(kind)).startswith("nbmlops.")
    return not is_ours and not issubclass(kind, _UNCHANGEABLE)


def is_used_up(value: object) -> bool:
    """Tell whether reading a value changes it: iterators, generators, coroutines, open files."""
    kind = type(value)
    return any(_defines(kind, name) for name in ("__next__", "__anext__")) or (
        _defines(kind, "__await__") and _defines(kind, "send")
    )


def changes_in(namespace: Namespace) -> Callable[[Touch], bool]:
    """Return what tells of a touch whether it changes the value that is in the namespace."""

    def changes(touch: Touch) -> bool:
        if touch.name not in namespace or not may_change(namespace[touch.name]):
            return False
        if touch.function is not None:
            function = namespace.get(touch.function)
            return type(function) is FunctionType and function.__module__ == "__main__"
        if touch.method is None:
            return True
        kind = type(namespace[touch.name])
        library = str(_MODULE_OF(kind)).partition(".")[0]
        if library == "matplotlib":
            return touch.method not in _FIGURE_READS
        if library in _DATA:
            return touch.inplace or touch.method in _DATA_CHANGES
        if _defines(kind, "get_params"):
            return touch.method.startswith(_ESTIMATOR_CHANGES)
        return True

    return changes


def _defines(kind: type, name: str) -> bool:
    return any(name in _CONTENT_OF(base) for base in _ANCESTORS_OF(kind))
