"""Functions and what calls them: by normalised source and by what they reach out for.

A function of the user's is its syntax tree (see `syntax`) and the values of its defaults, its
closure, its own attributes and the globals that it names; functions among these likewise. Its
name counts, the file and line it was defined in do not. One from an installed package is its name
and, where it was made by another function, what it closes over. A module is its name; of a module
of the user's, what the function takes out of it counts. Never bytecode.

Does not live here: what else can be called (`callables`), classes (`class_code`).
"""

import types
import weakref
from collections.abc import Mapping
from typing import Any

from nbmlops.fingerprints.base import Described, Mode, Steps
from nbmlops.fingerprints.hashing import joined, text
from nbmlops.fingerprints.python.classes import Attributes, derives, own_dict
from nbmlops.fingerprints.python.homes import is_installed_file, is_installed_module
from nbmlops.fingerprints.python.identity import module_attributes
from nbmlops.fingerprints.python.objects import with_named
from nbmlops.fingerprints.python.sources import SourceMissing, definition_of
from nbmlops.fingerprints.python.syntax import chains, names_read, syntax_digest
from nbmlops.fingerprints.walking import opaque

type Names = tuple[str, ...]

_KIND = "function"
_OF_MODULES = frozenset(  # what Python tells a module of itself: where it is
    "__name__ __file__ __doc__ __package__ __spec__ __loader__ __path__ __cached__ __builtins__ "
    "__annotations__".split()
)
_CACHES = (weakref.WeakKeyDictionary, weakref.WeakValueDictionary, weakref.WeakSet)


def function(value: types.FunctionType, mode: Mode) -> Described | Steps:
    """Describe a function defined in Python."""
    code = value.__code__
    is_installed = is_installed_code(value)
    if is_installed and "<lambda>" not in code.co_qualname:
        return _installed(value, mode)
    try:
        definition = definition_of(code)
    except SourceMissing as problem:
        return _installed(value, mode) if is_installed else opaque(value, str(problem))
    found = _made_with(value) + _put_onto(value)
    if not is_installed:
        read = names_read(code)
        dotted = [names for names in chains(definition) if names[0] in read]
        found += _globals(value, read, dotted)
    return with_named(_KIND, syntax_digest(definition), found, mode, prefix="")


def is_installed_code(value: types.FunctionType) -> bool:
    """Tell whether a function is from an installed package, be it made while that runs."""
    filename = value.__code__.co_filename
    if not filename.startswith("<"):
        return is_installed_file(filename)
    return is_installed_file(filename) or is_installed_module(_text(value.__globals__, "__name__"))


def module(value: types.ModuleType, _mode: Mode) -> Described:
    """Describe a module by its name."""
    return Described("module", joined("module", text(_text(module_attributes(value), "__name__"))))


def by_name(module_name: str, name: str) -> Described:
    """Describe a function or class that is known by its name."""
    return Described(_KIND, joined("by name", text(module_name), text(name)))


def _installed(value: types.FunctionType, mode: Mode) -> Described | Steps:
    name = value.__code__.co_qualname
    if "<locals>" not in name and not value.__closure__:
        return by_name(_text(value.__globals__, "__name__"), name)
    head = joined("made by name", text(_text(value.__globals__, "__name__")), text(name))
    return with_named(_KIND, head, _made_with(value), mode, prefix="")


def _made_with(value: types.FunctionType) -> Attributes:
    """Return what a function was given when it was made; caches hold what they need not."""
    found: Attributes = [
        ("defaults", value.__defaults__),
        ("keyword defaults", value.__kwdefaults__),
    ]
    for name, cell in zip(value.__code__.co_freevars, value.__closure__ or (), strict=True):
        try:
            held = cell.cell_contents
        except ValueError:  # nothing was put there yet
            continue
        if not derives(type(held), *_CACHES):
            found.append((f"closure {name}", held))
    return sorted(found, key=lambda item: item[0])


def _put_onto(value: types.FunctionType) -> Attributes:
    """Return the attributes that a function was given, by name."""
    own = [(name, item) for name, item in (own_dict(value) or {}).items() if type(name) is str]
    found = [(f"attribute {name}", item) for name, item in own if name != "__wrapped__"]
    return sorted(found, key=lambda item: item[0])


def _globals(value: types.FunctionType, names: set[str], dotted: list[Names]) -> Attributes:
    """Return the globals that a function names; of the user's modules what it takes out of them."""
    found: Attributes = []
    for name in sorted(names - _OF_MODULES):
        if not dict.__contains__(value.__globals__, name):
            continue
        held = dict.__getitem__(value.__globals__, name)
        found.append((f"global {name}", held))
        if issubclass(type(held), types.ModuleType):
            taken = [chain[1:] for chain in dotted if chain[0] == name]
            found += _out_of(held, name, taken)
    return found


def _out_of(module: types.ModuleType, name: str, taken: list[Names]) -> Attributes:
    """Return what dotted names reach in a module of the user's."""
    if is_installed_module(_text(module_attributes(module), "__name__")):
        return []
    found: Attributes = []
    for names in sorted(taken):
        held: Any = module
        for place, part in enumerate(names, start=1):
            if part not in module_attributes(held):
                break
            held = module_attributes(held)[part]
            if not issubclass(type(held), types.ModuleType):
                found.append((".".join(("global", name, *names[:place])), held))
                break
    return found


def _text(names: Mapping[str, Any], name: str) -> str:
    found = names.get(name)
    return found if type(found) is str else "?"
