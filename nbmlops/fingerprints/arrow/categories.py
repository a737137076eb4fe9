"""Columns of Arrow dictionaries: the categories of all chunks as one list, and codes into it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nbmlops.fingerprints.arrow.chunks import Chunks, Read
from nbmlops.fingerprints.arrow.memory import validity_of, values_of
from nbmlops.fingerprints.arrow.nested import Nested
from nbmlops.fingerprints.arrow.texts import without_views
from nbmlops.fingerprints.arrow.types import logical_type
from nbmlops.fingerprints.columns.buffers import recoded, zeroed
from nbmlops.fingerprints.columns.tables import Block, Column

if TYPE_CHECKING:
    from numpy.typing import NDArray


_NULLS_ONLY = np.array([-1], np.int32)  # without a category: nulls have code 0, like any number


def category_column(
    chunks: Sequence[pa.DictionaryArray],
    kind: pa.DictionaryType,
    nested: Nested,
    *,
    in_use_only: bool = False,
) -> Column:
    """Return the column of dictionary arrays, whose dictionaries may differ.

    Parameters
    ----------
    chunks : sequence of pyarrow.DictionaryArray
        Its rows.
    kind : pyarrow.DictionaryType
        Of all chunks.
    nested : callable
        Makes the column of the categories.
    in_use_only : bool
        Whether an unordered column has only the categories that occur, sorted, because their order
        and the others are none of the user's: so it is in polars. Else they are those of the
        dictionaries, in the order in which they appear, and the order counts, as in pandas.
    """
    agreed = _agreed([chunk.dictionary for chunk in chunks], kind)
    if in_use_only and not kind.ordered:
        agreed = _in_use(agreed, chunks)
    rows = Chunks(
        [len(chunk) for chunk in chunks],
        lambda place: _codes(chunks[place].indices, agreed.places[place]),
    )

    def block(start: int, stop: int) -> Block:
        return _joined([rows.block(stretch) for stretch in rows.stretches(start, stop)])

    return Column(logical_type(kind), sum(map(len, chunks)), block, (nested(agreed.categories),))


class _Agreed(NamedTuple):
    """Categories of all chunks, and for each chunk the place of its codes among them.

    Places are None where they are the codes; −1 is that of a null in a dictionary.
    """

    categories: pa.Array
    places: "Sequence[NDArray[np.int32] | None]"


def _agreed(dictionaries: Sequence[pa.Array], kind: pa.DictionaryType) -> _Agreed:
    distinct, which = _distinct(dictionaries)
    if not distinct:
        return _Agreed(pa.array([], kind.value_type), [])
    if len(distinct) == 1 and not distinct[0].null_count and not _repeats(distinct[0]):
        return _Agreed(distinct[0], [None] * len(which))
    encoded = pa.concat_arrays(distinct).dictionary_encode()
    places = encoded.indices.fill_null(-1).to_numpy()
    ends = np.cumsum([len(dictionary) for dictionary in distinct])
    parts = [part if len(part) else _NULLS_ONLY for part in np.split(places, ends[:-1])]
    return _Agreed(encoded.dictionary, [parts[place] for place in which])


def _repeats(dictionary: pa.Array) -> bool:
    """Whether a dictionary has a value twice, which chunks of it would be without."""
    try:
        return bool(pc.count_distinct(dictionary).as_py() < len(dictionary))
    except pa.ArrowNotImplementedError:  # nested: what chunks have in common is not found either
        return False


def _in_use(agreed: _Agreed, chunks: Sequence[pa.DictionaryArray]) -> _Agreed:
    """Return the categories that occur, sorted."""
    is_used = np.zeros(len(agreed.categories) + 1, np.bool_)
    for chunk, own in zip(chunks, agreed.places, strict=True):
        codes = chunk.indices.unique().drop_null().to_numpy().astype(np.intp)
        is_used[codes if own is None else own[codes]] = True
    used = np.flatnonzero(is_used[:-1])
    categories = agreed.categories.take(pa.array(used))
    order = pc.sort_indices(categories).to_numpy()
    place_of = np.full(len(is_used), -1, np.int32)
    place_of[used[order]] = np.arange(len(used))
    places = [place_of if own is None else place_of[own] for own in agreed.places]
    return _Agreed(categories.take(pa.array(order)), places)


def _distinct(dictionaries: Sequence[pa.Array]) -> tuple[list[pa.Array], list[int]]:
    """Return dictionaries that may differ, and for each given one which of them it is."""
    distinct: list[pa.Array] = []
    which: list[int] = []
    known: dict[tuple[int | None, ...], int] = {}
    for dictionary in dictionaries:
        memory = _memory(dictionary)
        if memory not in known:
            plain = without_views(dictionary)
            known[memory] = 0 if distinct and plain.equals(distinct[0]) else len(distinct)
            if known[memory] == len(distinct):
                distinct.append(plain)
        which.append(known[memory])
    return distinct, which


def _memory(array: pa.Array) -> tuple[int | None, ...]:
    """Return where an array is: the same for arrays that share their memory."""
    buffers = (None if buffer is None else buffer.address for buffer in array.buffers())
    return (array.offset, len(array), *buffers)


def _codes(indices: pa.Array, places: "NDArray[np.int32] | None") -> Read:
    values, validity = values_of(indices, indices.type.to_pandas_dtype()), validity_of(indices)

    def read(start: int, stop: int) -> Block:
        valid = validity(start, stop)
        codes = zeroed(values[start:stop], valid)
        if places is None:
            return Block(stop - start, valid, (codes.astype(np.int32, copy=False),))
        return _placed(recoded(codes, places), valid)

    return read


def _placed(codes: "NDArray[np.int32]", valid: "NDArray[np.bool_] | None") -> Block:
    known = codes >= 0
    valid = known if valid is None else known & valid
    if valid.all():
        return Block(len(codes), None, (codes,))
    return Block(len(codes), valid, (zeroed(codes, valid),))


def _joined(blocks: Sequence[Block]) -> Block:
    if len(blocks) == 1:
        return blocks[0]
    codes = np.concatenate([block.buffers[0] for block in blocks])
    valid = np.concatenate(
        [np.ones(block.rows, np.bool_) if block.valid is None else block.valid for block in blocks]
    )
    return Block(len(codes), None if valid.all() else valid, (codes,))
