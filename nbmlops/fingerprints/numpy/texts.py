"""Text and bytes in numpy arrays: what they say counts, not the width or the type that holds them.

numpy pads text of a fixed width with zeros and takes them off when it is read; the same is done
here. `columns.texts` has what text held as Python objects is read with.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from xxhash import xxh3_128

from nbmlops.fingerprints.columns.tables import Block
from nbmlops.fingerprints.columns.texts import text_block, text_blocks
from nbmlops.fingerprints.hashing import joined
from nbmlops.fingerprints.numpy.boxes import boxes, contiguous

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PIECE_BYTES = 1 << 20  # looked at at once: several copies of it are made


def digest_of_texts(blocks: Iterable[Block]) -> bytes:
    """Return the digest of ``string`` or ``binary`` blocks, however they are cut."""
    lengths, data, validity = xxh3_128(), xxh3_128(), xxh3_128()
    are_all_valid = True
    for block in blocks:
        lengths.update(block.buffers[0])
        data.update(block.buffers[1])
        valid = np.ones(block.rows, np.bool_) if block.valid is None else block.valid
        validity.update(valid)
        are_all_valid = are_all_valid and bool(valid.all())
    parts = (lengths.digest(), data.digest())
    return joined("texts", *parts) if are_all_valid else joined("texts", *parts, validity.digest())


def blocks_of_text(box: "NDArray[Any]") -> Iterator[Block]:
    """Give the text (U, S, StringDType) of a box in C order; missing values are not valid."""
    for place in boxes(box.shape, box.itemsize, limit=_PIECE_BYTES, rows=1):
        piece = contiguous(box[place]).reshape(-1)
        if piece.dtype.kind == "T":
            yield from text_blocks(piece.tolist())
        else:
            yield block_of_text(piece)


def block_of_text(piece: "NDArray[Any]") -> Block:
    """Return the block of a contiguous row of text of a fixed width, U or S, lowest byte first."""
    if not piece.itemsize:
        return Block(piece.size, None, (np.zeros(piece.size, np.int64), np.empty(0, np.uint8)))
    lengths = np.strings.str_len(piece).astype(np.int64, copy=False)
    codes = piece.view("<u4" if piece.dtype.kind == "U" else np.uint8)
    if np.count_nonzero(codes) != lengths.sum():  # some text has the character that pads
        return _block_of_padded(piece)
    if codes.dtype.itemsize > 1 and codes.max(initial=0) > 0x7F:
        return _block_of_wide(codes.reshape(len(piece), -1))
    data = codes.astype(np.uint8, copy=False)
    return Block(piece.size, None, (lengths, data[data != 0]))


def _block_of_padded(piece: "NDArray[Any]") -> Block:
    if piece.dtype.kind == "U":
        return text_block(piece)
    values: list[bytes] = piece.tolist()
    lengths = np.fromiter(map(len, values), np.int64, len(values))
    return Block(len(values), None, (lengths, np.frombuffer(b"".join(values), np.uint8)))


def _block_of_wide(codes: "NDArray[np.uint32]") -> Block:
    """Return the block of code points, a row for each text, with 0 nowhere but behind the text."""
    utf8 = codes.tobytes().decode("utf-32-le", "surrogatepass").encode("utf-8", "surrogatepass")
    sizes = (codes > 0).astype(np.uint8)  # of each character in UTF-8
    for first_of_more_bytes in (0x80, 0x800, 0x10000):
        sizes += codes >= first_of_more_bytes
    data = np.frombuffer(utf8.translate(None, b"\0"), np.uint8)
    return Block(len(codes), None, (sizes.sum(axis=1, dtype=np.int64), data))
