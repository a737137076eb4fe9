"""What has to be known of data before it is looked at: how long that takes, and how to hold it."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

from nbmlops.fingerprints.registry import is_data

# Rough costs of a fingerprint on a slow machine, in seconds. Too high an estimate only means that
# the value is looked at in the background.
_SECONDS_PER_CELL = 20e-9
_SECONDS_PER_COLUMN = 20e-6
_SECONDS_PER_BYTE = 0.1e-9
_SECONDS_PER_TEXT = 500e-9
_SECONDS_PER_OBJECT = 40e-6  # a small dict
_UNKNOWN_SECONDS = 1.0

_PLAIN = frozenset(map(id, (type(None), bool, int, float, str, bytes)))
_PROBED = 100  # elements of an array of objects

# pandas copies what is written to from this version on, so that a shallow copy stays as it is.
_COPY_ON_WRITE = 3

# The module of a class as Python itself knows it, whatever its metaclass makes of that.
_MODULE_OF = type.__dict__["__module__"].__get__


@dataclass(frozen=True, slots=True)
class Held:
    """Data that another thread may look at. Not ``is_safe``: the user may change it meanwhile."""

    value: Any
    is_safe: bool


def holds_data(value: Any) -> bool:
    """Tell whether a value is data: a table, a column, an array that is more than one number."""
    return is_data(type(value)) and getattr(value, "ndim", 1) != 0


def is_made_here(value: Any) -> bool:
    """Tell whether a value is worth a fingerprint: not modules, nor what libraries define."""
    kind = type(value)
    if kind is FunctionType:
        return bool(value.__module__ == "__main__")
    if issubclass(kind, type):
        return bool(_MODULE_OF(value) == "__main__")
    is_given = issubclass(kind, ModuleType | BuiltinFunctionType)
    return not is_given and not str(_MODULE_OF(kind)).startswith(("nbmlops.", "IPython."))


def seconds_to_look(value: Any) -> float:
    """Estimate how long a fingerprint of data takes, from above.

    What needs modules that nobody has loaded yet takes too long.
    """
    library = _library(value)
    estimate = _ESTIMATES.get(library)
    if estimate is None or not sys.modules.keys() >= _NEEDED.get(library, set()):
        return _UNKNOWN_SECONDS
    return estimate(value)


def held(value: Any) -> Held:
    """Return data such that later changes of the user's do not show in it, where that is cheap."""
    hold = _HOLDS.get(_library(value))
    return Held(value, is_safe=False) if hold is None else hold(value)


def memory_of(value: Any) -> int:
    """Return what stands for the memory that data lies in: views of one array have the same."""
    while _library(value) == "numpy" and value.base is not None:
        value = value.base
    return id(value)


def _library(value: Any) -> str:
    """Return the library of a value's type or of the nearest ancestor that has one we know."""
    for ancestor in type.__dict__["__mro__"].__get__(type(value)):
        library: str = ancestor.__module__.partition(".")[0]
        if library in _ESTIMATES:
            return library
    return ""


def _seconds_for_table(value: Any) -> float:
    if type(value).__name__ == "LazyFrame":  # a plan; asking for its shape would carry it out
        return 0.0
    if not hasattr(type(value), "__len__"):  # a moment, an interval, an offset of pandas
        return 0.0
    shape: tuple[int, ...] = getattr(value, "shape", None) or (len(value),)
    columns = shape[1] if len(shape) == 2 else 1
    per_row = columns * _SECONDS_PER_CELL + _columns_of_objects(value) * _SECONDS_PER_OBJECT
    return float(shape[0] * per_row + columns * _SECONDS_PER_COLUMN)


def _columns_of_objects(value: Any) -> int:
    """Return how many columns of a table of pandas hold Python objects."""
    if _library(value) != "pandas":
        return 0
    dtypes = getattr(value, "dtypes", None)
    if dtypes is None:  # an array of pandas
        dtypes = value.dtype
    return int((dtypes == "object").sum()) if getattr(value, "ndim", 1) == 2 else dtypes == "object"


def _seconds_for_array(value: Any) -> float:
    if value.dtype.hasobject and not _begins_with_scalars(value):
        return _UNKNOWN_SECONDS
    if value.dtype.kind in "OUTSV":
        per_element = _SECONDS_PER_OBJECT if value.dtype.hasobject else _SECONDS_PER_TEXT
        return float(value.size * per_element)
    return float(value.nbytes * _SECONDS_PER_BYTE)


def _begins_with_scalars(value: Any) -> bool:
    """Tell whether what an array holds is plain: looking at models or axes takes its time."""
    return all(id(type(one)) in _PLAIN for one in islice(value.flat, _PROBED))


def _hold_pandas(value: Any) -> Held:
    pandas = sys.modules["pandas"]
    if not issubclass(type(value), (pandas.DataFrame, pandas.Series, pandas.Index)):
        return Held(value, is_safe=not hasattr(type(value), "__len__"))
    is_copied = int(pandas.__version__.partition(".")[0]) >= _COPY_ON_WRITE
    # What objects in cells hold can change all the same.
    is_safe = is_copied and not _columns_of_objects(value)
    return Held(value.copy(deep=False) if is_copied else value, is_safe=is_safe)


_ESTIMATES: dict[str, Callable[[Any], float]] = {
    "pandas": _seconds_for_table,
    "polars": _seconds_for_table,
    "pyarrow": _seconds_for_table,
    "numpy": _seconds_for_array,
    "scipy": lambda value: float(value.nnz * 100e-9),
}
# What looking at data loads: some of it takes longer than a cell may wait.
_NEEDED = {
    "pandas": {"nbmlops.fingerprints.pandas.tables"},
    "polars": {"nbmlops.fingerprints.polars.tables"},
    "pyarrow": {"nbmlops.fingerprints.arrow.tables"},
    "numpy": {"nbmlops.fingerprints.numpy.arrays"},
    "scipy": {"nbmlops.fingerprints.scipy.sparse"},
}
_HOLDS: dict[str, Callable[[Any], Held]] = {
    "pandas": _hold_pandas,
    "polars": lambda value: Held(value.clone(), is_safe=True),
    "pyarrow": lambda value: Held(value, is_safe=True),
}
