"""Text held as Python objects, brought into the buffers of a ``string`` block without Arrow.

Texts that are in Arrow's buffers already do not come here.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import compress
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmlops.fingerprints.columns.tables import Block, Column

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Put between texts so that they are encoded all at once, which takes a third of the time of each
# by itself. In UTF-8 it is one byte, and no part of any other character.
_BETWEEN = "\0"
_PIECE_CHARACTERS = 1 << 20  # brought into a block at once: several copies of it are made
_PIECE_ROWS = 256  # whose length is found out at once


def text_column(
    rows: int, read: "Callable[[int, int], Sequence[object] | NDArray[np.object_]]"
) -> Column:
    """Return a column of text of which a function gives the values of any stretch of rows."""
    return Column(
        "string",
        rows,
        lambda start, stop: text_block(read(start, stop)),
        pieces=lambda start, stop: text_blocks(read(start, stop)),
    )


def text_blocks(values: "Sequence[object] | NDArray[np.object_]") -> Iterator[Block]:
    """Give the ``string`` blocks of some values one after the other, no more than some MB at once.

    A single value that is longer is a block by itself, or is so with a few more.
    """
    items = _listed(values)
    begin, characters = 0, 0
    for start in range(0, len(items), _PIECE_ROWS):
        characters += _characters(items[start : start + _PIECE_ROWS])
        if characters > _PIECE_CHARACTERS:
            yield text_block(items[begin : start + _PIECE_ROWS])
            begin, characters = start + _PIECE_ROWS, 0
    if begin < len(items) or not items:
        yield text_block(items[begin:])


def _characters(items: list[Any]) -> int:
    """Return how long texts are together; to join them takes a third of asking each."""
    try:
        return len("".join(items))
    except TypeError:  # something is missing
        return len("".join([item for item in items if isinstance(item, str)]))


def _listed(values: "Sequence[object] | NDArray[np.object_]") -> list[Any]:
    return values.tolist() if isinstance(values, np.ndarray) else list(values)


def text_block(values: "Sequence[object] | NDArray[np.object_]") -> Block:
    """Return the ``string`` block of some values; whatever is not text is missing.

    Lone surrogates are kept, as three bytes each. No method of a subclass of ``str`` is called.
    """
    items = _listed(values)
    try:
        return _block_of_texts(items)
    except TypeError:  # something is missing
        return _block_with_missing(items)


def _block_with_missing(items: list[Any]) -> Block:
    is_text = {kind: issubclass(kind, str) for kind in set(map(type, items))}
    valid = np.array([is_text[type(item)] for item in items], np.bool_)
    texts = _block_of_texts(list(compress(items, valid)))
    lengths = np.zeros(len(items), np.int64)
    lengths[valid] = texts.buffers[0]
    return Block(len(items), valid, (lengths, texts.buffers[1]))


def _block_of_texts(texts: list[str]) -> Block:
    """Return the block of texts; raise TypeError where one of them is none."""
    encoded = _encoded(_BETWEEN.join(texts))
    ends = np.flatnonzero(np.frombuffer(encoded, np.uint8) == 0)
    if len(ends) != len(texts) - 1:  # a text has the character itself, or there is none
        return _block_of_encoded([_encoded(text) for text in texts])
    lengths = np.diff(ends, prepend=-1, append=len(encoded)) - 1
    data = np.frombuffer(encoded.translate(None, b"\0"), np.uint8)
    return Block(len(texts), None, (lengths.astype(np.int64, copy=False), data))


def _block_of_encoded(texts: list[bytes]) -> Block:
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    return Block(len(texts), None, (lengths, np.frombuffer(b"".join(texts), np.uint8)))


def _encoded(text: str) -> bytes:
    return str.encode(text, "utf-8", "surrogatepass")
