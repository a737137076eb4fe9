"""Classes and types: the user's by what they define, others by name.

A class of the user's is its name, its bases, its metaclass, and what its body left in it: methods
by their source, other attributes by their value as it is now, annotations in their order. What
Python and the standard library write into it themselves is left out.
"""

import enum
import types
from typing import Any

from nbmlops.fingerprints.base import Described, Mode, Steps
from nbmlops.fingerprints.hashing import joined, text
from nbmlops.fingerprints.python.classes import (
    Attributes,
    derives,
    full_name,
    module_of,
    namespace,
    own_dict,
    qualified_name,
)
from nbmlops.fingerprints.python.code import is_installed_code
from nbmlops.fingerprints.python.homes import is_installed_module
from nbmlops.fingerprints.python.objects import with_named

_HEAP = 1 << 9  # Py_TPFLAGS_HEAPTYPE: made while the program runs
_FLAGS = type.__dict__["__flags__"]
_BASES = type.__dict__["__bases__"]
_NAME = type.__dict__["__name__"]
_LEFT_OUT = frozenset(
    "__module__ __qualname__ __doc__ __dict__ __weakref__ __firstlineno__ __static_attributes__ "
    "__abstractmethods__ _abc_impl __orig_bases__ __parameters__ __match_args__ __annotations__ "
    "__protocol_attrs__ __non_callable_proto_members__ __annotate__ __annotate_func__ "
    "__annotations_cache__ __classdictcell__".split()
)
_SLOTS = (types.MemberDescriptorType, types.GetSetDescriptorType)


def class_(value: type, mode: Mode) -> Described | Steps:
    """Describe a class."""
    module = module_of(value)
    if not _FLAGS.__get__(value) & _HEAP or is_installed_module(module):
        return Described("class", joined("class", text(module), text(qualified_name(value))))
    found: Attributes = [("__bases__", _BASES.__get__(value))]
    if type(value) is not type:
        found.append(("__class__", type(value)))
    annotations = namespace(value).get("__annotations__")
    if type(annotations) is dict:
        found.append(("__annotations__", list(annotations.items())))
    found += sorted(_body(value), key=lambda item: item[0])
    return with_named("class", text(_NAME.__get__(value)), found, mode)


def _body(kind: type) -> Attributes:
    """Return what the body of a class left in it."""
    own = [
        (name, item)
        for name, item in namespace(kind).items()
        if type(name) is str and name not in _LEFT_OUT and type(item) not in _SLOTS
    ]
    if derives(kind, enum.Enum):
        return [("<members>", _members(kind)), *(pair for pair in own if _is_written_code(*pair))]
    if "__dataclass_fields__" in namespace(kind) or derives(kind, tuple):
        return [pair for pair in own if not _is_generated(*pair)]
    return own


def _members(kind: type) -> list[tuple[str, Any]]:
    named = namespace(kind).get("_member_map_", {})
    return [(name, (own_dict(member) or {}).get("_value_")) for name, member in named.items()]


def _is_written_code(name: str, item: Any) -> bool:
    is_code = type(item) in (types.FunctionType, staticmethod, classmethod, property)
    return is_code and not _is_generated(name, item)


def _is_generated(name: str, item: Any) -> bool:
    """Tell whether a dataclass, a named tuple or an enumeration wrote this itself."""
    if type(item) in (staticmethod, classmethod):
        item = item.__func__
    if type(item) is types.FunctionType:
        filename = item.__code__.co_filename
        return name.startswith("_") and (filename == "<string>" or is_installed_code(item))
    return full_name(type(item)) == "collections._tuplegetter" or name == "_make"


def generic_alias(value: types.GenericAlias, mode: Mode) -> Described | Steps:
    """Describe a type like ``list[int]`` by class and arguments."""
    names = ("__origin__", "__args__")
    found = [(name, types.GenericAlias.__dict__[name].__get__(value)) for name in names]
    return with_named("type", b"generic", found, mode)


def union(value: types.UnionType, mode: Mode) -> Described | Steps:
    """Describe a type like ``int | None`` by its alternatives, in their order."""
    return with_named("type", b"union", [("__args__", value.__args__)], mode)


def alias_of_typing(value: Any, mode: Mode) -> Described | Steps:
    """Describe a type like ``typing.List[int]``, of what all versions of Python keep of it."""
    kept = own_dict(value) or {}
    names = ("__args__", "__metadata__", "__origin__", "_name")
    found = [(name, kept[name]) for name in names if name in kept]
    return with_named("type", b"typing", found, mode)


def form_of_typing(value: Any, _mode: Mode) -> Described:
    """Describe ``typing.Any``, ``typing.ClassVar`` and their like by their name."""
    return Described("type", joined("form", text(value._name)))


def forward_reference(value: Any, _mode: Mode) -> Described:
    """Describe a type that is written as text."""
    return Described("type", joined("forward", text(value.__forward_arg__)))


def type_variable(value: Any, _mode: Mode) -> Described:
    """Describe a type variable by its name."""
    return Described("type", joined("variable", text(value.__name__)))


def service(value: Any, mode: Mode) -> Described | Steps:
    """Describe what a process has one of, like a logger, by its class and name.

    What it is connected with, everything sooner or later, is no part of the value.
    """
    name = (own_dict(value) or {}).get("name")
    return with_named("service", text(full_name(type(value))), [("name", name)], mode)
