"""What the token of a frame says of each of its columns, and which are other ones than before."""

from dataclasses import dataclass
from itertools import pairwise

from xxhash import xxh3_128_digest

from nbmlops.capture.tokens.base import Token
from nbmlops.cells.items import APPENDED, ARRANGEMENT

MOST_ITEMS = 256  # some 150 bytes each, in every token
_SHORT = 64  # bytes, which are as good as their digest


@dataclass(frozen=True, slots=True)
class ItemTokens:
    """What was written of each item, or its digest, in order; and of all else: rows, attributes."""

    digests: dict[str, bytes]
    rest: bytes


class Places:
    """Where in what a walk writes the items of a value are."""

    def __init__(self, start: int, names: list[str]) -> None:
        self._names, self._bounds = names, [start]

    def ends(self, place: int) -> None:
        """Take where an item ends, or, once they have, what says how many there are."""
        self._bounds.append(place)

    def tokens(self, written: list[bytes]) -> ItemTokens | None:
        """Return the tokens, from all that was written; None where not all items were."""
        bounds = self._bounds
        if len(bounds) != len(self._names) + 2:
            return None
        digests = [b"".join(written[one:two]) for one, two in pairwise(bounds)]
        digests = [one if len(one) <= _SHORT else xxh3_128_digest(one) for one in digests]
        rest = b"".join((*written[: bounds[0]], *written[bounds[-1] :]))
        return ItemTokens(dict(zip(self._names, digests, strict=False)), xxh3_128_digest(rest))


def items_changed(before: Token, now: Token) -> tuple[str, ...] | None:
    """Return the items that are not what they were, with `ARRANGEMENT` if there are others now.

    And with `APPENDED` if the only one of these is behind all that were there before.

    None where more than items has changed, or that is not known.
    """
    one, other = before.items, now.items
    if one is None or other is None or one.rest != other.rest:
        return None
    if not (before.is_whole and now.is_whole) or before.limits != now.limits:
        return None
    both = one.digests.keys() | other.digests.keys()
    changed = {name for name in both if one.digests.get(name) != other.digests.get(name)}
    if [*one.digests] != [*other.digests]:
        changed.add(ARRANGEMENT)
        if [*one.digests] == [*other.digests][:-1]:
            changed.add(APPENDED)
    return tuple(sorted(changed))
