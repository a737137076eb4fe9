"""Reading classes and objects without asking them: no metaclass, property or method is called.

``type(value)`` and the descriptors of ``type`` and ``object`` say what is there, whatever
``__class__``, ``__dict__``, ``__getattribute__`` or a metaclass claim. Python calls no code of the
user's for any of these.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from operator import itemgetter
from types import GetSetDescriptorType, MemberDescriptorType
from typing import Any

from nbmlops.fingerprints.base import Unordered

_MRO = type.__dict__["__mro__"]
_NAMESPACE = type.__dict__["__dict__"]
_MODULE = type.__dict__["__module__"]
_QUALNAME = type.__dict__["__qualname__"]
_SIZE = type.__dict__["__basicsize__"]
_ITEM_SIZE = type.__dict__["__itemsize__"]
_DICT_OFFSET = type.__dict__["__dictoffset__"]
_WEAKREF_OFFSET = type.__dict__["__weakrefoffset__"]
_POINTER_BYTES = tuple.__itemsize__

type Attributes = list[tuple[str, Any]]


class HidesAttributes(Exception):
    """The class puts something else in the place of its objects' attributes."""


def ancestors(kind: type) -> tuple[type, ...]:
    """Return a class and those that it inherits from, nearest first."""
    found: tuple[type, ...] = _MRO.__get__(kind)
    return found


def namespace(kind: type) -> Mapping[str, Any]:
    """Return what a class itself defines."""
    found: Mapping[str, Any] = _NAMESPACE.__get__(kind)
    return found


def full_name(kind: type) -> str:
    """Return the name of a class with its module: ``builtins.list``."""
    return f"{module_of(kind)}.{qualified_name(kind)}"


def qualified_name(kind: type) -> str:
    """Return the name of a class in its module."""
    return str.__str__(_QUALNAME.__get__(kind))


def module_of(kind: type) -> str:
    """Return the name of a class's module, ``?`` where it has set it to something else."""
    name = _MODULE.__get__(kind)
    return str.__str__(name) if issubclass(type(name), str) else "?"


def derives(kind: type, *bases: type) -> bool:
    """Tell whether a class is one of some, or inherits from one; no abstract class is asked."""
    return any(ancestor is base for ancestor in ancestors(kind) for base in bases)


def defined(kind: type, name: str) -> Any:
    """Return what a class or the nearest ancestor has under a name, as it is there; else None."""
    for ancestor in ancestors(kind):
        if name in namespace(ancestor):
            return namespace(ancestor)[name]
    return None


class Layout:
    """How the objects of a class keep their attributes, found once for many objects.

    Slots of ``base`` and above do not count: what describes values of that class reads them.
    """

    __slots__ = ("_dict", "_is_own", "_kind", "_slots")

    def __init__(self, kind: type, base: type = object) -> None:
        self._kind = kind
        self._dict = defined(kind, "__dict__")
        self._slots = list(_slots(kind, base))
        self._is_own: dict[str, bool] = {}

    def attributes(self, value: object) -> Attributes:
        """Return the attributes of an object that are its own, by name: from its dict and slots.

        Left out is what `functools.cached_property` keeps: it comes from the others.
        Raises `HidesAttributes` where the class hides them.
        """
        kept = _kept_dict(self._dict, value)
        found = [*self._in_dict(kept), *_in_slots(value, self._slots)]
        return sorted(found, key=itemgetter(0))

    def _in_dict(self, kept: dict[Any, Any] | None) -> Attributes:
        if not kept:
            return []
        pairs = list(dict.items(kept))
        if all(type(name) is str for name, _ in pairs):
            return [pair for pair in pairs if self._has(pair[0])]
        named = [pair for pair in pairs if type(pair[0]) is str and self._has(pair[0])]
        others = [pair for pair in pairs if type(pair[0]) is not str]
        return [*named, ("__dict__", Unordered(others))]

    def _has(self, name: str) -> bool:
        is_own = self._is_own.get(name)
        if is_own is None:
            is_own = type(defined(self._kind, name)) is not cached_property
            self._is_own[name] = is_own
        return is_own


def attributes(value: object, base: type = object) -> Attributes:
    """Return the attributes of an object that are its own; see `Layout`."""
    return Layout(type(value), base).attributes(value)


def hidden_bytes(kind: type, base: type = object) -> int:
    """Return how much of an object's memory is neither its slots, dict, nor its base's.

    Objects of classes written in C keep their state there: it cannot be read.
    """
    if _ITEM_SIZE.__get__(kind) != _ITEM_SIZE.__get__(base):
        return int(_ITEM_SIZE.__get__(kind))
    pointers = sum(1 for _ in _slots(kind, base))
    for offset in (_DICT_OFFSET, _WEAKREF_OFFSET):  # negative where outside the object
        pointers += offset.__get__(kind) > 0 and offset.__get__(base) == 0
    return int(_SIZE.__get__(kind) - _SIZE.__get__(base) - pointers * _POINTER_BYTES)


def own_dict(value: object) -> dict[Any, Any] | None:
    """Return the dict in which an object keeps its attributes; None where it has none."""
    return _kept_dict(defined(type(value), "__dict__"), value)


def _kept_dict(descriptor: Any, value: object) -> dict[Any, Any] | None:
    if descriptor is None:
        return None
    if type(descriptor) not in (GetSetDescriptorType, MemberDescriptorType):
        raise HidesAttributes
    kept = descriptor.__get__(value)
    return kept if issubclass(type(kept), dict) else None


def _in_slots(value: object, slots: Iterable[tuple[str, MemberDescriptorType]]) -> Attributes:
    found: Attributes = []
    for name, slot in slots:
        try:
            found.append((name, slot.__get__(value)))
        except AttributeError:  # nothing was put there
            continue
    return found


def _slots(kind: type, base: type) -> Iterator[tuple[str, MemberDescriptorType]]:
    for ancestor in ancestors(kind):
        if derives(base, ancestor):
            continue
        own = namespace(ancestor)
        if "__slots__" not in own:
            continue
        for name, slot in own.items():
            if type(slot) is MemberDescriptorType and slot.__objclass__ is ancestor:
                yield name, slot
