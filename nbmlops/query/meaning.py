"""What the names of a tree stand for: fields, where need be looked up in what the store has.

``auc`` alone is a metric if runs have one of that name and no parameter is called so;
``metrics.loss.min`` is the least loss unless runs have a metric ``loss.min``. What a comparison
means for a field of its kind is in `nbmlops.query.comparing`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from nbmlops.errors import QueryError
from nbmlops.query.clauses import Meaning, Ordering
from nbmlops.query.comparing import Comparing
from nbmlops.query.fields import (
    BEST,
    DATA_PARTS,
    FIXED,
    METRIC_PARTS,
    OFFERED,
    RUN_FIELDS,
    SCOPES,
    SCOPES_OFFERED,
    Field,
)
from nbmlops.query.tree import And, Name, Not, Or, SortKey, Tree

type NameKind = Literal["metrics", "params", "tags"]


class Known(Protocol):
    """What the runs of a store have."""

    def has(self, kind: NameKind, name: str) -> bool:
        """Tell whether any run has a metric, parameter or tag of this name."""

    def names(self, kind: NameKind) -> Sequence[str]:
        """Return the names that runs have."""


@dataclass(frozen=True)
class Reader:
    """Reads trees of one text; ``is_lower_better`` decides what the best of a metric is."""

    text: str
    known: Known
    now: float
    is_lower_better: Callable[[str], bool]

    def meaning(self, tree: Tree) -> Meaning:
        """Return what a tree asks of runs.

        Raises
        ------
        QueryError
            A name is none, or its values or operator are not of its kind.
        """
        match tree:
            case And(parts):
                return And(tuple(map(self.meaning, parts)))
            case Or(parts):
                return Or(tuple(map(self.meaning, parts)))
            case Not(part):
                return Not(self.meaning(part))
            case _:
                field = self.field(tree.name)
                return Comparing(tree, field, text=self.text, now=self.now).clause()

    def ordering(self, keys: Sequence[SortKey]) -> tuple[Ordering, ...]:
        """Return what sort keys sort by: ascending unless told otherwise, as in MLflow and SQL.

        Raises
        ------
        QueryError
            A name is none.
        """
        return tuple(Ordering(self.field(key.name), key.descending) for key in keys)

    def field(self, name: Name) -> Field:
        """Return the field of a name."""
        if name.text in FIXED and not any(part.is_quoted for part in name.parts[1:]):
            return FIXED[name.text]
        first, rest = name.parts[0], name.parts[1:]
        if not rest:
            return RUN_FIELDS.get(first.text) or self._bare(name)
        words = ".".join(part.text for part in rest)
        match SCOPES.get(first.text):
            case "metrics":
                return self._metric(Name(rest, name.start))
            case "params":
                return Field("param", words, "param")
            case "tags":
                return Field("tag", words, "text")
            case "run" if words in RUN_FIELDS:
                return RUN_FIELDS[words]
            case "data":
                return _data(Name(rest))
            case "package":
                return Field("package", words.replace("_", "-"), "version")
            case "dataset" | "cell" | "model" | "git" as scope if f"{scope}.{words}" in FIXED:
                return FIXED[f"{scope}.{words}"]
            case "run":
                raise self._unknown(name, words, [*RUN_FIELDS])
            case "dataset" | "cell" | "model" | "git" as scope:
                beginning = f"{scope}."
                possible = [key for key in FIXED if key.startswith(beginning)]
                raise self._unknown(name, beginning + words, possible)
            case _:
                return self._bare(name)

    def _metric(self, name: Name) -> Field:
        """Return the field of a metric's name, with what of it is meant behind a last dot."""
        *head, last = name.parts
        is_part = last.text in (*METRIC_PARTS, BEST) and not last.is_quoted
        if not head or not is_part or self.known.has("metrics", name.text):
            return Field("metric", name.text, "number", "last")
        metric = ".".join(part.text for part in head)
        if last.text != BEST:
            return Field("metric", metric, "number", METRIC_PARTS[last.text])
        part = "minimum" if self.is_lower_better(metric) else "maximum"
        return Field("metric", metric, "number", part)

    def _bare(self, name: Name) -> Field:
        """Return the metric or parameter that a name without a scope is."""
        metric = self._metric(name)
        is_metric = self.known.has("metrics", metric.name)
        is_param = self.known.has("params", name.text)
        if is_metric and is_param:
            reason = (
                f"{name.text} is a metric and a parameter: write metrics.{name.text} or params."
            )
            raise self.error(name.start, reason + name.text)
        if is_metric:
            return metric
        if is_param:
            return Field("param", name.text, "param")
        names = [*self.known.names("metrics"), *self.known.names("params")]
        raise self._unknown(name, name.text, [*OFFERED, *names, *SCOPES_OFFERED])

    def _unknown(self, name: Name, word: str, possible: Sequence[str]) -> QueryError:
        reason = f"there is no field {name.text}."
        return QueryError(self.text, name.start, reason, word=word, possible=possible)

    def error(self, start: int, reason: str) -> QueryError:
        """Return an error that points into the text."""
        return QueryError(self.text, start, reason)


def _data(name: Name) -> Field:
    *head, last = name.parts
    if head and last.text in DATA_PARTS and not last.is_quoted:
        part, kind = DATA_PARTS[last.text]
        return Field("data", ".".join(piece.text for piece in head), kind, part)
    return Field("data", name.text, "hash", "digest")
