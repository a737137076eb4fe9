"""Numpy's arrays: type, shape and content, and the memory that it lies in.

Views of one array share the memory of the one that owns it, whose address is a part of all.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from xxhash import xxh3_128

from nbmlops.capture.tokens.scalars import small_scalar
from nbmlops.fingerprints.numpy.boxes import boxes, contiguous
from nbmlops.fingerprints.python.classes import own_dict, qualified_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nbmlops.capture.tokens.walking import Walk

_NODES = 2  # which take as long as an array beside its content
_SAMPLED_ROWS = 1_024
_VIEWS = frozenset(("memoryview", "_memoryviewslice"))  # of Python and Cython

# As numpy has it, whatever a derived class puts in its place.
_BASE = np.ndarray.__dict__["base"]


def array(walk: "Walk", value: "NDArray[Any]") -> None:
    """Write an array of numpy's, or of a class derived from it."""
    data = np.ndarray.view(value, np.ndarray)
    note_memory(walk, value)
    if issubclass(type(value), np.memmap):
        # Two that map one file see each other's changes; no address is negative.
        path = (own_dict(value) or {}).get("filename")
        walk.part(-1 - abs(hash(str(path))))
    write_array(walk, data)


def masked(walk: "Walk", value: Any) -> None:
    """Write a masked array; what it is filled with is only set when somebody asks for it."""
    kept = own_dict(value) or {}
    fill = kept.get("_fill_value")
    dtype = np.ndarray.view(value, np.ndarray).dtype
    if fill is None:
        fill = np.ma.MaskedArray(np.empty(0, dtype)).fill_value
    walk.out.append(
        b"k" + small_scalar(bool(kept.get("_hardmask"))) + np.array(fill, dtype).tobytes()
    )
    mask = kept.get("_mask")
    walk.follow((None if mask is np.ma.nomask else mask,))
    array(walk, value)


def record(walk: "Walk", value: Any) -> None:
    """Write an element of a structured array, which may be a view of it; of which is not known."""
    walk.part(id(value))
    walk.has_all_parts = False
    data = np.asarray(value)
    walk.out.append(b"V")
    write_array(walk, data)


def note_memory(walk: "Walk", data: "NDArray[Any]") -> None:
    """Note the memory that an array lies in as a part: where it begins, or who owns it."""
    while (base := _BASE.__get__(data)) is not None:
        while qualified_name(type(base)) in _VIEWS:
            base = base.obj if type(base) is memoryview else base.base
        if not issubclass(type(base), np.ndarray):
            walk.part(id(base))
            return
        data = base
    # The array's interface would describe its type as well, which takes long.
    walk.part(np.ndarray.view(data, np.ndarray).ctypes.data)


def write_array(walk: "Walk", data: "NDArray[Any]") -> None:
    """Write type, shape and content of an array of exactly numpy's class."""
    walk.nodes -= _NODES
    dtype = data.dtype
    name = _type_of(dtype)
    if data.flags.c_contiguous:
        walk.out.append(small_scalar((name, data.shape)))
    elif data.flags.f_contiguous:
        walk.out.append(b"T" + small_scalar((name, data.shape)))
        data = data.T
    else:
        walk.out.append(b"S" + small_scalar((name, data.shape)))
    if dtype.hasobject or dtype.kind == "T":
        _write_objects(walk, data)
    elif data.flags.c_contiguous:
        if data.nbytes:
            walk.write_memory(data.reshape(-1).view(np.uint8))
    else:
        _write_strided(walk, data)


def _type_of(dtype: np.dtype[Any]) -> Any:
    """Return what a type of elements is, in texts and numbers: its own text takes longer."""
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        return _type_of(base), shape
    if dtype.fields is None:
        return dtype.str
    fields = ((name, dtype.fields[name]) for name in dtype.names or ())
    return dtype.itemsize, [
        (str.__str__(name), _type_of(one), at) for name, (one, at, *_) in fields
    ]


def _write_objects(walk: "Walk", data: "NDArray[Any]") -> None:
    if data.dtype.names is not None:
        for name in data.dtype.names:
            write_array(walk, data[name])
        return
    if data.dtype.subdtype is not None:
        raise TypeError("fields of several objects")
    walk.follow((tuple(data.reshape(-1).tolist()),))


def _write_strided(walk: "Walk", data: "NDArray[Any]") -> None:
    """Write what does not lie together, in copies of some MB; what is repeated once."""
    data = data[tuple(slice(None) if step else slice(0, 1) for step in data.strides)]
    if data.nbytes > walk.size_bytes:
        walk.cut()
        data = data[:: max(1, len(data) // _SAMPLED_ROWS)]
        if data.nbytes > walk.size_bytes:
            return
    walk.takes_bytes(data.nbytes)
    state = xxh3_128()
    for place in boxes(data.shape, max(data.itemsize, 1)):
        state.update(contiguous(data[place]).reshape(-1).view(np.uint8))
    walk.out.append(state.digest())
