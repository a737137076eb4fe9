"""The logical type of a numpy array: what of its dtype counts.

Byte order, alignment and padding, the width of text, the unit of time, the C name behind an integer
and metadata do not.
"""

from typing import Any

import numpy as np

from nbmlops.fingerprints.columns.type_names import struct_type, timestamp_type
from nbmlops.fingerprints.hashing import joined, text

X87_BYTES = 10  # of an 80-bit long double; the rest of its 12 or 16 bytes is padding
_X87_MANTISSA = 63

_OF_ANY_SIZE = {"U": "string", "T": "string", "S": "binary", "O": "object"}
_ASSUMED_BYTES = 64  # of each of those
_NUMBERS = {"b": "bool", "i": "int", "u": "uint", "f": "float", "c": "complex"}


def type_name(dtype: np.dtype[Any]) -> str:
    """Return the name of a logical type, for people: ``float64``, ``struct[x: int32, y: string]``.

    Raises
    ------
    TypeError
        A library has added this dtype to numpy's own.
    """
    if dtype.subdtype is not None:
        return f"{type_name(dtype.base)}{list(dtype.shape)}"
    if dtype.names is not None:
        return struct_type((name, type_name(dtype[name])) for name in dtype.names)
    if dtype.kind in _OF_ANY_SIZE:
        return _OF_ANY_SIZE[dtype.kind]
    if dtype.kind in _NUMBERS:
        return "bool" if dtype.kind == "b" else f"{_NUMBERS[dtype.kind]}{_bits(dtype)}"
    if dtype.kind in "mM":
        return _time_name(dtype)
    if dtype.type is np.void:
        return f"void[{dtype.itemsize}]"
    raise TypeError(f"{dtype} is no dtype of numpy's own")


def type_digest(dtype: np.dtype[Any]) -> bytes:
    """Return the digest of a logical type: names of fields, their order and titles count."""
    if dtype.subdtype is not None:
        return joined("subarray", type_digest(dtype.base), text(repr(dtype.shape)))
    if dtype.fields is None or dtype.names is None:
        return joined("type", text(type_name(dtype)))
    fields = []
    for name in dtype.names:
        inner, _offset, *titles = dtype.fields[name]
        named = (text(title) for title in (name, *titles) if isinstance(title, str))
        fields.append(joined("field", type_digest(inner), *named))
    return joined("struct", *fields)


def size_of(dtype: np.dtype[Any]) -> int:
    """Return how many bytes an element is taken to have when an array is cut into boxes."""
    if dtype.names is not None:
        return sum(size_of(dtype[name]) for name in dtype.names)
    if dtype.subdtype is not None:
        return size_of(dtype.base) * int(np.prod(dtype.shape))
    return _ASSUMED_BYTES if dtype.kind in _OF_ANY_SIZE else dtype.itemsize


def holds_objects(dtype: np.dtype[Any]) -> bool:
    """Tell whether elements, or fields of them, are Python objects."""
    if dtype.names is not None:
        return any(holds_objects(dtype[name]) for name in dtype.names)
    return dtype.base.kind == "O" if dtype.base is dtype else holds_objects(dtype.base)


def is_x87(dtype: np.dtype[Any]) -> bool:
    """Tell whether numbers are 80-bit long doubles, alone or in pairs."""
    return dtype.char in "gG" and np.finfo(np.longdouble).nmant == _X87_MANTISSA


def _time_name(dtype: np.dtype[Any]) -> str:
    """Return the name of a type of times: the unit shows where it is no number of seconds."""
    unit = np.datetime_data(dtype)[0]
    if dtype.kind == "M":
        return "timestamp[generic]" if unit == "generic" else timestamp_type(None)
    if unit == "generic":
        return "duration[generic]"
    return "duration[months]" if unit in ("Y", "M") else "duration"


def _bits(dtype: np.dtype[Any]) -> int:
    """Return the bits of a number; for long doubles those that are used."""
    pairs = 2 if dtype.kind == "c" else 1
    return pairs * 8 * X87_BYTES if is_x87(dtype) else 8 * dtype.itemsize
