"""Records as lines of JSON, and back: what a live file holds."""

import base64
import json
import math
from collections.abc import Callable
from dataclasses import fields
from functools import cache
from operator import attrgetter
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from nbmlops.canonical import Json
from nbmlops.records import Record

_CLASS = "record"  # no record has a field of this name
_CLASS_UNTIL_0001 = "kind"  # what earlier versions wrote, and left behind where they crashed
_KINDS: dict[str, type[Record]] = {kind.__name__: kind for kind in get_args(Record.__value__)}


def to_line(record: Record) -> str:
    """Return a record as one line of ASCII that is JSON; `from_line` is the inverse."""
    tree = {_CLASS: type(record).__name__, **_fields_of(record)}
    try:
        return _encode(tree) + "\n"
    except ValueError:  # of a number that JSON has no form for
        return json.dumps(_with_words(tree)) + "\n"


def from_line(line: str | bytes) -> Record:
    """Make a record from what `to_line` gave, now or in another version.

    Raises `ValueError`, `KeyError` or `TypeError` for what is none, or no longer whole.
    """
    tree = json.loads(line)
    kind = _KINDS[tree[_CLASS if _CLASS in tree else _CLASS_UNTIL_0001]]
    return _object_from_json(kind, tree)  # type: ignore[no-any-return]


def _fields_of(record: Any) -> dict[str, Any]:
    kind: Any = type(record)
    names, values = _names_and_values(kind)
    return dict(zip(names, values(record), strict=True))


@cache
def _names_and_values(kind: Any) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    names = tuple(field.name for field in fields(kind))
    if len(names) == 1:
        return names, lambda record: (getattr(record, names[0]),)
    return names, attrgetter(*names)


def _plain(value: Any) -> Json:
    """Return what JSON knows nothing of: bytes and records within records."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return _fields_of(value)


_encode = json.JSONEncoder(allow_nan=False, check_circular=False, default=_plain).encode


def _with_words(value: Any) -> Json:
    """Return a tree with words for infinite numbers and those that are none."""
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value)
    if isinstance(value, dict):
        return {name: _with_words(part) for name, part in value.items()}
    if isinstance(value, tuple):
        return [_with_words(part) for part in value]
    if value is None or isinstance(value, str | int | float):
        return value
    return _with_words(_plain(value))


def _object_from_json(kind: Any, tree: dict[str, Any]) -> Any:
    hints = _hints(kind)
    return kind(**{name: _from_json(hints[name], tree[name]) for name in hints if name in tree})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _from_json(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(hint) is UnionType:
        hint = next(part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is tuple:
        return tuple(_from_json(get_args(hint)[0], item) for item in value)
    if hint is float:
        return float(value)
    if hint is bytes:
        return base64.b64decode(value)
    if hasattr(hint, "__dataclass_fields__"):
        return _object_from_json(hint, value)
    return value
