"""Python's containers, by the means of their own types: nothing that a class of the user's defines.

Order counts for all of them, sets included, whose order stays as long as nothing is put in.
"""

import collections
import gc
import io
import mmap
import sys
import weakref
from array import array
from collections.abc import Iterable
from itertools import islice
from types import ModuleType
from typing import TYPE_CHECKING, Any

from nbmlops.capture.tokens.scalars import ELEMENTS_PER_NODE, SCALARS, small_scalar, write_all
from nbmlops.fingerprints.python.homes import is_installed_module
from nbmlops.fingerprints.python.identity import module_attributes

if TYPE_CHECKING:
    from nbmlops.capture.tokens.walking import Walk

_CHUNK_BYTES = 1 << 20  # copied at once: a buffer that is asked for cannot be resized meanwhile

_DEFAULT_FACTORY = collections.defaultdict.__dict__["default_factory"]
_MAXLEN = collections.deque.__dict__["maxlen"]


def sequence(walk: "Walk", value: Any) -> None:
    """Write a list."""
    walk.part(id(value))
    _items(walk, b"[", _taken(walk, list.__len__(value), list.__iter__(value)))


def fixed_sequence(walk: "Walk", value: Any) -> None:
    """Write a tuple, a named one too."""
    _items(walk, b"(", tuple(tuple.__iter__(value)))


def double_ended(walk: "Walk", value: Any) -> None:
    """Write a deque."""
    walk.part(id(value))
    walk.out.append(b"D" + small_scalar(_MAXLEN.__get__(value)))
    count = collections.deque.__len__(value)
    _items(walk, b"[", _taken(walk, count, collections.deque.__iter__(value)))


def changing_set(walk: "Walk", value: Any) -> None:
    """Write a set."""
    walk.part(id(value))
    _items(walk, b"{", _taken(walk, set.__len__(value), set.__iter__(value)))


def fixed_set(walk: "Walk", value: Any) -> None:
    """Write a frozenset."""
    _items(walk, b"}", tuple(frozenset.__iter__(value)))


def mapping(walk: "Walk", value: Any) -> None:
    """Write a dict; that of an installed module is always the same."""
    count = dict.__len__(value)
    keys, values = (_taken(walk, count, held(value)) for held in (dict.keys, dict.values))
    if keys and _is_of_installed_module(value, keys[0], values[0]):
        walk.constant(value)
        return
    walk.part(id(value))
    _pairs(walk, keys, values)


def ordered_mapping(walk: "Walk", value: Any) -> None:
    """Write an `OrderedDict`; to ask for its order takes the hashes of the keys."""
    mapping(walk, value)
    keys = tuple(dict.keys(value))
    if all(id(type(key)) in SCALARS for key in keys):
        write_all(walk, tuple(collections.OrderedDict.__iter__(value)))
    else:
        walk.is_whole = False


def mapping_with_default(walk: "Walk", value: Any) -> None:
    """Write a `defaultdict`."""
    mapping(walk, value)
    walk.follow((_DEFAULT_FACTORY.__get__(value),))


def view(walk: "Walk", value: Any) -> None:
    """Write a view of a dict by the dict: Python knows what it refers to."""
    walk.out.append(b"v%x;" % id(type(value)))
    walk.follow(gc.get_referents(value))


def byte_array(walk: "Walk", value: Any) -> None:
    """Write a bytearray."""
    walk.part(id(value))
    _bytes(walk, value, bytearray)


def numbers(walk: "Walk", value: Any) -> None:
    """Write an `array.array`."""
    walk.part(id(value))
    code, width = array.__dict__["typecode"], array.__dict__["itemsize"]
    walk.out.append(code.__get__(value).encode())
    _bytes(walk, value, array, width.__get__(value))


def mapped_file(walk: "Walk", value: Any) -> None:
    """Write a file in memory and the place in it."""
    walk.part(id(value))
    walk.out.append(b"m%d;" % mmap.mmap.tell(value))
    _bytes(walk, value, mmap.mmap)


def memory_view(walk: "Walk", value: Any) -> None:
    """Write a view of memory: what it shows, and whose it is."""
    walk.part(id(value))
    walk.part(id(value.obj))
    header = (value.format, value.itemsize, value.shape, value.strides)
    walk.out.append(b"M" + small_scalar(header))
    if not walk.takes_bytes(value.nbytes):
        return
    walk.write_digest(value if value.contiguous else value.tobytes())


def memory_of_c(walk: "Walk", value: Any) -> None:
    """Write a value of `ctypes` by its memory, and what it keeps for that."""
    import ctypes

    kept = {
        name: ctypes._SimpleCData.__mro__[1].__dict__[name] for name in ("_b_base_", "_objects")
    }
    owner = value
    while (base := kept["_b_base_"].__get__(owner)) is not None:
        owner = base
    walk.part(id(owner))
    walk.part(ctypes.addressof(owner))
    size_bytes = ctypes.sizeof(value)
    walk.out.append(b"c%x,%d;" % (id(type(value)), size_bytes))
    if issubclass(type(value), (ctypes.c_void_p, ctypes._Pointer)):
        walk.is_whole = False  # what it points at may be anything
    if walk.takes_bytes(size_bytes):
        walk.write_digest(ctypes.string_at(ctypes.addressof(value), size_bytes))
    walk.follow((kept["_objects"].__get__(value),))


def weak_reference(walk: "Walk", value: Any) -> None:
    """Write a weak reference: what it refers to, as long as that is there."""
    walk.out.append(b"W")
    walk.follow((weakref.ReferenceType.__call__(value),))


def bytes_in_memory(walk: "Walk", value: Any) -> None:
    """Write an `io.BytesIO`: its bytes and the place in them."""
    _buffered(walk, value, io.BytesIO)


def text_in_memory(walk: "Walk", value: Any) -> None:
    """Write an `io.StringIO`: its text and the place in it."""
    _buffered(walk, value, io.StringIO)


def _buffered(walk: "Walk", value: Any, kind: Any) -> None:
    walk.part(id(value))
    if kind.__dict__["closed"].__get__(value):
        walk.out.append(b"closed;")
        return
    walk.out.append(b"f%d;" % kind.tell(value))
    walk.follow((kind.getvalue(value),))


def _taken(walk: "Walk", count: int, items: Iterable[Any]) -> tuple[Any, ...]:
    """Return the items of a container, no more than could be written."""
    most = walk.nodes * ELEMENTS_PER_NODE
    if count <= most:
        return tuple(items)
    walk.cut()
    return tuple(islice(items, most))


def _is_of_installed_module(held: Any, first: Any, name: Any) -> bool:
    """Tell whether a dict, whose first key and its value are given, is that of a module.

    What `exec` was given has the builtins in it.
    """
    if type(first) is not str or first != "__name__" or type(name) is not str:
        return False
    module = sys.modules.get(name)
    if not issubclass(type(module), ModuleType) or module_attributes(module) is not held:  # type: ignore[arg-type]
        return False
    return is_installed_module(name)


def _items(walk: "Walk", tag: bytes, items: tuple[Any, ...]) -> None:
    walk.out.append(tag + b"%d;" % len(items))
    if not write_all(walk, items):
        walk.follow(items)


def _pairs(walk: "Walk", keys: tuple[Any, ...], values: tuple[Any, ...]) -> None:
    walk.nodes -= 1  # two rows take twice as long as one
    walk.out.append(b":%d;" % len(keys))
    are_keys, are_values = write_all(walk, keys), write_all(walk, values)
    walk.out.append(b"%d%d" % (are_keys, are_values))
    if not are_values:
        walk.follow(values)
    if not are_keys:
        walk.follow(keys)


def _bytes(walk: "Walk", value: Any, kind: Any, width: int = 1) -> None:
    count = kind.__len__(value)
    walk.out.append(b"B%d;" % count)
    if not walk.takes_bytes(count * width):
        return
    for start in range(0, count, _CHUNK_BYTES // width):
        chunk = kind.__getitem__(value, slice(start, min(start + _CHUNK_BYTES // width, count)))
        walk.write_digest(chunk)
