"""The contract of tokens: what one says, and what may be spent on it.

Equal content gives equal tokens within one process and nowhere else: addresses and Python's own
hashes of text are part of them. What a value *is*, everywhere, is its fingerprint.

The laws, which the tests state:

- a change in place gives another digest, unless the token is not whole;
- what only reads gives the same, also where a library keeps caches in the value;
- no code of the user's runs, nothing is changed, nothing of the value is kept but numbers.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbmlops.capture.tokens.items import ItemTokens


@dataclass(frozen=True, slots=True)
class Token:
    """What a value was when it was looked at.

    Attributes
    ----------
    digest : bytes
        Of what was looked at.
    is_whole : bool
        False where a bound was met, or something in it cannot be looked into: then an equal digest
        proves nothing.
    parts : frozenset of int
        Where the mutable things and the memories in it lie, its own among them: who shares one may
        change with it. Two values that share only what is immutable have none in common.
    has_all_parts : bool
        False where there are more, which are not listed, or not known since the value is not whole.
    limits : tuple of int or None
        The nodes and bytes that it was made with, if they were not enough: only tokens with the
        same limits can be compared.
    """

    digest: bytes
    is_whole: bool
    parts: frozenset[int]
    has_all_parts: bool = True
    limits: tuple[int, int] | None = None
    items: "ItemTokens | None" = None

    def is_same_as(self, earlier: "Token") -> bool | None:
        """Tell whether the value is what it was; None where that is not known."""
        if self.limits != earlier.limits:
            return None
        if self.digest != earlier.digest:
            return False
        return True if self.is_whole and earlier.is_whole else None


@dataclass(slots=True)
class Budget:
    """What may still be looked at for one cell, shared by its values.

    A node, which is a value in another, takes some 1.5 µs, and a byte of an array 0.06 ns: what a
    hook may take, 20 ms, is not exceeded by either. No value gets more than a share, which does for
    a list of a million numbers. Of memory beyond it there is a sample, of a graph of objects the
    beginning, of a longer list a glance; such tokens are not whole. Where less is left than the
    share, a value gets the largest power of two in it, so that tokens made with what was left can
    be compared at all.
    """

    nodes: int = 9_000
    size_bytes: int = 192 << 20
    nodes_per_value: int = 8_000
    size_bytes_per_value: int = 128 << 20

    def share(self) -> tuple[int, int]:
        """Return the nodes and bytes that the next value may have."""
        return (
            _share(self.nodes, self.nodes_per_value),
            _share(self.size_bytes, self.size_bytes_per_value),
        )


def _share(left: int, most: int) -> int:
    if left >= most:
        return most
    return 1 << (left.bit_length() - 1) if left > 0 else 0
