"""Text held as Python objects, brought into the buffers of a ``string`` block without Arrow.

Texts that are in Arrow's buffers already do not come here.
"""

from collections.abc import Sequence
from itertools import compress
from typing import TYPE_CHECKING, Any

import numpy as np

from nbmlops.fingerprints.columns.tables import Block

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Put between texts so that they are encoded all at once, which takes a third of the time of each
# by itself. In UTF-8 it is one byte, and no part of any other character.
_BETWEEN = "\0"


def text_block(values: "Sequence[object] | NDArray[np.object_]") -> Block:
    """Return the ``string`` block of some values; whatever is not text is missing.

    Lone surrogates are kept, as three bytes each. No method of a subclass of ``str`` is called.
    """
    items: list[Any] = values.tolist() if isinstance(values, np.ndarray) else list(values)
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
