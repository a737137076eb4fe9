"""The logical types of Arrow's types: the words that every library's types are called by."""

from collections.abc import Iterator

import pyarrow as pa

from nbmlops.fingerprints.columns.type_names import (
    category_type,
    extension_type,
    list_type,
    map_type,
    struct_type,
    timestamp_type,
)

# By the names that Arrow gives its types. Layouts of the same values have one word.
_WORDS = {
    "NA": "null",
    "BOOL": "bool",
    **{name: name.lower() for name in "INT8 INT16 INT32 INT64 UINT8 UINT16 UINT32 UINT64".split()},
    "HALF_FLOAT": "float16",
    "FLOAT": "float32",
    "DOUBLE": "float64",
    "DATE32": "date",
    "DATE64": "date",
    "TIME32": "time",
    "TIME64": "time",
    "DURATION": "duration",
    "STRING": "string",
    "LARGE_STRING": "string",
    "STRING_VIEW": "string",
    "BINARY": "binary",
    "LARGE_BINARY": "binary",
    "BINARY_VIEW": "binary",
    "FIXED_SIZE_BINARY": "binary",
    "INTERVAL_MONTH_DAY_NANO": "calendar_interval",  # pyarrow has no arrays of the other two
}
_LISTS = frozenset("LIST LARGE_LIST LIST_VIEW LARGE_LIST_VIEW FIXED_SIZE_LIST".split())

_NAMES: dict[int, str] = {
    getattr(pa.lib, name): name.removeprefix("Type_")
    for name in dir(pa.lib)
    if name.startswith("Type_")
}


def arrow_name(kind: pa.DataType) -> str:
    """Return what Arrow calls a type regardless of its parameters: ``LARGE_LIST``, ``NA``, ….

    Empty for extensions.
    """
    return _NAMES.get(kind.id, "")


def logical_type(kind: pa.DataType) -> str:
    """Return the logical type of an Arrow type; ``object`` for unions.

    Examples
    --------
    >>> import pyarrow as pa
    >>> logical_type(pa.large_list(pa.string_view()))
    'list[string]'
    >>> logical_type(pa.struct({"a": pa.decimal128(9, 2), "due date": pa.date64()}))
    'struct[a: decimal[2], "due date": date]'
    """
    name, types = arrow_name(kind), pa.types
    if isinstance(kind, pa.BaseExtensionType):
        return extended_type(kind, logical_type(kind.storage_type))
    if types.is_timestamp(kind):
        return timestamp_type(kind.tz)
    if types.is_decimal(kind):
        return f"decimal[{kind.scale}]"
    if types.is_dictionary(kind):
        return category_type(is_ordered=kind.ordered)
    if types.is_run_end_encoded(kind):
        return logical_type(kind.value_type)
    if name in _LISTS:
        return list_type(logical_type(kind.value_type))
    if types.is_map(kind):
        return map_type(logical_type(kind.key_type), logical_type(kind.item_type))
    if types.is_struct(kind):
        return struct_type((field.name, logical_type(field.type)) for field in _fields(kind))
    return _WORDS.get(name, "object")


def extended_type(kind: pa.BaseExtensionType, storage: str) -> str:
    """Return the logical type of an extension type, from that of its storage.

    pandas' periods and intervals are called as in pandas. Of all parameters only a tensor's shape,
    order and names of axes are known.
    """
    name = pa.BaseExtensionType.extension_name.__get__(kind)  # whatever a user's class says
    if name == "pandas.period" and hasattr(kind, "freq"):
        return f"period[{kind.freq}]"
    if name == "pandas.interval" and hasattr(kind, "closed"):
        return f"interval[{kind.closed}]"
    if isinstance(kind, pa.FixedShapeTensorType):
        return extension_type(storage, name, kind.shape, kind.permutation, kind.dim_names)
    return extension_type(storage, name)


def holds(kind: pa.DataType, name: str) -> bool:
    """Whether a type, or one of those inside it, is called so by Arrow."""
    return arrow_name(kind) == name or any(holds(inner, name) for inner in _inside(kind))


def _inside(kind: pa.DataType) -> Iterator[pa.DataType]:
    if isinstance(kind, pa.BaseExtensionType):
        yield kind.storage_type
    elif pa.types.is_run_end_encoded(kind):
        yield kind.value_type
    else:
        yield from (field.type for field in _fields(kind))


def _fields(kind: pa.DataType) -> Iterator[pa.Field]:
    """Give the fields of a nested type, in order; several of a struct may have one name."""
    return (kind.field(place) for place in range(kind.num_fields))
