"""Values that hold others: lists, tuples, dicts, sets and what derives from them.

The order of a set does not count, nor the order in which a dict was filled: two dicts that are
equal are the same. An ``OrderedDict`` has its order. A list is no tuple, a set no frozenset, a
``Counter`` no dict. Sharing does not show: ``[x, x]`` is ``[x, copy(x)]``, but in a circle it does.
"""

import collections
import sys
from array import array
from collections.abc import Callable, Sequence
from gc import get_referents
from itertools import repeat
from operator import is_, itemgetter
from types import FunctionType, MappingProxyType, WrapperDescriptorType
from typing import Any

from nbmlops.fingerprints.base import Child, Described, Digesting, Mode, Steps, Unordered
from nbmlops.fingerprints.hashing import hashed, joined, text
from nbmlops.fingerprints.packing import (
    float_bytes,
    float_ranks,
    in_order,
    little_endian,
    plain_code,
)
from nbmlops.fingerprints.python.classes import defined
from nbmlops.fingerprints.python.objects import derived

_LONGEST_KEY = 40  # characters, in a reason
_LARGEST_KEY = 10**_LONGEST_KEY
_NONE, _FLOAT, _COMPLEX = map(plain_code, (type(None), float, complex))


class _ListView(Sequence[Any]):
    """Gives slices of a list as it is at the time, whatever a class that derives from it says."""

    def __init__(self, values: list[Any]) -> None:
        self._values = values

    def __len__(self) -> int:
        return list.__len__(self._values)

    def __getitem__(self, index: Any) -> Any:
        return list.__getitem__(self._values, index)


@derived(list)
def sequence(value: list[Any], mode: Mode) -> Described | Steps:
    """Describe a list."""
    return _ordered("list", _ListView(value), mode)


@derived(tuple)
def fixed_sequence(value: tuple[Any, ...], mode: Mode) -> Described | Steps:
    """Describe a tuple; the names of a named tuple's fields count."""
    values = tuple.__getitem__(value, slice(None))
    names = None if type(value) is tuple else defined(type(value), "_fields")
    if type(names) is not tuple or any(type(name) is not str for name in names):
        return _ordered("tuple", values, mode)
    fields = joined("fields", *map(text, names))
    return _ordered("tuple", values, mode, extra=fields, where=lambda place: f".{names[place]}")


@derived(collections.deque)
def double_ended(value: collections.deque[Any], mode: Mode) -> Described | Steps:
    """Describe a deque with its longest length."""
    values = list(collections.deque.__iter__(value))
    longest = collections.deque.maxlen.__get__(value)
    return _ordered("deque", values, mode, extra=text(str(longest)))


@derived(set)
def changing_set(value: set[Any], mode: Mode) -> Described | Steps:
    """Describe a set."""
    return _unordered("set", list(set.__iter__(value)), mode)


@derived(frozenset)
def fixed_set(value: frozenset[Any], mode: Mode) -> Described | Steps:
    """Describe a frozenset."""
    return _unordered("frozenset", list(frozenset.__iter__(value)), mode)


@derived(dict)
def mapping(value: dict[Any, Any], mode: Mode) -> Described | Steps:
    """Describe a dict; the order in which it was filled does not count."""
    return _keyed("dict", list(dict.items(value)), mode)


@derived(collections.OrderedDict)
def ordered_mapping(value: collections.OrderedDict[Any, Any], mode: Mode) -> Described | Steps:
    """Describe a dict that has an order.

    Python asks each key for its hash to go through it in its order: keys whose class has a hash of
    its own make it opaque.
    """
    if not all(map(_has_pythons_hash, dict.keys(value))):
        raise TypeError("the order shows only by calling the __hash__ of its keys")
    pairs = list(collections.OrderedDict.items(value))
    return _ordered("ordered dict", pairs, mode, where=lambda place: _shown(pairs[place][0]))


@derived(collections.defaultdict)
def mapping_with_default(value: collections.defaultdict[Any, Any], mode: Mode) -> Steps:
    """Describe a dict that makes what is missing, with how it does."""
    factory = collections.defaultdict.__dict__["default_factory"].__get__(value)
    makes = yield Child(factory, ".default_factory")
    made = _keyed("dict", list(dict.items(value)), mode)
    plain = made if isinstance(made, Described) else (yield from made)
    return Described("defaultdict", joined("defaultdict", plain.digest, makes), plain.shape)


def mapping_view(value: MappingProxyType[Any, Any], _mode: Mode) -> Steps:
    """Describe a view of a mapping by the mapping, which is not asked for anything."""
    (seen,) = get_referents(value)
    return Described("mappingproxy", joined("mappingproxy", (yield Child(seen, ""))))


def keys_view(value: Any, mode: Mode) -> Described | Steps:
    """Describe a dict's keys, which have no order."""
    return _unordered("dict_keys", list(value), mode)


def items_view(value: Any, mode: Mode) -> Described | Steps:
    """Describe a dict's items, which have no order."""
    return _keyed("dict_items", list(value), mode)


def values_view(value: Any, mode: Mode) -> Described | Steps:
    """Describe a dict's values, in no order."""
    return _unordered("dict_values", list(value), mode)


@derived(array)
def numbers(value: "array[Any]", mode: Mode) -> Described:
    """Describe an ``array.array``; semantic where it has floats.

    What the type code means differs between systems, so that the kind and size of numbers count.
    """
    code = array.typecode.__get__(value)
    plain = array(code, array.__getitem__(value, slice(None)))
    form = text(f"{_array_kind(code)}{plain.itemsize}")
    is_semantic = mode == "semantic" and code in "fd"
    data = float_bytes(plain, mode) if is_semantic else little_endian(plain)
    return Described(
        "array.array",
        joined("array.array", form, hashed(data)),
        (len(plain),),
        size_bytes=len(data),
    )


def _array_kind(code: str) -> str:
    if code in "fd":
        return "float"
    if code in "uw":
        return "character"
    return "int" if code.islower() else "unsigned"


def _index(place: int) -> str:
    return f"[{place}]"


def _shown(key: Any) -> str:
    """Return a key as in source code; that of a class of the user's is not asked for it.

    Nor is a number that is too long to be read, which Python may refuse to write.
    """
    if not plain_code(type(key)) or (type(key) is int and abs(key) >= _LARGEST_KEY):
        return "[…]"
    shown = repr(key[:_LONGEST_KEY] if type(key) in (str, bytes) else key)
    return f"[{shown[: _LONGEST_KEY + 3]}]"


def _ordered(
    kind: str,
    values: Sequence[Any],
    mode: Mode,
    *,
    extra: bytes = b"",
    where: Callable[[int], str] = _index,
) -> Described | Steps:
    shape = (len(values),)
    held = in_order(values, mode, where)
    if isinstance(held, bytes):
        return Described(kind, joined(kind, extra, held), shape)
    return _after(held, kind, extra, shape)


def _after(steps: Digesting, kind: str, extra: bytes, shape: tuple[int, ...]) -> Steps:
    return Described(kind, joined(kind, extra, (yield from steps)), shape)


def _unordered(kind: str, values: list[Any], mode: Mode) -> Described | Steps:
    plain, others = _sorted_plain(values, None, mode)
    return _of_parts(kind, [in_order(plain, mode, _index)], others, (len(values),))


def _keyed(kind: str, pairs: list[tuple[Any, Any]], mode: Mode) -> Described | Steps:
    """Describe pairs by their keys: in the order of those that have one, the others in none."""
    plain, others = _sorted_plain(pairs, itemgetter(0), mode)
    keys = in_order([key for key, _ in plain], mode, _index)
    values = in_order([item for _, item in plain], mode, lambda place: _shown(plain[place][0]))
    return _of_parts(kind, [keys, values], others, (len(pairs),))


def _of_parts(
    kind: str, parts: list[bytes | Digesting], others: list[Any], shape: tuple[int, ...]
) -> Described | Steps:
    """Describe a value by parts in order, and by others in none."""
    if not others and all(type(part) is bytes for part in parts):
        return Described(kind, joined(kind, *parts), shape)  # type: ignore[arg-type]
    return _of_steps(kind, parts, others, shape)


def _of_steps(
    kind: str, parts: list[bytes | Digesting], others: list[Any], shape: tuple[int, ...]
) -> Steps:
    digests = []
    for part in parts:
        digests += [part if isinstance(part, bytes) else (yield from part)]
    if others:
        digests += [(yield Child(Unordered(others), ""))]
    return Described(kind, joined(kind, *digests), shape)


def _sorted_plain(
    items: list[Any], key: Callable[[Any], Any] | None, mode: Mode
) -> tuple[list[Any], list[Any]]:
    """Return the items whose keys are plain, in the one order of these, and the other items.

    An item without ``key`` is its own. Items whose keys have the same bits (several NaN in a dict)
    are among the others.
    """
    groups = _by_code(items, items if key is None else list(map(key, items)))
    others, plain = groups.pop(0, []), []
    for code in sorted(groups):
        group = groups[code]
        if code == _NONE:
            plain += group  # all the same, and without an order
            continue
        if code not in (_FLOAT, _COMPLEX):
            plain += sorted(group, key=key)
            continue
        ranks = _ranks(group if key is None else list(map(key, group)), code, mode)
        if key is not None and len(set(ranks)) < len(ranks):
            others += group
        else:
            plain += [group[place] for place in sorted(range(len(group)), key=ranks.__getitem__)]
    return plain, others


def _ranks(values: list[Any], code: int, mode: Mode) -> list[Any]:
    if code == _FLOAT:
        return float_ranks(values, mode)
    reals = float_ranks([value.real for value in values], mode)
    return list(zip(reals, float_ranks([value.imag for value in values], mode), strict=True))


def _by_code(items: list[Any], keys: list[Any]) -> dict[int, list[Any]]:
    """Return the items grouped by the code of their keys' types, 0 for those that are not plain."""
    first = type(keys[0]) if keys else type(None)
    if all(map(is_, map(type, keys), repeat(first))):
        return {plain_code(first): items}
    groups: dict[int, list[Any]] = {}
    for key, item in zip(keys, items, strict=True):
        groups.setdefault(plain_code(type(key)), []).append(item)
    return groups


def _has_pythons_hash(key: Any) -> bool:
    """Tell whether the hash of a value, and of all that it holds, is no function of a user's."""
    waiting = [key]
    while waiting:
        one = waiting.pop()
        if not _is_of_python(defined(type(one), "__hash__")):
            return False
        for kind in (tuple, frozenset):
            if issubclass(type(one), kind):
                waiting += kind.__iter__(one)
    return True


def _is_of_python(hashing: Any) -> bool:
    """Tell whether a method is written in C, or in a module of the standard library."""
    if type(hashing) is FunctionType:
        return hashing.__module__.partition(".")[0] in sys.stdlib_module_names
    return type(hashing) is WrapperDescriptorType
