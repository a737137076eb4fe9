"""Whether a column fits a clause: comparisons, and what numbers, texts and hashes mean by them."""

import ast
import datetime
import decimal
import math
import operator as signs
import pathlib
import uuid
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Text,
    and_,
    false,
    func,
    not_,
    or_,
)
from sqlalchemy import cast as sql_cast

from nbmlops.canonical import encode
from nbmlops.query.clauses import Clause
from nbmlops.query.patterns import compiled, is_like
from nbmlops.query.tree import Operator
from nbmlops.query.versions import version_key
from nbmlops.store.rows import clean
from nbmlops.store.search_text import ilike, is_one_of, like, matches, param_text

type _Condition = ColumnElement[bool]
type Row = FromClause
"""A table, or another name of it, whose row is looked at."""

SHORTEST_HASH = 4  # characters of a digest, commit or id that stand for all that begin so


def is_pattern(clause: Clause) -> bool:
    """Tell whether a clause asks for what texts look like."""
    return clause.operator.endswith(("like", "matches"))


def fits(clause: Clause, column: ColumnElement[Any]) -> _Condition:
    """Return whether a column that is not NULL fits a clause of its kind."""
    values = tuple(map(clean, clause.values))
    if clause.field.kind == "hash":
        return _hash_fits(clause.operator, column, values)
    if clause.field.kind == "id":
        return _id_fits(clause.operator, column, values)
    if clause.field.kind == "class":
        return _end_fits(clause.operator, column, values, behind=".")
    if clause.field.kind == "path":
        return _end_fits(clause.operator, column, values, behind="/")
    return _compared(column, clause.operator, values)


_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "=": signs.eq, "!=": signs.ne, "<": signs.lt, "<=": signs.le, ">": signs.gt, ">=": signs.ge,
}  # fmt: skip


def _compared(column: ColumnElement[Any], operator: Operator, values: Sequence[Any]) -> _Condition:
    if operator.startswith("not "):
        return not_(_compared(column, cast(Operator, operator.removeprefix("not ")), values))
    if operator in _SIGNS:
        found: _Condition = _SIGNS[operator](column, values[0])
        return found
    match operator:
        case "in":
            return column.in_(values)
        case "between":
            # PostgreSQL takes no collation, which texts here come with, after BETWEEN.
            return and_(column >= values[0], column <= values[1])
        case "like":
            return like(column, values[0])
        case "ilike":
            return ilike(column, values[0])
        case _:
            return matches(column, values[0])


def _hash_fits(operator: Operator, column: ColumnElement[Any], values: Sequence[str]) -> _Condition:
    """Return whether a digest fits; what is compared for equality may be its beginning."""
    if operator not in ("=", "!=", "in", "not in"):
        return _compared(column, operator, values)
    begun = [
        func.substr(column, 1, len(value)) == value.lower()
        if len(value) >= SHORTEST_HASH
        else column == value
        for value in values
    ]
    return or_(*begun) if operator in ("=", "in") else not_(or_(*begun))


def _id_fits(operator: Operator, column: ColumnElement[Any], values: Sequence[str]) -> _Condition:
    """Return whether an id fits; for equality its beginning, as ids are shown, is enough."""
    if operator not in ("=", "!=", "in", "not in"):
        return _compared(column, operator, values)
    begun = [
        # Two ends rather than substr, so that an index finds it; ids are digits and small letters.
        and_(column >= value.lower(), column <= f"{value.lower()}~")
        if len(value) >= SHORTEST_HASH
        else column == value
        for value in values
    ]
    return or_(*begun) if operator in ("=", "in") else not_(or_(*begun))


def _end_fits(
    operator: Operator, column: ColumnElement[Any], values: Sequence[str], *, behind: str
) -> _Condition:
    """Return whether a class or path fits; for equality what is behind a last sign is enough."""
    if operator not in ("=", "!=", "in", "not in"):
        return _compared(column, operator, values)
    named = [
        or_(
            column == value,
            func.substr(column, func.length(column) - len(value)) == f"{behind}{value}",
        )
        for value in values
    ]
    return or_(*named) if operator in ("=", "in") else not_(or_(*named))


def flag_fits(clause: Clause, value: ColumnElement[Any]) -> _Condition:
    """Return whether a truth of a JSON document fits; databases give it as 1 or as true."""
    is_true = func.lower(sql_cast(value, Text)).in_(("true", "1"))
    wanted = [is_true if flag else not_(is_true) for flag in clause.values]
    fitting = or_(*wanted) if clause.operator in ("=", "in") else not_(or_(*wanted))
    return and_(value.is_not(None), fitting)


def version_fits(clause: Clause, version: str) -> bool:
    """Tell whether a version fits a clause, by what versions mean."""
    found, wanted = version_key(version), [version_key(text) for text in clause.values]
    operator = clause.operator.removeprefix("not ")
    match operator:
        case "like" | "ilike":
            held = is_like(version, clause.values[0], ignores_case=operator == "ilike")
        case "matches":
            held = compiled(clause.values[0]).search(version) is not None
        case "between":
            held = wanted[0] <= found <= wanted[1]
        case "=" | "!=" | "in":
            held = (found in wanted) == (operator != "!=")
        case "<" | "<=":
            held = found < wanted[0] or (operator == "<=" and found == wanted[0])
        case _:
            held = found > wanted[0] or (operator == ">=" and found == wanted[0])
    return held != clause.operator.startswith("not ")


def tag_fits(clause: Clause, tag: Row) -> _Condition:
    """Return whether a tag fits."""
    value = tag.c.value
    if clause.operator in ("=", "in"):
        return is_one_of(value, tuple(map(clean, clause.values)))
    return fits(clause, value)


def metric_fits(clause: Clause, metric: Row) -> _Condition:
    """Return whether a metric fits; NaN, kept as NULL, only is unlike every number."""
    column = metric.c[clause.field.part]
    match clause.operator:
        case "is nan":
            return column.is_(None)
        case "is not nan":
            return column.is_not(None)
        case "!=" | "not in" | "not between":
            return or_(column.is_(None), fits(clause, column))
        case _:
            return fits(clause, column)


def param_fits(clause: Clause, param: Row) -> _Condition:
    """Return whether a parameter fits: numbers by value, texts by what ``str`` writes."""
    operator = clause.operator
    if operator in ("is nan", "is not nan"):
        is_nan = param.c.json == encode(math.nan).json
        return is_nan if operator == "is nan" else not_(is_nan)
    if operator in ("!=", "not in", "not between"):
        positive = {"!=": "=", "not in": "in", "not between": "between"}[operator]
        return not_(func.coalesce(param_fits(replace(clause, operator=positive), param), false()))  # type: ignore[arg-type]
    params = param.c
    if is_pattern(clause):
        return text_fits(clause, param_text(params.type, params.json))
    if operator in ("=", "in"):
        return _param_is_one_of(clause.values, param)
    if isinstance(clause.values[0], float):
        return _number_fits(operator, clause.values, param)
    text = param_text(params.type, params.json)
    is_text = and_(params.number.is_(None), params.type != "float")
    return and_(is_text, _compared(text, operator, tuple(map(clean, clause.values))))


def text_fits(clause: Clause, text: ColumnElement[Any]) -> _Condition:
    """Return whether a text fits the pattern of a clause."""
    return _compared(text, clause.operator, tuple(map(clean, clause.values)))


def _param_is_one_of(values: Sequence[Any], param: Row) -> _Condition:
    params = param.c
    numbers = [value for value in values if isinstance(value, float) and math.isfinite(value)]
    documents: list[str] = []
    for value in values:
        if isinstance(value, str):
            documents += written_forms(clean(value))
        elif value not in numbers:
            documents.append(encode(value).json)
    found = [params.number.in_(numbers)] if numbers else []
    return or_(*found, *([is_one_of(params.json, documents)] if documents else []))


def _number_fits(operator: Operator, values: Sequence[float], param: Row) -> _Condition:
    """Return whether a parameter's number fits; infinities are kept beside the column."""
    params = param.c
    infinite = [
        encode(value).json for value in (math.inf, -math.inf) if _holds(operator, value, values)
    ]
    fitting = _compared(params.number, operator, values)
    if not infinite:
        return fitting
    return or_(fitting, and_(params.number.is_(None), params.json.in_(infinite)))


def _holds(operator: Operator, value: float, values: Sequence[float]) -> bool:
    if operator == "between":
        return values[0] <= value <= values[1]
    return bool(_SIGNS[operator](value, values[0]))


_READERS: tuple[Callable[[str], Any], ...] = (
    str, int, float, ast.literal_eval, decimal.Decimal, uuid.UUID, datetime.date.fromisoformat,
    datetime.time.fromisoformat, datetime.datetime.fromisoformat, pathlib.PurePosixPath,
    pathlib.PureWindowsPath,
)  # fmt: skip


def written_forms(text: str) -> list[str]:
    """Return the JSON of every kept value that ``str`` writes so.

    Examples
    --------
    >>> written_forms("0.1")[:2]
    ['"0.1"', '0.1']
    >>> written_forms("[64, 32]")[1]
    '[64,32]'
    """
    found: dict[str, None] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Python's own parser
        for reader in _READERS:
            try:
                value = reader(text)
                if str(value) == text:
                    found[encode(value).json] = None
            except (
                ValueError,
                TypeError,
                SyntaxError,
                ArithmeticError,
                MemoryError,
                RecursionError,
            ):
                continue
    return list(found)
