"""Which values stand for a missing one.

Among Python objects None, NaN, and pandas' NA and NaT do, by their types alone. No method of a
user's class is called: a subclass of float is looked at as little as any other object.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmlops.fingerprints.python.identity import known_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ALWAYS = frozenset(  # pandas 3 has given its types new names
    "builtins.NoneType pandas._libs.missing.NAType pandas._libs.tslibs.nattype.NaTType "
    "pandas.api.typing.NAType pandas.api.typing.NaTType".split()
)
_TEXTS = frozenset(("builtins.str", "numpy.str_"))
_FLOATS = frozenset("builtins.float numpy.float64 numpy.float32 numpy.float16".split())


def is_missing(value: object) -> bool:
    """Tell whether a value stands for a missing one."""
    kind = type(value)
    if value is None or kind is str:
        return value is None
    if kind is float:
        return value != value
    name = known_name(kind)
    return name in _ALWAYS or (name in _FLOATS and value != value)


def all_text_or_missing(values: Iterable[object]) -> bool:
    """Tell whether values are nothing but texts and missing ones; also where there is none.

    A value of another class that derives from text, such as a member of an enumeration, is none.
    """
    items = list(values)
    others = [kind for kind in set(map(type, items)) if known_name(kind) not in _TEXTS]
    names = {known_name(kind) for kind in others}
    if names <= _ALWAYS:
        return True
    if not names <= _ALWAYS | _FLOATS:
        return False
    floats = {kind for kind in others if known_name(kind) in _FLOATS}
    return all(item != item for item in items if type(item) in floats)


def has_nan(values: "NDArray[Any]") -> bool:
    """Tell whether contiguous numbers have a NaN among them.

    Their least is NaN if any is, and is found in half the time of a look at each.
    """
    if values.dtype.kind not in "fc" or not len(values):
        return False
    reals = values if values.dtype.kind == "f" else values.view(values.real.dtype)
    least = np.minimum.reduce(reals)
    return bool(least != least)
