"""What a filter asks once its names are known: clauses about fields, with values of their kind."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nbmlops.query.fields import Field
from nbmlops.query.tree import And, Condition, Not, Operator, Or


@dataclass(frozen=True, slots=True)
class Clause:
    """A field, an operator, and values of the field's kind: floats, texts, bools.

    Of a parameter a value may be of any of these types. Where only what is behind a whole day, say,
    is asked for, that is in ``behind`` as it was written.
    """

    field: Field
    operator: Operator
    values: tuple[Any, ...] = ()
    behind: str = dataclasses.field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Ordering:
    """A field that runs are sorted by; those that have no value come last either way."""

    field: Field
    descending: bool


type Meaning = Condition[Clause]


def clauses(meaning: Meaning) -> Iterator[Clause]:
    """Give every clause of a meaning."""
    match meaning:
        case And(parts) | Or(parts):
            for part in parts:
                yield from clauses(part)
        case Not(part):
            yield from clauses(part)
        case _:
            yield meaning
