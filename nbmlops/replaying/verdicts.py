"""What is said of one thing that was made again, and of several together. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from nbmlops.canonical import Json

type Verdict = Literal[
    "identical", "equal", "within tolerance", "not comparable", "different", "not run"
]

# The later outweighs the earlier.
_IN_ORDER: tuple[Verdict, ...] = (
    "identical", "equal", "within tolerance", "not comparable", "different", "not run",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compared:
    """A name, or metric, as it was recorded and as it came out again.

    Attributes
    ----------
    name : str
    verdict : Verdict
        ``equal`` is what differs in NaN, −0.0 or the order of rows only.
    before, after : str
        What it was and is, in a few words.
    words : str
        What differs, or why that cannot be told; empty where there is nothing to say.
    is_needed : bool
        Whether a result, or a later cell of the slice, depends on it. What nobody needs decides
        nothing.
    """

    name: str
    verdict: Verdict
    before: str = ""
    after: str = ""
    words: str = ""
    is_needed: bool = True

    @property
    def is_same(self) -> bool:
        """Whether it is known to have come out as it was, within what is allowed."""
        return self.verdict in ("identical", "equal", "within tolerance")

    def to_json(self) -> Json:
        """Return it as plain JSON with stable keys."""
        return {
            "name": self.name,
            "verdict": self.verdict,
            "before": self.before,
            "after": self.after,
            "words": self.words,
            "is_needed": self.is_needed,
        }


def worst(verdicts: Iterable[Verdict]) -> Verdict | None:
    """Return the verdict on several things together; None where there are none.

    Examples
    --------
    >>> worst(["identical", "within tolerance", "equal"])
    'within tolerance'
    """
    return max(verdicts, key=_IN_ORDER.index, default=None)
