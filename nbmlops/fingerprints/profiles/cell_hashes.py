"""Hashes of single cells: two words of 64 bits for every row of a block, all at once.

A value has the same hash in every library, block, machine and version. It says nothing of the
value's type: int8 1 and int64 1 are alike, as are a text and a category of that name.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from xxhash import xxh3_128_digest

from nbmlops.fingerprints.columns.tables import Block, Column
from nbmlops.fingerprints.profiles.mixing import key, mixed, mixed_again
from nbmlops.fingerprints.walking import described

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nbmlops.fingerprints.profiles.mixing import Words

STRETCH_ROWS = 32_768  # arrays of 256 KiB: above, numpy takes new pages for each intermediate one

# Longer texts are hashed one by one, by xxh3: at this length both take the same time.
_LONGEST_WORDS = 8
_LAST_BYTES = np.array([(1 << 8 * count) - 1 for count in range(9)], np.uint64)
_MORE, _MORE_AGAIN = key(101), key(102)
_LENGTH, _LENGTH_AGAIN = key(103), key(104)
_PLACE, _FIELD = key(105), key(106)
_NULL, _NULL_AGAIN = key(107), key(108)


class Lanes(NamedTuple):
    """Two hashes of every row: together 128 bits."""

    first: "Words"
    second: "Words"


class CellHashes:
    """Hashes the cells of one column, whose categories it hashes but once."""

    def __init__(self, column: Column) -> None:
        self._column = column
        self._categories: Lanes | None = None

    def stretch(self, start: int, stop: int) -> Lanes:
        """Return the hashes of rows start ≤ row < stop."""
        if self._column.pieces is None:
            return self.of(self._column.block(start, stop))
        return _one_after_the_other(map(self.of, self._column.pieces(start, stop)))

    def of(self, block: Block) -> Lanes:
        """Return the hashes of a block of this column; all rows without a value have one hash."""
        lanes = self._values(block)
        if block.valid is None:
            return lanes
        return Lanes(
            np.where(block.valid, lanes.first, _NULL),
            np.where(block.valid, lanes.second, _NULL_AGAIN),
        )

    def _values(self, block: Block) -> Lanes:
        if block.objects is not None:
            return object_hashes(block.objects)
        if self._column.children:
            return self._by_code(block.buffers[0])
        if is_text(block):
            return text_hashes(*block.buffers)
        if block.children and block.buffers:
            return _list_hashes(block.buffers[0], block.children)
        if block.children:
            return _struct_hashes(block.rows, block.children)
        return word_hashes(block.rows, block.buffers)

    def _by_code(self, codes: "NDArray[Any]") -> Lanes:
        categories = self.categories()
        if not len(categories.first):
            return word_hashes(len(codes), ())
        return Lanes(categories.first[codes], categories.second[codes])

    def categories(self) -> Lanes:
        """Return the hashes of the categories, in their order."""
        if self._categories is None:
            self._categories = whole_column(self._column.children[0])
        return self._categories


def is_text(block: Block) -> bool:
    """Whether a block has lengths and bytes."""
    return len(block.buffers) == 2 and block.buffers[1].dtype == np.uint8


def whole_column(column: Column) -> Lanes:
    """Return the hashes of all rows of a column, 16 bytes a row."""
    hashes = CellHashes(column)
    starts = range(0, column.rows, STRETCH_ROWS)
    stops = (min(start + STRETCH_ROWS, column.rows) for start in starts)
    return _one_after_the_other(map(hashes.stretch, starts, stops))


def _one_after_the_other(parts: Iterable[Lanes]) -> Lanes:
    found = list(parts)
    if len(found) == 1:
        return found[0]
    nothing = np.empty(0, np.uint64)
    first = np.concatenate([nothing, *(lanes.first for lanes in found)])
    return Lanes(first, np.concatenate([nothing, *(lanes.second for lanes in found)]))


def word_hashes(rows: int, buffers: "tuple[NDArray[Any], ...]") -> Lanes:
    """Hash values of one width.

    Buffers after the first hold what most values do not need (nanoseconds, high bits): they count
    only in rows where they are not zero, so that a block may lack them.
    """
    if not buffers:
        return Lanes(np.zeros(rows, np.uint64), np.zeros(rows, np.uint64))
    words = _words(buffers[0])
    first = mixed(words[0])
    second = mixed_again(first)
    for word in words[1:]:
        first, second = mixed(first + word * _MORE), mixed(second + word * _MORE_AGAIN)
    for word in _rarely_needed(words, buffers[1:]):
        needed = word != 0
        first = np.where(needed, mixed(first + word * _MORE), first)
        second = np.where(needed, mixed(second + word * _MORE_AGAIN), second)
    return Lanes(first, second)


def _words(buffer: "NDArray[Any]") -> "list[Words]":
    """Return what a value consists of, 64 bits each; integers are widened with their sign."""
    if buffer.ndim == 2:
        return [word for part in np.moveaxis(buffer, 1, 0) for word in _words(part)]
    if buffer.dtype.kind == "c" and buffer.itemsize == 16:
        return _words(np.ascontiguousarray(buffer).view(np.float64).reshape(-1, 2))
    if buffer.dtype.kind == "i":
        return [buffer.astype(np.int64).view(np.uint64)]
    if buffer.dtype.kind == "u":
        return [buffer.astype(np.uint64, copy=False)]
    bits = np.ascontiguousarray(buffer).view(f"<u{buffer.itemsize}")
    return [bits.astype(np.uint64, copy=False)]


def _rarely_needed(words: "list[Words]", buffers: "tuple[NDArray[Any], ...]") -> "list[Words]":
    """Return the words of further buffers; of high bits, only what the sign does not say."""
    further = [word for buffer in buffers for word in _words(buffer)]
    if len(words) < 2:
        return further
    sign = (words[-1].view(np.int64) >> 63).view(np.uint64)
    return [word ^ sign for word in further]


def text_hashes(lengths: "NDArray[np.int64]", data: "NDArray[np.uint8]") -> Lanes:
    """Hash texts that lie one after the other; ``lengths`` in bytes.

    Each stretch of eight bytes is mixed with its place in the text, and the sum is mixed again.
    """
    starts = np.cumsum(lengths) - lengths
    counts = lengths.view(np.uint64)
    first, second = counts * _LENGTH, counts * _LENGTH_AGAIN
    if not len(lengths):
        return Lanes(first, second)
    shortest, longest = int(lengths.min()), int(lengths.max())
    everywhere = _word_at_every_byte(data)
    for place in range(0, min(longest, 8 * _LONGEST_WORDS), 8):
        rows = slice(None) if shortest > place else np.flatnonzero(lengths > place)
        words = everywhere[starts[rows] + place]
        words &= _LAST_BYTES[np.minimum(lengths[rows] - place, 8)]
        words ^= key(place)
        image = mixed(words)
        first[rows] += image
        second[rows] += mixed_again(image)
    first, second = mixed(first), mixed(second)
    if longest > 8 * _LONGEST_WORDS:
        _hash_long(lengths, starts, data, Lanes(first, second))
    return Lanes(first, second)


def _word_at_every_byte(data: "NDArray[np.uint8]") -> "Words":
    """Return the words that begin with each byte; the last reach into zeros."""
    padded = np.concatenate([data, np.zeros(8, np.uint8)])
    return np.ndarray((len(data) + 1,), np.dtype("<u8"), padded, 0, (1,))


def _hash_long(
    lengths: "NDArray[np.int64]",
    starts: "NDArray[np.int64]",
    data: "NDArray[np.uint8]",
    lanes: Lanes,
) -> None:
    rows = np.flatnonzero(lengths > 8 * _LONGEST_WORDS)
    begins, ends = starts[rows].tolist(), (starts[rows] + lengths[rows]).tolist()
    whole = memoryview(np.ascontiguousarray(data))
    digests = b"".join(
        [xxh3_128_digest(whole[begin:end]) for begin, end in zip(begins, ends, strict=True)]
    )
    lanes.first[rows], lanes.second[rows] = np.frombuffer(digests, "<u8").reshape(-1, 2).T


def object_hashes(values: list[Any]) -> Lanes:
    """Hash objects by their digests, one at a time."""
    digests = b"".join([described(value).digest for value in values])
    first, second = np.frombuffer(digests, "<u8").reshape(-1, 2).T.astype(np.uint64)
    return Lanes(first, second)


def _list_hashes(lengths: "NDArray[np.int64]", children: tuple[Column, ...]) -> Lanes:
    """Hash lists: every element mixed with its place, and the sum of them."""
    ends = np.cumsum(lengths)
    places = np.arange(len(lengths) and int(ends[-1])) - np.repeat(ends - lengths, lengths)
    shift = places.view(np.uint64) * _PLACE
    counts = lengths.view(np.uint64)
    first, second = counts * _LENGTH, counts * _LENGTH_AGAIN
    for child in children:
        elements = whole_column(child)
        first = mixed(first + _sums(mixed(elements.first + shift), ends))
        second = mixed(second + _sums(mixed(elements.second + shift), ends))
    return Lanes(first, second)


def _sums(words: "Words", ends: "NDArray[np.int64]") -> "Words":
    """Return the sum of each list's words, modulo 2⁶⁴; 0 for an empty list."""
    running = np.concatenate([np.zeros(1, np.uint64), np.cumsum(words, dtype=np.uint64)])
    sums: Words = np.diff(running[np.concatenate([np.zeros(1, np.int64), ends])])
    return sums


def _struct_hashes(rows: int, fields: tuple[Column, ...]) -> Lanes:
    first, second = np.zeros(rows, np.uint64), np.zeros(rows, np.uint64)
    for field in fields:
        lanes = whole_column(field)
        first, second = mixed(first * _FIELD + lanes.first), mixed(second * _FIELD + lanes.second)
    return Lanes(first, second)
