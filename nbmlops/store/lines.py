"""Records as lines of JSON, and back: what a live file holds."""

import base64
import math
from dataclasses import fields
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from nbmlops.canonical import Json
from nbmlops.records import Record

_CLASS = "record"  # no record has a field of this name
_CLASS_UNTIL_0001 = "kind"  # what earlier versions wrote, and left behind where they crashed
_KINDS: dict[str, type[Record]] = {kind.__name__: kind for kind in get_args(Record.__value__)}


def to_json(record: Record) -> Json:
    """Return a record as plain JSON with its class; `from_json` is the inverse."""
    return {_CLASS: type(record).__name__, **_fields_to_json(record)}


def from_json(tree: dict[str, Any]) -> Record:
    """Make a record from what `to_json` gave."""
    kind = _KINDS[tree[_CLASS if _CLASS in tree else _CLASS_UNTIL_0001]]
    return _object_from_json(kind, tree)  # type: ignore[no-any-return]


def _fields_to_json(record: Any) -> dict[str, Json]:
    kind: Any = type(record)
    return {name: _to_json(getattr(record, name)) for name in _names(kind)}


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _to_json(value: Any) -> Json:
    if value is None or type(value) in (str, int, bool):
        return value  # type: ignore[no-any-return]
    if isinstance(value, tuple):
        return [_to_json(item) for item in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value)
    if hasattr(value, "__dataclass_fields__"):
        return _fields_to_json(value)
    return value  # type: ignore[no-any-return]


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
