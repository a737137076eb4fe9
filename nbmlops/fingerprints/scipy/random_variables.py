"""Random variables of `scipy.stats`, such as those that a randomized search draws from.

What counts is their class and attributes, without the functions that scipy makes for each of them,
and without the generator that they draw from: mostly it is numpy's global one, or a copy of that.
"""

from collections.abc import Iterable
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from nbmlops.fingerprints.base import Child, Described, Mode, Steps
from nbmlops.fingerprints.hashing import joined, text
from nbmlops.fingerprints.python.classes import attributes, full_name

_MADE_KINDS: Iterable[type] = (FunctionType, MethodType, np.vectorize)
_LEFT_OUT = frozenset(("_parse_arg_template", "__doc__", "_random_state"))


def random_variable(value: Any, _mode: Mode) -> Steps:
    """Describe a distribution of one or more variables, without parameters of its shape."""
    kept = {
        name: item
        for name, item in attributes(value)
        if name not in _LEFT_OUT and type(item) not in _MADE_KINDS
    }
    digest = yield Child(kept, "")
    return Described("object", joined("random variable", text(full_name(type(value))), digest))
