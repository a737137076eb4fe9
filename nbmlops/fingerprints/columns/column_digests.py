"""The digest of one column in canonical form, from those of its blocks.

========================= =======================================================================
column                    type, rows, digests of its children, digests of its blocks
block of numbers          the hash of its one buffer, where every row is valid: nothing but the
                          hash of the data, at the speed of memory
block of objects          the digest of the list of them
any other block           packed validity bits, hashes of its buffers, digests of its children
========================= =======================================================================

Objects have digests of their own, so that everything here is a generator of `Child`; only where
there are objects does it yield any. (No comprehension may yield: hence PERF401.)
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from xxhash import xxh3_128

from nbmlops.fingerprints.base import Child, Digesting, Mode
from nbmlops.fingerprints.columns.missing import has_nan, is_missing
from nbmlops.fingerprints.columns.tables import BLOCK_ROWS, Block, Column
from nbmlops.fingerprints.hashing import hashed, joined, text

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FLOATS = ("float", "complex")


def column_digest(column: Column, mode: Mode, where: str = "") -> Digesting:
    """Return the digest of a column; ``where`` names it in the reason of an opaque value."""
    blocks = []
    for start in range(0, column.rows, BLOCK_ROWS):
        stop = min(start + BLOCK_ROWS, column.rows)
        blocks.append((yield from stretch_digest(column, start, stop, mode, where)))
    return (yield from joined_column(column, blocks, mode, where))


def joined_column(
    column: Column, blocks: Iterable[bytes], mode: Mode, where: str = ""
) -> Digesting:
    """Return the digest of a column whose blocks have these digests, in order."""
    children = yield from _digests(column.children, mode, where)
    rows = column.rows.to_bytes(8, "little")
    return joined("column", text(column.type), rows, children, b"".join(blocks))


def stretch_digest(column: Column, start: int, stop: int, mode: Mode, where: str = "") -> Digesting:
    """Return the digest of the block of a column that these rows are."""
    if column.pieces is not None:
        return _digest_of_pieces(column.pieces(start, stop))
    return (yield from _block_digest(column.block(start, stop), column.type, mode, where))


def _digest_of_pieces(pieces: Iterable[Block]) -> bytes:
    """Return the digest of the block of text that some blocks are together."""
    lengths, valid, data = [], [], xxh3_128()
    for piece in pieces:
        lengths.append(piece.buffers[0])
        data.update(piece.buffers[1])
        valid.append(np.ones(piece.rows, np.bool_) if piece.valid is None else piece.valid)
    buffers = hashed(np.concatenate(lengths)) + data.digest()
    return joined("block", _bits(np.concatenate(valid)), buffers, b"")


def _bits(valid: "NDArray[np.bool_] | None") -> bytes:
    if valid is None or valid.all():
        return b""
    return np.packbits(valid, bitorder="little").tobytes()


def _block_digest(block: Block, type: str, mode: Mode, where: str) -> Digesting:
    if block.objects is not None:
        objects = block.objects if mode == "exact" else _missing_alike(block.objects)
        return joined("objects", (yield Child(objects, where)))
    if mode == "semantic" and type.startswith(_FLOATS):
        block = _same_floats(block)
    bits = _bits(block.valid)
    if not bits and not block.children and len(block.buffers) == 1:
        return hashed(block.buffers[0])
    children = yield from _digests(block.children, mode, where)
    return joined("block", bits, b"".join(map(hashed, block.buffers)), children)


def hash_of_numbers(column: Column, start: int, stop: int) -> bytes | None:
    """Return the digest of a block of numbers if all are valid; None if not, or not known so."""
    if column.numbers is None:
        return None
    values = column.numbers(start, stop)
    digest = hashed(values)
    return None if has_nan(values) else digest


def _digests(columns: tuple[Column, ...], mode: Mode, where: str) -> Digesting:
    found = []
    for column in columns:
        found.append((yield from column_digest(column, mode, where)))  # noqa: PERF401
    return b"".join(found)


def _same_floats(block: Block) -> Block:
    """Return a block of floats with NaN as null, and −0.0 as 0.0."""
    (values,) = block.buffers
    valid = ~np.isnan(values)
    if block.valid is not None:
        valid &= block.valid
    zero = np.zeros((), values.dtype)
    return Block(block.rows, valid, (np.where(valid, values, zero) + zero,))


def _missing_alike(objects: list[Any]) -> list[Any]:
    return [None if is_missing(value) else value for value in objects]
