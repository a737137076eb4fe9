"""What a filter means, in Python alone: the third opinion when two databases answer."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nbmlops.query.clauses import Clause, Meaning
from nbmlops.query.tree import And, Not, Or
from nbmlops.query.versions import version_key


@dataclass(frozen=True)
class Known:
    """A run as plain values, and what belongs to it by name."""

    columns: dict[str, Any]
    metrics: dict[str, dict[str, float]]
    params: dict[str, Any]
    tags: dict[str, str]
    models: Sequence[str]
    cells: Sequence[dict[str, Any]]
    data: dict[str, dict[str, Any]]
    packages: dict[str, str]


def holds(meaning: Meaning, run: Known) -> bool:
    """Tell whether a run fits."""
    match meaning:
        case And(parts):
            return all(holds(part, run) for part in parts)
        case Or(parts):
            return any(holds(part, run) for part in parts)
        case Not(part):
            return not holds(part, run)
        case _:
            return _clause_holds(meaning, run)


def _clause_holds(clause: Clause, run: Known) -> bool:
    values, operator = [*_values(clause, run)], clause.operator
    if operator in ("is null", "is not null"):
        return bool(values) == (operator == "is not null")
    if operator in ("is nan", "is not nan"):
        return any(_is_nan(value) == (operator == "is nan") for value in values)
    positive = {"!=": "="}.get(operator, operator.removeprefix("not "))
    fitting = [_compares(clause, value, positive) for value in values]
    if positive == operator:
        return any(fitting)
    return bool(values) and not any(fitting)


def _values(clause: Clause, run: Known) -> Iterable[Any]:
    """Give the values that a run has for a field."""
    field = clause.field
    match field.scope:
        case "run":
            found = [run.columns.get(field.name)]
        case "metric":
            found = [run.metrics[field.name][field.part]] if field.name in run.metrics else []
        case "param":
            return [run.params[field.name]] if field.name in run.params else []
        case "tag":
            found = [run.tags.get(field.name)]
        case "tags":
            found = [*run.tags]
        case "model":
            found = [*run.models]
        case "cell" if field.part == "tag":
            found = [tag for cell in run.cells for tag in cell["tag"]]
        case "cell":
            found = [cell[field.part] for cell in run.cells]
        case "data":
            found = [run.data.get(field.name, {}).get(field.part)]
        case "package":
            found = [run.packages.get(field.name)]
        case other:
            raise AssertionError(other)
    return [value for value in found if value is not None]


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _compares(clause: Clause, value: Any, operator: str) -> bool:
    wanted: Sequence[Any] = clause.values
    match clause.field.kind:
        case "param":
            return _param_compares(value, operator, wanted)
        case "version" if operator not in ("like", "ilike", "matches"):
            return _ordered(version_key(value), operator, [*map(version_key, wanted)])
        case "hash" if operator in ("=", "in"):
            return any(
                value.startswith(text) if len(text) > 3 else value == text for text in wanted
            )
        case "id" if operator in ("=", "in"):
            return any(
                value.startswith(text) if len(text) > 3 else value == text for text in wanted
            )
        case "class" | "path" as kind if operator in ("=", "in"):
            sign = "." if kind == "class" else "/"
            return any(value == text or value.endswith(sign + text) for text in wanted)
        case _:
            return _ordered(value, operator, wanted)


def _param_compares(value: Any, operator: str, wanted: Sequence[Any]) -> bool:
    """Compare as README says: numbers by value, texts by what ``str`` writes."""
    if operator in ("=", "in"):
        return any(_param_is(value, each) for each in wanted)
    if isinstance(wanted[0], float):
        return isinstance(value, bool | int | float) and _ordered(float(value), operator, wanted)
    if operator in ("like", "ilike", "matches"):
        return _ordered(str(value), operator, wanted)
    return not isinstance(value, bool | int | float) and _ordered(str(value), operator, wanted)


def _param_is(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, bool):
        return value is wanted
    if isinstance(wanted, float):
        return isinstance(value, bool | int | float) and float(value) == wanted
    return str(value) == wanted


def _ordered(value: Any, operator: str, wanted: Sequence[Any]) -> bool:
    match operator:
        case "=" | "in":
            return value in wanted
        case "<":
            return bool(value < wanted[0])
        case "<=":
            return bool(value <= wanted[0])
        case ">":
            return bool(value > wanted[0])
        case ">=":
            return bool(value >= wanted[0])
        case "between":
            return bool(wanted[0] <= value <= wanted[1])
        case "matches":
            return re.search(wanted[0], value) is not None
        case _:
            pattern = re.escape(wanted[0]).replace("%", ".*").replace("_", ".")
            flags = re.DOTALL | (re.IGNORECASE if operator == "ilike" else 0)
            return re.fullmatch(pattern, value, flags) is not None
