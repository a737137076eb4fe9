"""Records as lines of JSON, and back: what a live file holds."""

import base64
import contextlib
import json
import math
from collections.abc import Callable, Sequence
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


def to_line(records: Sequence[Record]) -> str:
    """Return records as one line of ASCII that is JSON; `from_line` is the inverse."""
    trees = [{_CLASS: type(record).__name__, **_fields_of(record)} for record in records]
    try:
        return _encode(trees) + "\n"
    except ValueError:  # of a number that JSON has no form for
        return json.dumps([_with_words(tree) for tree in trees]) + "\n"


def from_line(line: str | bytes) -> list[Record]:
    """Return the records of a line that `to_line` gave, now or in another version.

    Those of a later version that are not known are left out, and all of a line that is cut off.
    """
    try:
        trees = json.loads(line)
    except ValueError:
        return []
    found = []
    for tree in trees if isinstance(trees, list) else [trees]:  # one alone in earlier versions
        with contextlib.suppress(KeyError, TypeError, ValueError):
            kind = _KINDS[tree[_CLASS if _CLASS in tree else _CLASS_UNTIL_0001]]
            found.append(_object_from_json(kind, tree))
    return found


def count_in(line: str | bytes) -> int:
    """Return how many records were written in a line; one where it cannot be read."""
    try:
        trees = json.loads(line)
    except ValueError:
        return 1
    return len(trees) if isinstance(trees, list) else 1


def _fields_of(record: Any) -> dict[str, Any]:
    kind: Any = type(record)
    names, values, usual = _layout(kind)
    return {
        name: value
        for name, value, default in zip(names, values(record), usual, strict=True)
        if value is not default
    }


@cache
def _layout(kind: Any) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]], tuple[Any, ...]]:
    """Return the names of fields, what gets their values, and what these are by default.

    What a field holds by default is left out: that of a field never changes.
    """
    names = tuple(field.name for field in fields(kind))
    usual = tuple(field.default for field in fields(kind))
    if len(names) == 1:
        return names, lambda record: (getattr(record, names[0]),), usual
    return names, attrgetter(*names), usual


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
