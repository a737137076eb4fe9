"""Where functions, classes and modules live: in installed packages, or in the user's own code.

What is installed is known by its name: another version of the package shows in the environment of
a run. The user's own is looked into.
"""

import os
import sys
import sysconfig
from functools import cache
from pathlib import Path
from types import GetSetDescriptorType, MemberDescriptorType, ModuleType
from typing import Any

from nbmlops.fingerprints.base import Described
from nbmlops.fingerprints.hashing import joined, text
from nbmlops.fingerprints.python.classes import (
    HidesAttributes,
    defined,
    full_name,
    own_dict,
)
from nbmlops.fingerprints.python.identity import found_under, module_attributes

_PACKAGE_FOLDERS = ("site-packages", "dist-packages")
_OURS = __name__.partition(".")[0]  # an editable installation of nbmlops is one


def is_installed_file(filename: str) -> bool:
    """Tell whether code with this file name is part of Python or of an installed package."""
    if filename.startswith("<frozen "):
        return True
    if any(f"{os.sep}{folder}{os.sep}" in filename for folder in _PACKAGE_FOLDERS):
        return True
    return filename.startswith(_standard())


def is_installed_module(name: str) -> bool:
    """Tell whether the module of this name is part of Python or of an installed package."""
    top = name.partition(".")[0]
    if top == "__main__":
        return False
    if top in sys.builtin_module_names or top in sys.stdlib_module_names or top == _OURS:
        return True
    for known in (name, top):
        module = sys.modules.get(known)
        if issubclass(type(module), ModuleType):  # anything may be put there
            filename = module_attributes(module).get("__file__")  # type: ignore[arg-type]
            return type(filename) is str and is_installed_file(filename)
    return False


def known_by_name(value: Any) -> Described | None:
    """Describe what is to be found under its own name in an installed module; None where not.

    So are compiled functions, whatever the type that their compiler gives them.
    """
    name, module_name = own_name(value, "__qualname__", "__name__"), own_name(value, "__module__")
    if name is None:
        return None
    for home in _homes(value, module_name):
        if is_installed_module(home) and found_under(home, name) is value:
            return Described("function", joined("by name", text(home), text(name)))
    return None


def _homes(value: Any, module_name: str | None) -> tuple[str, ...]:
    if module_name is not None:
        return (module_name,)
    # numpy's universal functions do not say where they are from
    return ("numpy", "scipy.special") if full_name(type(value)) == "numpy.ufunc" else ()


def own_name(value: Any, *names: str) -> str | None:
    """Return a name that an object of a compiled type gives itself, the first that it has."""
    try:
        kept = own_dict(value) or {}
    except HidesAttributes:
        return None
    for name in names:
        found, slot = kept.get(name), defined(type(value), name)
        if type(slot) in (GetSetDescriptorType, MemberDescriptorType):
            found = slot.__get__(value)
        if type(found) is str:
            return found
    return None


@cache
def _standard() -> tuple[str, ...]:
    paths = sysconfig.get_paths()
    folders = {paths["stdlib"], paths["platstdlib"], str(Path(__file__).parent.parent)}
    return tuple(sorted(folder + os.sep for folder in folders))
