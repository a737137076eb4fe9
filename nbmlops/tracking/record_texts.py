"""Which fields of a record hold texts that come from outside: all but those that are named here.

Ids, digests and words of fixed lists have types of their own in `nbmlops.records`. Whatever is a
plain ``str`` there, at any depth, is a text: so a field that is added later is one as well.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from nbmlops.records import Execution, NotebookCell, Param, Value

type Take = Callable[[type, str, str], str]

# Plain texts that we write ourselves: words of our own, and digests.
_OURS = {
    Execution: ("cell_key",),
    NotebookCell: ("digest",),
    Param: ("type",),
    Value: ("kind", "strength"),
}


def with_texts[T](record: T, take: Take) -> T:
    """Return a record with what ``take`` makes of each of its texts, given kind and field.

    The very same record where that is what was there.
    """
    kind: type = type(record)
    changes: dict[str, Any] = {}
    found: Any
    for field, is_text, is_tuple in _texts_of(kind):
        before = getattr(record, field)
        if not before:
            continue
        if is_tuple:
            found = _all_of(before, kind, field, take, are_texts=is_text)
        else:
            found = take(kind, field, before) if is_text else with_texts(before, take)
        if found is not before:
            changes[field] = found
    return replace(record, **changes) if changes else record  # type: ignore[type-var]


def _all_of(
    parts: tuple[Any, ...], kind: type, field: str, take: Take, *, are_texts: bool
) -> tuple[Any, ...]:
    found = (
        [take(kind, field, part) for part in parts]
        if are_texts
        else [with_texts(part, take) for part in parts]
    )
    is_same = all(one is other for one, other in zip(found, parts, strict=True))
    return parts if is_same else tuple(found)


@cache
def _texts_of(kind: type) -> tuple[tuple[str, bool, bool], ...]:
    """Return the fields that hold texts or records: which, whether texts, whether many."""
    hints = get_type_hints(kind)
    found = []
    for field in fields(kind):
        kinds = get_args(hints[field.name]) or (hints[field.name],)
        is_tuple = get_origin(hints[field.name]) is tuple
        if field.name in _OURS.get(kind, ()):
            continue
        if str in kinds:
            found.append((field.name, True, is_tuple))
        elif any(isinstance(each, type) and is_dataclass(each) for each in kinds):
            found.append((field.name, False, is_tuple))
    return tuple(found)
