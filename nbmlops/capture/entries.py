"""What a dict holds, by address: its keys and values, without touching a single one of them.

To go over the objects themselves takes 40 µs for 1,000 of them, since each counts who refers to it
and lies somewhere else in memory; a dict's own table lies in one piece, and is copied as it is. How
Python lays it out is known for some of its versions, and looked at on a few dicts before it is
relied on; elsewhere each object is asked for.

A copy is taken in one expression with no call of a Python function in it: in such a one Python lets
no other thread in, which might make the table anew. Python without its global lock is asked.
"""

import ctypes
import struct
import sys
from collections.abc import Mapping
from itertools import chain
from typing import Any

_LAID_OUT_AS_KNOWN = ((3, 12), (3, 15))  # from, and before
_WIDTH = struct.calcsize("P")


class _Table(ctypes.Structure):
    """How a table of a dict begins: `struct _dictkeysobject`. Indices follow, then entries."""

    _fields_ = (
        ("references", ctypes.c_ssize_t),
        ("log2_size", ctypes.c_uint8),
        ("log2_index_bytes", ctypes.c_uint8),
        ("kind", ctypes.c_uint8),
        ("version", ctypes.c_uint32),
        ("usable", ctypes.c_ssize_t),
        ("count", ctypes.c_ssize_t),
    )


_TABLE_AT = object.__basicsize__ + 2 * 8  # in a dict, behind its length and version
_FIRST = ctypes.sizeof(_Table)
_ONLY_TEXT = 1  # the kind of a table whose keys all are; its entries are a key and a value each
_SIZES = (0, 2 * _WIDTH, 0)  # of an entry, by the kind of its table; of others nothing is copied
_TablePointer = ctypes.POINTER(_Table)

_copy = ctypes.PyDLL(None).PyBytes_FromStringAndSize
_copy.argtypes = (ctypes.c_void_p, ctypes.c_ssize_t)
_copy.restype = ctypes.py_object


def entries(content: Mapping[Any, Any]) -> bytes:
    """Return the addresses of each key of a dict and its value, one behind another.

    Pairs of 0 stand for what was deleted. Two copies that are the same mean the same objects only
    as long as these live. 5 µs for 10,000 keys, if all are text.

    Examples
    --------
    >>> content = {"a": None}
    >>> memoryview(entries(content)).cast("P").tolist() == [id("a"), id(None)]
    True
    """
    return _entries(content)


def _from_memory(content: Mapping[Any, Any]) -> bytes:
    if not issubclass(type(content), dict):
        return _asked_for(content)
    address = id(content) + _TABLE_AT
    start, table = ctypes.c_size_t.from_address(address), _TablePointer.from_address(address)
    # Both are read again wherever they stand here.
    kind, copied = table.contents.kind, _copy(
        start.value + _FIRST + (1 << table.contents.log2_index_bytes),
        table.contents.count * _SIZES[table.contents.kind],
    )  # fmt: skip
    return copied if kind == _ONLY_TEXT else _asked_for(content)


def _asked_for(content: Mapping[Any, Any]) -> bytes:
    pairs = [*(dict.items(content) if isinstance(content, dict) else content.items())]
    return struct.pack(f"{2 * len(pairs)}P", *map(id, chain.from_iterable(pairs)))


def _is_laid_out_as_known() -> bool:
    first, after = _LAID_OUT_AS_KNOWN
    if sys.implementation.name != "cpython" or not first <= sys.version_info[:2] < after:
        return False
    if _WIDTH != 8 or not getattr(sys, "_is_gil_enabled", lambda: True)():
        return False
    large = {f"name {number}": object() for number in range(1_000)}
    with_a_gap = {name: large[name] for name in [*large][:9]}
    del with_a_gap["name 3"]
    probes: list[dict[Any, Any]] = [{}, {"a": None}, {3: 4, "a": 1}, large]
    found = _from_memory(with_a_gap)
    return all(_from_memory(probe) == _asked_for(probe) for probe in probes) and (
        found.replace(bytes(2 * _WIDTH), b"", 1) == _asked_for(with_a_gap)
    )


_entries = _from_memory if _is_laid_out_as_known() else _asked_for
