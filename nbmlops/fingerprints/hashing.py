"""The bytes that digests are made of.

Data digests are xxh3 with 128 bits: as fast as memory, not made to resist somebody who builds
collisions on purpose. What travels or must resist that (files) has BLAKE3.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from xxhash import xxh3_128, xxh3_128_digest

SIZE_BYTES = 16

_SMALL_BYTES = 65_536
_PIECE_CHARACTERS = 1 << 20


def hashed(data: Any) -> bytes:
    """Return the digest of one contiguous buffer."""
    return xxh3_128_digest(data)


@dataclass(frozen=True, slots=True)
class Long:
    """A part of some MB that is made piece by piece; its size is known before."""

    size_bytes: int
    pieces: Callable[[], Iterable[bytes]]

    def __len__(self) -> int:
        return self.size_bytes


def hashed_all(pieces: Iterable[Any]) -> bytes:
    """Return the digest of one buffer that comes in pieces."""
    state = xxh3_128()
    for piece in pieces:
        state.update(piece)
    return state.digest()


def joined(tag: str, *parts: bytes | Long) -> bytes:
    """Return the digest of a tagged sequence of parts: no two sequences give the same bytes."""
    if sum(map(len, parts)) > _SMALL_BYTES:
        return joined_all(tag, parts)
    pieces: list[Any] = [_head(tag)]  # of bytes: what is long is not small
    for part in parts:  # all at once takes two thirds of the time of one after the other
        pieces += (len(part).to_bytes(8, "little"), part)
    return xxh3_128_digest(b"".join(pieces))


def joined_all(tag: str, parts: Iterable[bytes | Long]) -> bytes:
    """Return the digest of a tag and any number of parts."""
    state = xxh3_128(_head(tag))
    for part in parts:
        size = len(part).to_bytes(8, "little")
        if isinstance(part, Long):
            state.update(size)
            for piece in part.pieces():
                state.update(piece)
        elif len(part) > _SMALL_BYTES:  # not to be copied
            state.update(size)
            state.update(part)
        else:
            state.update(size + part)
    return state.digest()


def joined_sorted(tag: str, digests: Iterable[bytes]) -> bytes:
    """Return the digest of a tag and of digests in no order."""
    return joined(tag, b"".join(sorted(digests)))


def text(value: str) -> bytes:
    """Return a text as bytes, lone surrogates too."""
    return value.encode("utf-8", "surrogatepass")


def text_pieces(value: str) -> Iterator[bytes]:
    """Give a text as bytes, a few MB at once; no method of a class that derives from it counts."""
    for start in range(0, str.__len__(value), _PIECE_CHARACTERS):
        piece = str.__getitem__(value, slice(start, start + _PIECE_CHARACTERS))
        yield piece.encode("utf-8", "surrogatepass")


@lru_cache(1_024)
def _head(tag: str) -> bytes:
    encoded = text(tag)
    return len(encoded).to_bytes(8, "little") + encoded
