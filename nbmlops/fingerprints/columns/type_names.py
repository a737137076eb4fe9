"""How logical types with parameters are written, by every library alike."""

import json
from collections.abc import Iterable


def timestamp_type(zone: str | None) -> str:
    """Return the type of instants; without a zone they are of no place."""
    return f"timestamp[tz={zone}]" if zone else "timestamp[]"


def category_type(*, is_ordered: bool) -> str:
    """Return the type of categories; those of an ordered type can be compared."""
    return "category[ordered]" if is_ordered else "category[]"


def list_type(element: str) -> str:
    """Return the type of lists of a type."""
    return f"list[{element}]"


def map_type(key: str, value: str) -> str:
    """Return the type of maps."""
    return f"map[{key}, {value}]"


def struct_type(fields: Iterable[tuple[str, str]]) -> str:
    """Return the type of structs, from the names and types of their fields in order.

    Examples
    --------
    >>> struct_type([("price", "decimal[2]"), ("due date", "date")])
    'struct[price: decimal[2], "due date": date]'
    """
    return f"struct[{', '.join(f'{_shown(name)}: {type}' for name, type in fields)}]"


def extension_type(storage: str, name: str, *parameters: object) -> str:
    """Return the type of values of another type that somebody gave a name of their own.

    Examples
    --------
    >>> extension_type("binary", "arrow.uuid")
    'binary (arrow.uuid)'
    """
    return f"{storage} ({' '.join([name, *map(json.dumps, parameters)])})"


def _shown(name: str) -> str:
    """Return a name that nothing in a type can be mistaken for: quoted unless a plain word."""
    return name if name.isidentifier() else json.dumps(name, ensure_ascii=False)
