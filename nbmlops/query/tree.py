"""What a filter is once it is read: comparisons of names with constants, joined by and, or, not.

Where something stood in the text is kept for error messages, and does not count for equality: two
filters that read the same are the same.
"""

from dataclasses import dataclass, field
from typing import Literal

type Operator = Literal[
    "=", "!=", "<", "<=", ">", ">=", "like", "not like", "ilike", "not ilike", "matches",
    "not matches", "in", "not in", "between", "not between", "is null", "is not null", "is nan",
    "is not nan",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a dotted name; quoted ones are taken as they stand."""

    text: str
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """What is asked about: ``metrics.loss.min`` has three parts."""

    parts: tuple[Part, ...]
    start: int = field(default=0, compare=False)

    @property
    def text(self) -> str:
        """The parts, dotted, without quotes."""
        return ".".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Constant:
    """A value as it was written: a text, a number, or true and false.

    ``text`` is how a number was written, which is what texts are compared with.
    """

    value: str | float | bool
    text: str = field(default="", compare=False)
    start: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A name, an operator, and as many constants as that takes: none, 1, 2 or, for ``in``, any.

    ``start`` is where the operator stands.
    """

    name: Name
    operator: Operator
    constants: tuple[Constant, ...] = ()
    start: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class And[L]:
    """All of its parts hold; without parts it always does."""

    parts: tuple["Condition[L]", ...] = ()


@dataclass(frozen=True, slots=True)
class Or[L]:
    """At least one of its parts holds."""

    parts: tuple["Condition[L]", ...]


@dataclass(frozen=True, slots=True)
class Not[L]:
    """Its part does not hold."""

    part: "Condition[L]"


# The leaves are comparisons as they were read, or what `nbmlops.query.meaning` makes of them.
type Condition[L] = L | And[L] | Or[L] | Not[L]
type Tree = Condition[Comparison]


@dataclass(frozen=True, slots=True)
class SortKey:
    """What runs are sorted by: ascending where the text does not say."""

    name: Name
    descending: bool = False
