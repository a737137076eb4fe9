"""Comparisons read by the kind of their field: which operators it has, what its constants are.

Times become seconds, as the stretches that they name; statuses become ours.
"""

from collections.abc import Callable, Sequence
from typing import Any, get_args

from nbmlops.errors import QueryError
from nbmlops.query.clauses import Clause, Meaning
from nbmlops.query.fields import Field
from nbmlops.query.moments import DURATION_FORMS, FORMS, Stretch, seconds, stretch
from nbmlops.query.patterns import compiled, is_like
from nbmlops.query.tree import And, Comparison, Constant, Operator, Or
from nbmlops.records import RunStatus, Verdict

_NOTHING = ("is null", "is not null")
_EQUAL = ("=", "!=", "in", "not in")
_ORDERED = (*_EQUAL, "<", "<=", ">", ">=", "between", "not between")
_PATTERNS = ("like", "not like", "ilike", "not ilike", "matches", "not matches")

# MLflow's words for our statuses; nothing is ever scheduled here.
_STATUSES: dict[RunStatus, tuple[str, ...]] = {
    "running": ("running", "RUNNING"), "finished": ("finished", "FINISHED"),
    "failed": ("failed", "FAILED"), "interrupted": ("interrupted", "INTERRUPTED", "KILLED"),
}  # fmt: skip
_OTHER_STATUSES = ("killed", "scheduled")


class Comparing:
    """Makes the clause of one comparison in a text, as of a moment."""

    def __init__(self, comparison: Comparison, field: Field, *, text: str, now: float) -> None:
        self.comparison, self.field = comparison, field
        self.text, self.now = text, now
        self.operator = comparison.operator

    def clause(self) -> Meaning:
        """Return what is asked of the field; raise `QueryError` where it cannot be."""
        if self.operator in _NOTHING:
            return Clause(self.field, self.operator)
        if self.operator in ("is nan", "is not nan"):
            has_numbers = self.field.scope in ("metric", "param")
            self._check(("is nan", "is not nan") if has_numbers else ())
            return Clause(self.field, self.operator)
        match self.field.kind:
            case "number":
                return self._made(self._number, _ORDERED)
            case "moment" if self._is_asked_whether():
                return self._whether()
            case "moment":
                return self._times(self._moment)
            case "milliseconds":
                return self._times(self._milliseconds)
            case "duration":
                return self._times(self._duration)
            case "status":
                return self._statuses()
            case "choice":
                return self._made(self._choice, (*_ORDERED, *_PATTERNS))
            case "flag":
                return self._made(self._flag, _EQUAL)
            case "param":
                return self._made(self._param, (*_ORDERED, *_PATTERNS))
            case _:
                return self._made(self._text, (*_ORDERED, *_PATTERNS))

    def _made(self, read: Callable[[Constant], Any], possible: Sequence[str]) -> Clause:
        self._check(possible)
        values = tuple(map(read, self.comparison.constants))
        return Clause(self.field, self.operator, values)

    def _check(self, possible: Sequence[str]) -> None:
        if self.operator not in possible:
            can = ", ".join(word for word in possible if not word.startswith("not "))
            raise self._error(
                self.comparison.start,
                f"{self.comparison.name.text} cannot be compared by {self.operator}, only by "
                f"{can or 'its values'}, is null.",
            )

    def _error(self, start: int, reason: str) -> QueryError:
        return QueryError(self.text, start, reason)

    def _number(self, constant: Constant) -> float:
        if isinstance(constant.value, float):
            return constant.value
        name = self.comparison.name.text
        quotes = " without quotes" if isinstance(constant.value, str) else ""
        raise self._error(constant.start, f"{name} is a number: compare it with one{quotes}.")

    def _text(self, constant: Constant) -> str:
        if isinstance(constant.value, bool):
            word = "true" if constant.value else "false"
            raise self._error(constant.start, f"this is compared with a text: '{word}'.")
        is_number = isinstance(constant.value, float)
        if is_number and self.field.scope == "data" and self.field.kind == "hash":
            name = self.comparison.name.text
            reason = (
                f"{name} is a digest, compared with a text in quotes. Numbers of data are "
                "data.NAME.rows, .columns and .size."
            )
            raise self._error(constant.start, reason)
        if is_number and self.operator not in _EQUAL and self.field.kind != "version":
            name = self.comparison.name.text
            reason = f"{name} is a text: {self.operator} takes a text in quotes."
            raise self._error(constant.start, reason)
        return constant.text if is_number else str(constant.value)

    def _param(self, constant: Constant) -> str | float | bool:
        if self.operator in _PATTERNS:
            return self._text(constant)
        if self.operator not in _EQUAL and isinstance(constant.value, bool):
            raise self._error(constant.start, "true and false are compared by = and !=.")
        first = self.comparison.constants[0].value
        if self.operator not in _EQUAL and type(constant.value) is not type(first):
            raise self._error(constant.start, "both ends have to be of one kind.")
        return constant.value

    def _flag(self, constant: Constant) -> bool:
        if isinstance(constant.value, bool):
            return constant.value
        raise self._error(constant.start, "this is true or false.")

    def _is_asked_whether(self) -> bool:
        """Tell whether a moment is compared with true or false: whether there is one."""
        return isinstance(self.comparison.constants[0].value, bool) and self.operator in ("=", "!=")

    def _whether(self) -> Clause:
        is_wanted = self.comparison.constants[0].value is (self.operator == "=")
        return Clause(self.field, "is not null" if is_wanted else "is null")

    def _choice(self, constant: Constant) -> str:
        text = self._text(constant)
        possible = get_args(Verdict.__value__)
        if self.operator in _EQUAL and text not in possible:
            reason = f"no run has the {self.comparison.name.text} '{text}'."
            raise QueryError(self.text, constant.start, reason, word=text, possible=possible)
        return text

    def _statuses(self) -> Clause:
        """Return which of our statuses are meant: those that the comparison holds for."""
        self._check((*_EQUAL, *_PATTERNS))
        wanted = [self._text(constant) for constant in self.comparison.constants]
        operator = self.operator.removeprefix("not ")
        if operator in _PATTERNS:
            fits = [status for status, words in _STATUSES.items()
                    if any(_fits(operator, word, wanted[0]) for word in words)]  # fmt: skip
        else:
            for constant in self.comparison.constants:
                self._check_status(constant)
            small = {text.lower() for text in wanted}
            fits = [status for status, words in _STATUSES.items()
                    if small & {word.lower() for word in words}]  # fmt: skip
        if self.operator == "!=" or self.operator.startswith("not "):
            fits = [status for status in _STATUSES if status not in fits]
        return Clause(self.field, "in", tuple(fits))

    def _check_status(self, constant: Constant) -> None:
        text = str(constant.value)
        possible = [*_STATUSES, *_OTHER_STATUSES]
        if text.lower() not in possible:
            raise QueryError(
                self.text, constant.start, f"there is no status '{text}'.",
                word=text.lower(), possible=[*_STATUSES],
            )  # fmt: skip

    def _moment(self, constant: Constant) -> Stretch:
        if isinstance(constant.value, float):
            return Stretch(constant.value, constant.value)
        try:
            return stretch(str(constant.value), self.now)
        except (ValueError, OverflowError, OSError):
            reason = f"this is no time. Write one {FORMS}."
            raise self._error(constant.start, reason) from None

    def _milliseconds(self, constant: Constant) -> Stretch:
        """Return a time of MLflow's: whole milliseconds, of which each is a stretch."""
        if not isinstance(constant.value, float):
            return self._moment(constant)
        return Stretch(constant.value / 1000, (constant.value + 1) / 1000)

    def _duration(self, constant: Constant) -> Stretch:
        try:
            value = constant.value
            found = value if isinstance(value, float) else seconds(str(value))
        except (ValueError, OverflowError):
            reason = f"this is no duration. Write one {DURATION_FORMS}."
            raise self._error(constant.start, reason) from None
        return Stretch(found, found)

    def _times(self, read: Callable[[Constant], Stretch]) -> Meaning:
        self._check(_ORDERED)
        found = [read(constant) for constant in self.comparison.constants]
        match self.operator:
            case "=":
                return self._within(found[0])
            case "!=":
                return self._outside(found[0])
            case "<":
                return Clause(self.field, "<", (found[0].begin,))
            case "<=":
                return Clause(self.field, *_up_to(found[0]))
            case ">":
                written = self.comparison.constants[0].value
                is_whole = isinstance(written, str) and found[0].end - found[0].begin >= 1
                behind = str(written) if is_whole else ""
                return Clause(self.field, *_behind(found[0]), behind=behind)
            case ">=":
                return Clause(self.field, ">=", (found[0].begin,))
            case "in":
                return Or(tuple(map(self._within, found)))
            case "not in":
                return And(tuple(map(self._outside, found)))
            case "between":
                return self._within(Stretch(found[0].begin, found[1].end), found[1])
            case _:
                return self._outside(Stretch(found[0].begin, found[1].end), found[1])

    def _within(self, found: Stretch, last: Stretch | None = None) -> Meaning:
        from_its_begin = Clause(self.field, ">=", (found.begin,))
        return And((from_its_begin, Clause(self.field, *_up_to(last or found))))

    def _outside(self, found: Stretch, last: Stretch | None = None) -> Meaning:
        before = Clause(self.field, "<", (found.begin,))
        return Or((before, Clause(self.field, *_behind(last or found))))


def _up_to(found: Stretch) -> tuple[Operator, tuple[float]]:
    return ("<", (found.end,)) if found.end > found.begin else ("<=", (found.end,))


def _behind(found: Stretch) -> tuple[Operator, tuple[float]]:
    return (">=", (found.end,)) if found.end > found.begin else (">", (found.end,))


def _fits(operator: str, word: str, pattern: str) -> bool:
    if operator == "matches":
        return compiled(pattern).search(word) is not None
    return is_like(word, pattern, ignores_case=operator == "ilike")
