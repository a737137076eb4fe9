"""The logical types of polars' types."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from nbmlops.fingerprints.columns.type_names import (
    category_type,
    extension_type,
    list_type,
    map_type,
    struct_type,
    timestamp_type,
)

_EXTENSION: Any = getattr(pl.datatypes, "BaseExtension", ())  # an older polars has none
_NAMES = {"Boolean": "bool"}  # others are polars' own in small letters


def name_of(dtype: pl.DataType) -> str:
    """Return what polars calls a type regardless of its parameters: ``Int8``, ``List``, …."""
    kind = dtype if isinstance(dtype, type) else type(dtype)  # an older polars gives the class
    return kind.__name__


def is_extension(dtype: pl.DataType) -> bool:
    """Whether a type gives another one a name of somebody's own."""
    return isinstance(dtype, _EXTENSION)


def logical_type(dtype: pl.DataType) -> str:
    """Return the logical type of a polars type.

    Examples
    --------
    >>> import polars as pl
    >>> logical_type(pl.Struct({"prices": pl.Array(pl.Decimal(9, 2), 3), "due": pl.Date}))
    'struct[prices: list[decimal[2]], due: date]'
    """
    name = name_of(dtype)
    inside = [logical_type(inner) for inner in types_inside(dtype)]
    if is_extension(dtype):
        return extension_type(*inside, _EXTENSION.ext_name(dtype))
    if name in ("Categorical", "Enum"):
        return category_type(is_ordered=name == "Enum")
    if name == "Datetime":
        return timestamp_type(dtype.time_zone)
    if name == "Decimal":
        return f"decimal[{dtype.scale}]"
    if name in ("List", "Array"):
        return list_type(*inside)
    if name == "Map":
        return map_type(*inside)
    if name == "Struct":
        return struct_type(zip((field.name for field in dtype.fields), inside, strict=True))
    return _NAMES.get(name, name.lower())


def types_inside(dtype: pl.DataType) -> Iterator[pl.DataType]:
    """Give the types of what a value of a type holds; of an extension, its storage."""
    name = name_of(dtype)
    if is_extension(dtype):
        yield _EXTENSION.ext_storage(dtype)
    elif name in ("List", "Array"):
        yield dtype.inner
    elif name == "Map":
        yield from (dtype.key, dtype.value)
    elif name == "Struct":
        yield from (field.dtype for field in dtype.fields)
