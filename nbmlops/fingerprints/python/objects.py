"""Objects of the user's classes: by the name of the class and by attributes.

An object is its class's name with its module, and the attributes that are its own: those in its
``__dict__`` and slots, without what `functools.cached_property` keeps there. The code of its class
is not looked at; the fingerprint of the class itself is for that. The state of objects whose class
is written in C cannot be read: without an adapter they are opaque. Objects of classes that derive
from a builtin one are a value of that, and the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache, wraps
from types import MemberDescriptorType
from typing import Any

from nbmlops.fingerprints.base import Adapter, Described, Digesting, Mode, Steps
from nbmlops.fingerprints.hashing import joined, text
from nbmlops.fingerprints.packing import in_order
from nbmlops.fingerprints.python.classes import (
    Attributes,
    HidesAttributes,
    Layout,
    ancestors,
    attributes,
    defined,
    full_name,
    hidden_bytes,
    module_of,
    namespace,
)
from nbmlops.fingerprints.python.homes import known_by_name
from nbmlops.fingerprints.python.opaque import why_opaque
from nbmlops.fingerprints.walking import opaque

_HIDES = "its class hides its attributes"


def instance_adapter(kind: type) -> Adapter:
    """Return an adapter for objects of a class that has none: by class and attributes."""
    if hidden_bytes(kind) > 0:
        return _known_or_opaque
    head, layout = text(full_name(kind)), Layout(kind)
    named = "dataclass" if type(defined(kind, "__dataclass_fields__")) is dict else "object"

    def adapter(value: Any, mode: Mode) -> Described | Steps:
        try:
            found = layout.attributes(value)
        except HidesAttributes:
            return opaque(value, _HIDES)
        return with_named(named, head, found, mode)

    return adapter


def instance(value: Any, mode: Mode) -> Described | Steps:
    """Describe one object by its class and attributes."""
    return instance_adapter(type(value))(value, mode)


def _known_or_opaque(value: Any, _mode: Mode) -> Described:
    return known_by_name(value) or opaque(value, why_opaque(type(value)))


def derived(base: type) -> Callable[[Adapter], Adapter]:
    """Let the adapter of a builtin type describe objects of classes that derive from it.

    What is decorated must read values by the type's own means: ``list.__len__(value)``. The class's
    name and the attributes are added.
    """

    def decorate(describe: Adapter) -> Adapter:
        @wraps(describe)
        def adapter(value: Any, mode: Mode) -> Described | Steps:
            if type(value) is base:
                return describe(value, mode)
            return with_class(value, base, describe(value, mode), mode)

        return adapter

    return decorate


def exception(value: BaseException, mode: Mode) -> Described | Steps:
    """Describe an error by its arguments and what its class keeps beside; not by where it was."""
    found = [("args", BaseException.args.__get__(value))]  # type: ignore[attr-defined]
    builtin = [kind for kind in ancestors(type(value)) if module_of(kind) == "builtins"]
    for ancestor in builtin:
        for name, member in namespace(ancestor).items():
            if type(member) is MemberDescriptorType and not name.startswith("__") and name != "obj":
                found.append((name, member.__get__(value)))
    made = with_named("exception", b"", found, mode)
    return with_class(value, builtin[0], made, mode)


def with_class(value: Any, base: type, made: Described | Steps, mode: Mode) -> Described | Steps:
    """Add the name of a class that derives from ``base``, and the attributes, to a description."""
    kind = type(value)
    if hidden_bytes(kind, base) > 0:
        return opaque(value, why_opaque(kind))
    try:
        found = attributes(value, base)
    except HidesAttributes:
        return opaque(value, _HIDES)
    return _added(made, full_name(kind), found, mode)


def _added(made: Described | Steps, name: str, found: Attributes, mode: Mode) -> Steps:
    plain = made if isinstance(made, Described) else (yield from made)
    own = yield from _digest(found, mode)
    return replace(plain, digest=joined("derived", text(name), plain.digest, own))


def with_named(
    kind: str, head: bytes, found: Attributes, mode: Mode, *, prefix: str = "."
) -> Described | Steps:
    """Describe a value by what it is in itself and by other values that have names in it."""
    names, values = _split(found)
    held = in_order(values, mode, lambda place: f"{prefix}{names[place]}")
    if isinstance(held, bytes):
        return Described(kind, joined(kind, head, _names_digest(tuple(names)), held))
    return _walked(kind, head, names, held)


def _walked(kind: str, head: bytes, names: Sequence[str], steps: Digesting) -> Steps:
    held = yield from steps
    return Described(kind, joined(kind, head, _names_digest(tuple(names)), held))


def _digest(found: Attributes, mode: Mode) -> Digesting:
    names, values = _split(found)
    held = in_order(values, mode, lambda place: f".{names[place]}")
    if not isinstance(held, bytes):
        held = yield from held
    return joined("attributes", _names_digest(tuple(names)), held)


def _split(found: Attributes) -> tuple[list[str], list[Any]]:
    return [name for name, _ in found], [item for _, item in found]


@lru_cache(1_024)  # the objects of a class have the same
def _names_digest(names: tuple[str, ...]) -> bytes:
    return joined("names", *map(text, names))
