"""pyarrow's tables, record batches, arrays and chunked arrays in canonical form.

Equal are arrays that hold the same values: offsets, chunks, padding, what lies under nulls, the
width of offsets and indices, views, fixed or varying lengths, run ends, the precision of decimals
and the unit of times are no part of it. Dictionaries are categories, whose order counts. Metadata
of schemas and fields, nullability, and the names of a list's or map's inner fields are not looked
at.

Does not live here: how one array is read (`blocks`).
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from nbmlops.fingerprints.arrow.blocks import reader
from nbmlops.fingerprints.arrow.categories import category_column
from nbmlops.fingerprints.arrow.chunks import Chunks
from nbmlops.fingerprints.arrow.nested import Nested, decoded
from nbmlops.fingerprints.arrow.types import extended_type, holds, logical_type
from nbmlops.fingerprints.columns.buffers import fitting
from nbmlops.fingerprints.columns.tables import Block, Column, NamedColumn, Table

if TYPE_CHECKING:
    from nbmlops.fingerprints.columns.buffers import Suffix


def frame(value: pa.Table | pa.RecordBatch) -> Table:
    """Return a table or record batch as a frame; it has no index, whatever pandas noted in it."""
    columns = tuple(
        NamedColumn(name, column_of(column))
        for name, column in zip(value.schema.names, value.columns, strict=True)
    )
    return Table("frame", value.num_rows, columns, size_bytes=_size_bytes(value))


def column(value: pa.Array | pa.ChunkedArray) -> Table:
    """Return an array or chunked array as a column without a name."""
    only = NamedColumn(None, column_of(value))
    return Table("column", only.column.rows, (only,), size_bytes=_size_bytes(value))


def _size_bytes(value: pa.Table | pa.RecordBatch | pa.Array | pa.ChunkedArray) -> int:
    try:
        size_bytes: int = value.nbytes
    except pa.ArrowTypeError:  # an older pyarrow does not count views
        size_bytes = value.get_total_buffer_size()
    return size_bytes


def column_of(array: pa.Array | pa.ChunkedArray, *, categories_in_use_only: bool = False) -> Column:
    """Return Arrow data of any type as a column.

    Parameters
    ----------
    array : pyarrow.Array or pyarrow.ChunkedArray
        Is not copied. A block is read where it lies if its values have one width or are text that
        is no view, no chunk ends within it, and nothing lies under its nulls.
    categories_in_use_only : bool
        Whether unordered dictionaries, at any depth, have only the categories that occur, sorted:
        for libraries whose users choose neither the others nor the order.

    Raises
    ------
    pyarrow.ArrowException
        Where pyarrow cannot read the data. Here, or when a block is read.
    """
    nested = partial(column_of, categories_in_use_only=categories_in_use_only)
    kind, chunks = array.type, _chunks_of(array)
    if isinstance(kind, pa.BaseExtensionType):
        storages = map(pa.ExtensionArray.storage.__get__, chunks)  # whatever a user's class says
        inner = nested(pa.chunked_array(storages, kind.storage_type))
        return replace(inner, type=extended_type(kind, inner.type))
    if pa.types.is_dictionary(kind):
        return category_column(chunks, kind, nested, in_use_only=categories_in_use_only)
    if pa.types.is_run_end_encoded(kind) and not _can_be_read(kind.value_type):
        return nested(pa.chunked_array([decoded(chunk) for chunk in chunks], kind.value_type))
    if len(chunks) > 1 and holds(kind, "DICTIONARY"):
        chunks = pa.chunked_array(chunks, kind).unify_dictionaries().chunks
    return _read_column(chunks, kind, nested)


def _can_be_read(kind: pa.DataType) -> bool:
    """Whether a reader takes arrays of a type, without what all chunks must be seen for."""
    return not (isinstance(kind, pa.BaseExtensionType) or holds(kind, "DICTIONARY"))


def _chunks_of(array: pa.Array | pa.ChunkedArray) -> list[pa.Array]:
    return array.chunks if isinstance(array, pa.ChunkedArray) else [array]


def _read_column(chunks: Sequence[pa.Array], kind: pa.DataType, nested: Nested) -> Column:
    """Return the column of arrays that are read as they are."""
    suffix = _suffix(kind, chunks)
    open_array = partial(reader, nested=nested, suffix=suffix)
    lengths = [len(chunk) for chunk in chunks]
    rows = Chunks(lengths, lambda place: open_array(chunks[place]))

    def block(start: int, stop: int) -> Block:
        stretches = rows.stretches(start, stop)
        if len(stretches) == 1:
            return rows.block(stretches[0])
        pieces = [chunks[chunk].slice(first, end - first) for chunk, first, end in stretches]
        return open_array(_joined(pieces))(0, stop - start)

    return Column(logical_type(kind) + suffix, sum(lengths), block)


# What has offsets of 32 bits, which 2 GiB of text in one block would overflow.
_WIDER = {pa.string(): pa.large_string(), pa.binary(): pa.large_binary()}


def _joined(pieces: Sequence[pa.Array]) -> pa.Array:
    wider = _WIDER.get(pieces[0].type)
    return pa.concat_arrays([piece.cast(wider) for piece in pieces] if wider else pieces)


def _suffix(kind: pa.DataType, chunks: Sequence[pa.Array]) -> "Suffix":
    values = kind.value_type if pa.types.is_run_end_encoded(kind) else kind
    if not (pa.types.is_timestamp(values) or pa.types.is_duration(values)):
        return ""
    return fitting(values.unit, lambda: _span(chunks))


def _span(chunks: Sequence[pa.Array]) -> tuple[int, int] | None:
    """Return the lowest and the highest of all valid values, as integers."""
    ends = [pc.min_max(_runs_in_use(chunk).view(pa.int64())) for chunk in chunks]
    found = [(end["min"].as_py(), end["max"].as_py()) for end in ends if end["min"].is_valid]
    if not found:
        return None
    return min(lowest for lowest, _ in found), max(highest for _, highest in found)


def _runs_in_use(array: pa.Array) -> pa.Array:
    """Return the values of an array's runs, each once; any other array as it is."""
    if not pa.types.is_run_end_encoded(array.type):
        return array
    return array.values.slice(array.find_physical_offset(), array.find_physical_length())
