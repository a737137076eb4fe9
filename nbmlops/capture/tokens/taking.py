"""Taking a token: a value, whatever it is → what it was when it was looked at."""

from xxhash import xxh3_128_digest

from nbmlops.capture.tokens.base import Budget, Token
from nbmlops.capture.tokens.scalars import SMALL_SCALARS, small_scalar
from nbmlops.capture.tokens.walking import Sight, Walk

_SHORT = 256  # characters
_NO_PARTS: frozenset[int] = frozenset()


def token_of(value: object, *, budget: Budget, sight: Sight | None = None) -> Token | None:
    """Look at a value; never raises, and never changes it.

    Returns None where it cannot be looked at at all: an iterator of unknown kind, a socket, an
    object of a compiled class without an adapter. Structure counts as far as it shows in content:
    ``[a, a]`` and ``[a, copy(a)]`` have different tokens, since they change in different ways.
    ``sight`` is what other values of the same look have in common with this one.

    Examples
    --------
    >>> rows = [1, 2]
    >>> before = token_of(rows, budget=Budget())
    >>> rows.append(3)
    >>> token_of(rows, budget=Budget()).is_same_as(before)
    False
    """
    if id(type(value)) in SMALL_SCALARS or (type(value) is str and len(value) < _SHORT):
        budget.nodes -= 1
        return Token(xxh3_128_digest(small_scalar(value)), True, _NO_PARTS)
    limits = budget.share()
    walk = Walk(*limits, sight)
    walk.run(value)
    budget.nodes -= limits[0] - walk.nodes - walk.spared
    budget.size_bytes -= limits[1] - walk.size_bytes
    if walk.is_opaque:
        return None
    return Token(
        xxh3_128_digest(b"".join(walk.out)),
        walk.is_whole,
        frozenset(walk.parts),
        walk.is_whole and walk.has_all_parts,
        limits if walk.is_cut else None,
        walk.items,
    )
