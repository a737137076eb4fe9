"""Single values of numpy's types, and its dtypes.

A scalar is its dtype and its value: ``np.float64(1)`` is no ``float``, nor is it ``np.float32(1)``.
What counts and what does not is as in arrays: not the unit of a time, nor the width of a text.
"""

from typing import Any

import numpy as np

from nbmlops.fingerprints.base import Described, Mode, Steps
from nbmlops.fingerprints.hashing import joined, text
from nbmlops.fingerprints.numpy.arrays import array_digest
from nbmlops.fingerprints.numpy.dtypes import is_x87, type_digest, type_name
from nbmlops.fingerprints.numpy.elements import like_equal_ones
from nbmlops.fingerprints.python.classes import ancestors, full_name, module_of
from nbmlops.fingerprints.python.objects import with_class

_IN_ONE_PIECE = "biufc"


def scalar(value: "np.generic[Any]", mode: Mode) -> Described | Steps:
    """Describe a numpy scalar."""
    base = next(kind for kind in ancestors(type(value)) if module_of(kind) == "numpy")
    made = _plain(value, mode)
    return made if type(value) is base else with_class(value, base, made, mode)


def dtype(value: "np.dtype[Any]", _mode: Mode) -> Described:
    """Describe a dtype, byte order and layout included."""
    return Described("dtype", joined("dtype", type_digest(value), _written(value)))


def _plain(value: "np.generic[Any]", mode: Mode) -> Described | Steps:
    kind: np.dtype[Any] = np.generic.dtype.__get__(value)
    if kind.kind not in _IN_ONE_PIECE or is_x87(kind):
        return _as_array(value, mode)
    data = np.generic.tobytes(value)
    if mode == "semantic" and kind.kind in "fc":
        data = like_equal_ones(np.frombuffer(data, kind)).tobytes()
    if not np.little_endian:
        data = np.frombuffer(data, kind).byteswap().tobytes()
    return Described("scalar", joined("scalar", text(type_name(kind)), data))


def _as_array(value: "np.generic[Any]", mode: Mode) -> Steps:
    digest = yield from array_digest(np.array(value), mode=mode)
    return Described("scalar", joined("scalar of array", digest))


def _written(value: "np.dtype[Any]") -> bytes:
    if value.subdtype is not None:
        return joined("subarray", _written(value.base), text(repr(value.shape)))
    if value.names is None or value.fields is None:
        return joined("simple", text(full_name(type(value))), text(value.str))
    fields = []
    for name in value.names:
        kind, offset = value.fields[name][:2]
        fields.append(joined("field", text(name), _written(kind), text(str(offset))))
    return joined("struct", text(f"{value.itemsize} {value.isalignedstruct}"), *fields)
