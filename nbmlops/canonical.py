"""One definition of how a value is written down and of when two written values are the same.

`encode` turns a value into a type name and canonical JSON text, `decode` turns them back; what
comes back is equal to what went in, type included (``1`` is not ``1.0`` is not ``True``). No
method of a user's class is ever called: values of types not named here are written as opaque,
by their class alone.

Does not live here: fingerprints of data, which say what a value is without keeping it.
"""

import datetime
import decimal
import itertools
import json
import math
import os
import pathlib
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None

LONGEST_TEXT = 10_000  # characters of one value; parameters are small, data has fingerprints
MOST_NODES = 2_000  # elements of a nested value, counted over all levels
MOST_LEVELS = 50  # of nesting; reading takes several of Python's 1,000 frames for each

# Without i, l, o, u: nothing to misread, and no accidental words.
_ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_ID_PAIRS = ["".join(pair) for pair in itertools.product(_ID_ALPHABET, repeat=2)]
_ID_BYTES, _DRAWN_AT_ONCE = 10, 64
_TAG = "$type"

_MODULE = type.__dict__["__module__"]
_QUALNAME = type.__dict__["__qualname__"]


class Encoded(NamedTuple):
    """A value written down: its type's name and its canonical JSON text."""

    type: str
    json: str


@dataclass(frozen=True, slots=True)
class Opaque:
    """Stands for a value that was not kept: only its class is known, and why."""

    class_name: str
    reason: str = "no written form"

    def __str__(self) -> str:
        return f"<{self.class_name}>"


def new_id() -> str:
    """Return a new identifier: 16 characters, 80 random bits, no order.

    Taken from the operating system, never from a generator the user may have seeded.
    """
    try:
        bits = _drawn.pop()
    except IndexError:
        fresh = os.urandom(_ID_BYTES * _DRAWN_AT_ONCE)
        _drawn.extend(fresh[at : at + _ID_BYTES] for at in range(_ID_BYTES, len(fresh), _ID_BYTES))
        bits = fresh[:_ID_BYTES]
    number = int.from_bytes(bits)
    return "".join([_ID_PAIRS[(number >> shift) & 1023] for shift in range(70, -1, -10)])


# Drawn ahead: asking the system lets other threads in. A forked child draws its own.
_drawn: list[bytes] = []
os.register_at_fork(after_in_child=_drawn.clear)


def now() -> float:
    """Seconds since 1970-01-01 00:00 UTC."""
    return time.time()


def class_name(value: object) -> str:
    """Return the qualified name of the value's class, without asking value, class or metaclass."""
    kind = type(value)
    module, name = _MODULE.__get__(kind), str.__str__(_QUALNAME.__get__(kind))
    if not issubclass(type(module), str):
        return name
    module = str.__str__(module)
    return name if module == "builtins" else f"{module}.{name}"


def encode(value: object) -> Encoded:
    """Write a value down as a type name and canonical JSON text.

    Kept exactly, at any depth: None, bool, int, float (NaN and infinities too), str, bytes,
    complex, list, tuple, set, frozenset, dict (any kept value as key), date, time, datetime,
    timedelta, Decimal, UUID, pure paths, and numpy scalars (as the Python number they hold).
    Anything else, and anything longer than 10,000 characters, is opaque: its class is kept.

    Examples
    --------
    >>> encode(0.1)
    Encoded(type='float', json='0.1')
    >>> encode((1, 2.0))
    Encoded(type='tuple', json='{"$type":"tuple","value":[1,2.0]}')
    >>> encode(object())
    Encoded(type='opaque', json='{"class":"object","reason":"no written form"}')
    """
    try:
        tree = _write(value, _Budget(MOST_NODES))
        text = _dumps(tree)
    except _NotWritable as problem:
        return _opaque(value, str(problem))
    except ValueError:  # Python writes no int of more than 4,300 digits
        return _opaque(value, "a number with too many digits")
    if len(text) > LONGEST_TEXT:
        return _opaque(value, f"longer than {LONGEST_TEXT:,} characters")
    return Encoded(type_name(_plain(value)), text)


def decode(type: str, json_text: str) -> Any:
    """Return the value that `encode` wrote down; an `Opaque` where it was not kept."""
    tree = json.loads(json_text)
    if type == "opaque":
        return Opaque(tree["class"], tree["reason"])
    return _read(tree)


def type_name(value: object) -> str:
    """Return the short name of a written value's type: ``int``, ``tuple``, ``datetime``, …."""
    if value is None:
        return "none"
    if isinstance(value, pathlib.PureWindowsPath):
        return "windowspath"
    return "path" if isinstance(value, pathlib.PurePath) else type(value).__name__.lower()


def number(value: object) -> float | None:
    """Return the value as a float for ordering and searching; None where it is no finite number."""
    plain = _plain(value)
    if isinstance(plain, bool):
        return float(plain)
    if isinstance(plain, int | float):
        try:
            as_float = float(plain)
        except OverflowError:
            return None
        return as_float if math.isfinite(as_float) else None
    return None


def jsonable(value: object) -> Json:
    """Return the value as plain JSON for people and programs: no tags, NaN as a string.

    Loses types on purpose (a tuple becomes a list); `encode` is the form that keeps them.
    """
    plain = _plain(value)
    if plain is None or isinstance(plain, bool | int | str):
        return plain
    if isinstance(plain, float):
        return plain if math.isfinite(plain) else _float_name(plain)
    if isinstance(plain, list | tuple | set | frozenset):
        return [jsonable(item) for item in plain]
    if isinstance(plain, dict):
        return {str(key): jsonable(item) for key, item in plain.items()}
    return str(plain)


# The kinds of numpy's types that are kept, and what Python gives for them. A time in nanoseconds
# comes out as an int, and one that is no time as None: these are not kept.
_NUMPY_KINDS: dict[str, tuple[type, ...]] = {
    "b": (bool,), "i": (int,), "u": (int,), "f": (float,), "c": (complex,), "U": (str,),
    "M": (datetime.date, datetime.datetime), "m": (datetime.timedelta,),
}  # fmt: skip


class _NotWritable(Exception):
    """Says why a value cannot be written."""


class _Budget:
    """Counts the elements written, so that a value with a million of them stops early."""

    def __init__(self, most: int) -> None:
        self.left = most

    def spend(self, level: int) -> None:
        self.left -= 1
        if self.left < 0:
            raise _NotWritable(f"more than {MOST_NODES:,} elements")
        if level > MOST_LEVELS:
            raise _NotWritable("nested too deeply")


def _opaque(value: object, reason: str) -> Encoded:
    return Encoded("opaque", _dumps({"class": class_name(value), "reason": reason}))


def _dumps(tree: Json) -> str:
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _plain(value: object) -> object:
    """Return the Python value inside a numpy scalar, anything else as it is.

    Numbers of which Python has none, and times finer than its own, stay as they are.
    """
    kind = type(value)
    if kind.__module__ != "numpy" or not hasattr(kind, "dtype") or not hasattr(kind, "item"):
        return value
    found = value.dtype.kind  # type: ignore[attr-defined]
    if getattr(value, "ndim", 1) != 0 or found not in _NUMPY_KINDS:
        return value
    plain = value.item()  # type: ignore[attr-defined]
    if type(plain) not in _NUMPY_KINDS[found]:
        return _from_long(value, found)
    return plain


def _from_long(value: Any, found: str) -> object:
    """Return a numpy longdouble as a float where one holds it; anything else as it is."""
    if found not in "fc":
        return value
    narrow: Any = (float if found == "f" else complex)(value)
    return narrow if narrow == value or value != value else value


def _float_name(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


_TO_TEXT: dict[type, Callable[[Any], Json]] = {
    bytes: lambda value: value.hex(),
    complex: lambda value: [repr(value.real), repr(value.imag)],
    datetime.datetime: datetime.datetime.isoformat,
    datetime.date: datetime.date.isoformat,
    datetime.time: datetime.time.isoformat,
    datetime.timedelta: lambda value: [value.days, value.seconds, value.microseconds],
    decimal.Decimal: str,
    uuid.UUID: str,
    pathlib.PosixPath: str,
    pathlib.WindowsPath: str,
    pathlib.PurePosixPath: str,
    pathlib.PureWindowsPath: str,
}

_FROM_TEXT: dict[str, Callable[[Any], object]] = {
    "float": float,
    "bytes": bytes.fromhex,
    "complex": lambda parts: complex(float(parts[0]), float(parts[1])),
    "datetime": datetime.datetime.fromisoformat,
    "date": datetime.date.fromisoformat,
    "time": datetime.time.fromisoformat,
    "timedelta": lambda parts: datetime.timedelta(*parts),
    "decimal": decimal.Decimal,
    "uuid": uuid.UUID,
    "path": pathlib.PurePosixPath,
    "windowspath": pathlib.PureWindowsPath,
    "tuple": lambda items: tuple(_read(item) for item in items),
    "set": lambda items: {_read(item) for item in items},
    "frozenset": lambda items: frozenset(_read(item) for item in items),
    "dict": lambda pairs: {_read(key): _read(value) for key, value in pairs},
}


def _write(value: object, budget: _Budget, level: int = 0) -> Json:
    budget.spend(level)
    value = _plain(value)
    kind = type(value)  # never isinstance, which asks the value itself for its __class__
    if value is None or kind in (bool, int, str):
        return value  # type: ignore[return-value]
    if kind is float:
        return value if math.isfinite(value) else {_TAG: "float", "value": _float_name(value)}  # type: ignore[return-value,arg-type]
    if kind in _TO_TEXT and _has_own_zone(value):
        raise _NotWritable("its time zone has no written form")
    if kind in _TO_TEXT:
        return {_TAG: type_name(value), "value": _TO_TEXT[kind](value)}
    if kind is dict:
        return _write_dict(value, budget, level + 1)  # type: ignore[arg-type]
    if kind not in (list, tuple, set, frozenset):
        inside = f"holds a {class_name(value)}, which has " if level else ""
        raise _NotWritable(f"{inside}no written form")
    items = [_write(item, budget, level + 1) for item in value]  # type: ignore[attr-defined]
    if kind is list:
        return items
    return {_TAG: kind.__name__, "value": items if kind is tuple else sorted(items, key=_dumps)}


def _write_dict(value: dict[object, object], budget: _Budget, level: int) -> Json:
    if all(type(key) is str for key in value) and _TAG not in value:
        return {str(key): _write(item, budget, level) for key, item in value.items()}
    return {
        _TAG: "dict",
        "value": [
            [_write(key, budget, level), _write(item, budget, level)] for key, item in value.items()
        ],
    }


def _has_own_zone(value: object) -> bool:
    """Tell whether a time's zone is of a user's class, which would be called to write it."""
    is_zoned = type(value) in (datetime.datetime, datetime.time)
    zone = value.tzinfo if is_zoned else None  # type: ignore[attr-defined]
    return class_name(zone) not in ("NoneType", "datetime.timezone", "zoneinfo.ZoneInfo")


def _read(tree: Any) -> Any:
    if isinstance(tree, list):
        return [_read(item) for item in tree]
    if isinstance(tree, dict):
        if _TAG in tree:
            return _FROM_TEXT[tree[_TAG]](tree["value"])
        return {key: _read(item) for key, item in tree.items()}
    return tree
