"""Python's containers, by the means of their own types: nothing that a class of the user's defines.

Order counts for all of them, sets included, whose order stays as long as nothing is put in.
"""

import collections
import gc
import io
import mmap
from array import array
from typing import TYPE_CHECKING, Any

from nbmlops.capture.tokens.scalars import SCALARS, small_scalar, write_all

if TYPE_CHECKING:
    from nbmlops.capture.tokens.walking import Walk

_CHUNK_BYTES = 1 << 20  # copied at once: a buffer that is asked for cannot be resized meanwhile

_DEFAULT_FACTORY = collections.defaultdict.__dict__["default_factory"]
_MAXLEN = collections.deque.__dict__["maxlen"]


def sequence(walk: "Walk", value: Any) -> None:
    """Write a list."""
    walk.part(id(value))
    _items(walk, b"[", tuple(list.__iter__(value)))


def fixed_sequence(walk: "Walk", value: Any) -> None:
    """Write a tuple, a named one too."""
    _items(walk, b"(", tuple(tuple.__iter__(value)))


def double_ended(walk: "Walk", value: Any) -> None:
    """Write a deque."""
    walk.part(id(value))
    walk.out.append(b"D" + small_scalar(_MAXLEN.__get__(value)))
    _items(walk, b"[", tuple(collections.deque.__iter__(value)))


def changing_set(walk: "Walk", value: Any) -> None:
    """Write a set."""
    walk.part(id(value))
    _items(walk, b"{", tuple(set.__iter__(value)))


def fixed_set(walk: "Walk", value: Any) -> None:
    """Write a frozenset."""
    _items(walk, b"}", tuple(frozenset.__iter__(value)))


def mapping(walk: "Walk", value: Any) -> None:
    """Write a dict."""
    walk.part(id(value))
    _pairs(walk, tuple(dict.keys(value)), tuple(dict.values(value)))


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


def _items(walk: "Walk", tag: bytes, items: tuple[Any, ...]) -> None:
    walk.out.append(tag + b"%d;" % len(items))
    if not write_all(walk, items):
        walk.follow(items)


def _pairs(walk: "Walk", keys: tuple[Any, ...], values: tuple[Any, ...]) -> None:
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
