"""How values of each type are written down: as `writers` has it of the type's full name.

A type without an entry has that of its nearest ancestor. The attributes of its objects come on top,
and the classes of the notebook that it is or derives from, since theirs can change too. Any object
without an entry is its attributes, unless its class is compiled and keeps something elsewhere.
"""

import sys
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from nbmlops.capture.tokens.writers import CACHES, COMPLETE, LEFT_OUT, WRITERS
from nbmlops.fingerprints.python.classes import (
    ancestors,
    full_name,
    hidden_bytes,
    module_of,
    namespace,
    qualified_name,
)
from nbmlops.fingerprints.python.homes import is_installed_module
from nbmlops.fingerprints.python.identity import module_attributes

if TYPE_CHECKING:
    from nbmlops.capture.tokens.walking import Walk

type Write = Callable[["Walk", Any], None]
"""Writes what a value is, and lets the walk follow what it holds.

It reads by the library's own means or by slots and ``__dict__``; it may raise: the value is then
opaque. What it makes on the way may be followed, if its address says nothing.
"""

# What takes long, and several variables hold: it is walked through once, see `walking`.
_APART = frozenset(
    (
        "matplotlib.figure.FigureBase",
        "matplotlib.axes._base._AxesBase",
        "pandas.core.generic.NDFrame",
        "sklearn.base.BaseEstimator",
    )
)

# What is ours changes all the time: two cells that log to one run have nothing else in common.
_OWN = "nbmlops."

# Packages whose own compiled objects say by `__reduce__` what their attributes do not show.
_COMPILED = frozenset(("numpy", "scipy", "sklearn", "pandas"))

_FLAGS = type.__dict__["__flags__"]
_DICT_OFFSET = type.__dict__["__dictoffset__"]
_HEAP_TYPE = 1 << 9


@dataclass(frozen=True, slots=True)
class Plan:
    """How objects of a class are written, and whether that is done apart from what holds them."""

    write: Write
    is_apart: bool = False


type _Shape = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class _Passing:
    """The plan of a class that may go or change: good as long as it has the same shape."""

    kind: "weakref.ref[type]"
    shape: _Shape
    plan: Plan


# By ids of types that live as long as the process, and of others.
_LASTING: dict[int, Plan] = {}
_PASSING: dict[int, _Passing] = {}


def plan_of(walk: "Walk", kind: type) -> Plan:
    """Return how values of a type are written."""
    known = _LASTING.get(id(kind)) or walk.plans.get(id(kind))
    if known is not None:
        return known
    if _is_lasting(kind):
        plan = _LASTING[id(kind)] = _plan(kind)
    else:
        plan = walk.plans[id(kind)] = _passing_plan(kind)
    return plan


def _passing_plan(kind: type) -> Plan:
    shape, known = _shape(kind), _PASSING.get(id(kind))
    if known is not None and known.shape == shape and known.kind() is kind:
        return known.plan
    plan = _plan(kind)
    if not getattr(plan.write, "holds_its_class", False):
        _PASSING[id(kind)] = _Passing(weakref.ref(kind, _forgetting(id(kind))), shape, plan)
    return plan


def _shape(kind: type) -> _Shape:
    """Return what is another where a class has other ancestors, or they have something else."""
    found = ancestors(kind)
    local = [namespace(one) for one in found if not is_installed_module(module_of(one))]
    return (tuple(map(id, found)), *(tuple(map(id, held.values())) for held in local))


def _forgetting(address: int) -> Callable[["weakref.ref[type]"], None]:
    def forget(gone: "weakref.ref[type]") -> None:
        known = _PASSING.get(address)
        if known is not None and known.kind is gone:
            del _PASSING[address]

    return forget


def _is_lasting(kind: type) -> bool:
    """Tell whether a class is compiled into Python, or an installed module keeps it by its name."""
    if module_of(kind) == "builtins" and not _FLAGS.__get__(kind) & _HEAP_TYPE:
        return True
    home = sys.modules.get(module_of(kind))
    if home is None or not issubclass(type(home), ModuleType) or not is_installed_class(kind):
        return False
    return module_attributes(home).get(qualified_name(kind)) is kind


def is_installed_class(kind: type) -> bool:
    """Tell whether a class and all that it inherits from belong to Python or a library."""
    return all(is_installed_module(module_of(ancestor)) for ancestor in ancestors(kind))


def _plan(kind: type) -> Plan:
    return Plan(_writer(kind), not _APART.isdisjoint(map(full_name, ancestors(kind))))


def _writer(kind: type) -> Any:
    if module_of(kind).startswith(_OWN):
        return _loaded("constants:constant")
    base, entry = _nearest(kind)
    write: Write | None = None if entry is None else _loaded(entry)
    if write is not None and _is_complete(kind, base, str(entry)):
        return write
    if hidden_bytes(kind, base) > 0:
        is_compiled = module_of(kind).partition(".")[0] in _COMPILED
        return _loaded("constants:compiled" if is_compiled else "services:opaque")
    local = tuple(
        place
        for place, one in enumerate(ancestors(kind))
        if not is_installed_module(module_of(one))
    )
    return _loaded("objects:ObjectWriter")(kind, base, write, _left_out(kind), local)


def _nearest(kind: type) -> tuple[type, str | None]:
    """Return the nearest ancestor of a type that has an entry, builtin ones last, and the entry."""
    found = sorted(ancestors(kind), key=lambda ancestor: module_of(ancestor) == "builtins")
    for ancestor in found:
        entry = WRITERS.get(full_name(ancestor))
        if entry is not None:
            return ancestor, entry
    return object, None


def _is_complete(kind: type, base: type, entry: str) -> bool:
    """Tell whether a writer says everything of a type's objects, attributes included."""
    if issubclass(base, (type, ModuleType)):
        return True
    if entry.partition(":")[0] in COMPLETE:
        return base is kind or is_installed_class(kind)
    return base is kind and not _DICT_OFFSET.__get__(kind) and "__slots__" not in namespace(kind)


def _left_out(kind: type) -> frozenset[str]:
    """Return the attributes that do not count: of libraries also what properties remember."""
    found = set(CACHES) if any(map(is_installed_module, _library_modules(kind))) else set()
    for ancestor in ancestors(kind):
        found |= LEFT_OUT.get(full_name(ancestor), frozenset())
        own = namespace(ancestor).items()
        if is_installed_module(module_of(ancestor)):
            found |= {name for name, one in own if type(one) is cached_property}
    return frozenset(found)


def _library_modules(kind: type) -> list[str]:
    modules = map(module_of, ancestors(kind))
    return [module for module in modules if module != "builtins"]


@cache
def _loaded(entry: str) -> Any:
    module, _, function = entry.partition(":")
    return getattr(import_module(f"nbmlops.capture.tokens.{module}"), function)
