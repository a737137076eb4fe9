"""What has to be known of data before it is looked at: how long that takes, and how to hold it."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nbmlops.fingerprints.registry import is_data

# Rough costs of a fingerprint on a slow machine, in seconds. Too high an estimate only means that
# the value is looked at in the background.
_SECONDS_PER_CELL = 20e-9
_SECONDS_PER_COLUMN = 20e-6
_SECONDS_PER_BYTE = 0.1e-9
_SECONDS_PER_OBJECT = 500e-9
_UNKNOWN_SECONDS = 1.0

# pandas copies what is written to from this version on, so that a shallow copy stays as it is.
_COPY_ON_WRITE = 3


@dataclass(frozen=True, slots=True)
class Held:
    """Data that another thread may look at. Not ``is_safe``: the user may change it meanwhile."""

    value: Any
    is_safe: bool


def holds_data(value: Any) -> bool:
    """Tell whether a value is data: a table, a column, an array that is more than one number."""
    return is_data(type(value)) and getattr(value, "ndim", 1) != 0


def seconds_to_look(value: Any) -> float:
    """Estimate how long a fingerprint of data takes, from above."""
    estimate = _ESTIMATES.get(_library(value))
    return _UNKNOWN_SECONDS if estimate is None else estimate(value)


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
    shape: tuple[int, ...] = getattr(value, "shape", None) or (len(value),)
    columns = shape[1] if len(shape) == 2 else 1
    return float(shape[0] * columns * _SECONDS_PER_CELL + columns * _SECONDS_PER_COLUMN)


def _seconds_for_array(value: Any) -> float:
    if value.dtype.kind in "OUTSV":
        return float(value.size * _SECONDS_PER_OBJECT)
    return float(value.nbytes * _SECONDS_PER_BYTE)


def _hold_pandas(value: Any) -> Held:
    version = sys.modules["pandas"].__version__
    is_safe = int(version.partition(".")[0]) >= _COPY_ON_WRITE
    return Held(value.copy(deep=False), is_safe=is_safe)


_ESTIMATES: dict[str, Callable[[Any], float]] = {
    "pandas": _seconds_for_table,
    "polars": _seconds_for_table,
    "pyarrow": _seconds_for_table,
    "numpy": _seconds_for_array,
    "scipy": lambda value: float(value.nnz * 100e-9),
}
_HOLDS: dict[str, Callable[[Any], Held]] = {
    "pandas": _hold_pandas,
    "polars": lambda value: Held(value.clone(), is_safe=True),
    "pyarrow": lambda value: Held(value, is_safe=True),
}
