"""Whether a class is the one that its name says: a class may give itself any name and module.

A class of a library is what the library has under that name. The types that Python itself is made
of are written in C, and many are found nowhere by name; no class that a program makes is like them.
"""

import sys
from types import ModuleType
from typing import Any

from nbmlops.fingerprints.python.classes import defined, full_name, module_of, qualified_name

_FLAGS = type.__dict__["__flags__"]
_MODULE_DICT: Any = vars(ModuleType)["__dict__"]
_MADE_BY_A_PROGRAM = 1 << 9  # Py_TPFLAGS_HEAPTYPE; the types of extensions may be so as well

# By their ids; they stay as long as their libraries do.
_GENUINE: dict[int, type] = {}


def known_name(kind: type) -> str | None:
    """Return the full name of a class if it is the class of that name, else None.

    Whether it is so is found out once, and remembered of those that are.
    """
    return full_name(kind) if is_genuine(kind) else None


def is_genuine(kind: type) -> bool:
    """Tell whether a class is what its module has under its name."""
    if id(kind) in _GENUINE:
        return True
    if _FLAGS.__get__(kind) & _MADE_BY_A_PROGRAM and _found(kind) is not kind:
        return False
    _GENUINE[id(kind)] = kind
    return True


def is_of_library(kind: type, *libraries: str) -> bool:
    """Tell whether a class is genuine and from one of some libraries."""
    return module_of(kind).partition(".")[0] in libraries and is_genuine(kind)


def module_attributes(module: ModuleType) -> dict[str, Any]:
    """Return what a module has; what it would make when asked is not there."""
    found: dict[str, Any] = _MODULE_DICT.__get__(module)
    return found


def found_under(module_name: str, qualified_name: str) -> Any:
    """Return what a loaded module has under a dotted name, None where it has not.

    What modules and classes would make when asked is not there.
    """
    found: Any = sys.modules.get(module_name)
    for name in qualified_name.split("."):
        is_module, is_class = (issubclass(type(found), kind) for kind in (ModuleType, type))
        if not (is_module or is_class):
            return None
        found = module_attributes(found).get(name) if is_module else defined(found, name)
    return found


def _found(kind: type) -> Any:
    return found_under(module_of(kind), qualified_name(kind))
