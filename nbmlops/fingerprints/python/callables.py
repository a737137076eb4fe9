"""What can be called beside functions: methods, what C defines, and what wraps a function."""

import functools
import sys
import types
from typing import Any

from nbmlops.fingerprints.base import Child, Described, Mode, Steps
from nbmlops.fingerprints.hashing import joined, text
from nbmlops.fingerprints.python.classes import full_name, module_of, own_dict
from nbmlops.fingerprints.python.code import by_name
from nbmlops.fingerprints.python.homes import is_installed_module, own_name
from nbmlops.fingerprints.python.identity import module_attributes
from nbmlops.fingerprints.python.objects import derived, with_named

_KIND = "function"


def method(value: types.MethodType, mode: Mode) -> Described | Steps:
    """Describe a bound method: function and object."""
    name = own_name(value.__func__, "__name__")
    home = None if name is None else _home(value, value.__self__, name)
    if home is not None and name is not None:
        return by_name(home, name)
    found = [("__func__", value.__func__), ("__self__", value.__self__)]
    return with_named(_KIND, b"method", found, mode)


def builtin(value: types.BuiltinFunctionType, mode: Mode) -> Described | Steps:
    """Describe a function written in C by its name, and the object that it is bound to."""
    owner = value.__self__
    if owner is None or issubclass(type(owner), types.ModuleType):
        return by_name(str(value.__module__), value.__qualname__)
    home = _home(value, owner, value.__name__)
    if home is not None:
        return by_name(home, value.__name__)
    return with_named(_KIND, text(value.__name__), [("__self__", owner)], mode)


def slot(value: Any, _mode: Mode) -> Described:
    """Describe a method or attribute that a class written in C defines."""
    owner = full_name(value.__objclass__)
    return Described(_KIND, joined("slot", text(owner), text(value.__name__)))


def bound_slot(value: Any, mode: Mode) -> Described | Steps:
    """Describe such a method of an object."""
    return with_named(_KIND, text(value.__name__), [("__self__", value.__self__)], mode)


@derived(staticmethod)
def static_method(value: Any, mode: Mode) -> Described | Steps:
    """Describe a static method by its function."""
    inside = staticmethod.__func__.__get__(value)
    return with_named(_KIND, b"static", [("__func__", inside)], mode)


@derived(classmethod)
def class_method(value: Any, mode: Mode) -> Described | Steps:
    """Describe a class method by its function."""
    inside = classmethod.__func__.__get__(value)
    return with_named(_KIND, b"of class", [("__func__", inside)], mode)


@derived(property)
def property_(value: Any, mode: Mode) -> Described | Steps:
    """Describe a property by what reads, sets and deletes it."""
    names = ("fget", "fset", "fdel")
    found = [(name, getattr(property, name).__get__(value)) for name in names]
    return with_named("property", b"", found, mode)


@derived(functools.partial)
def partial(value: Any, mode: Mode) -> Described | Steps:
    """Describe a function with some of its arguments."""
    names = ("func", "args", "keywords")
    found = [(name, getattr(functools.partial, name).__get__(value)) for name in names]
    return with_named(_KIND, b"partial", found, mode)


def cached_property(value: Any, mode: Mode) -> Described | Steps:
    """Describe a property that is found once for each object by its function."""
    found = [("func", (own_dict(value) or {})["func"])]
    return with_named("property", text(full_name(type(value))), found, mode)


def cached(value: Any, mode: Mode) -> Described | Steps:
    """Describe a function with a cache by the function: what is in the cache does not count."""
    found = [("__wrapped__", (own_dict(value) or {})["__wrapped__"])]
    return with_named(_KIND, b"cached", found, mode)


def by_reduction(value: Any, _mode: Mode) -> Steps:
    """Describe a getter of the `operator` module by what it is made from."""
    parts = yield Child(value.__reduce__(), "")
    return Described(_KIND, joined("reduced", parts))


def _home(value: Any, owner: Any, name: str) -> str | None:
    """Return the installed module that offers a bound method as a function: ``random.random``.

    None where there is none. Which object it is bound to is then the module's own affair.
    """
    home = module_of(type(owner))
    if not is_installed_module(home) or home not in sys.modules:
        return None
    return home if module_attributes(sys.modules[home]).get(name) is value else None
