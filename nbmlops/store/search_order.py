"""What runs are sorted by as SQL, and cursors: where a page ended, so that the next begins there.

A cursor holds the sort values of the last run of a page, not its place: runs that are recorded
meanwhile neither repeat nor skip any. It also holds the moment of the first page, so that "2 days
ago" and the duration of an open run mean the same on every page.
"""

import base64
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, func, or_

from nbmlops.errors import InvalidCursor
from nbmlops.query.clauses import Ordering
from nbmlops.query.fields import RUN_FIELDS
from nbmlops.query.versions import version_key
from nbmlops.store import tables
from nbmlops.store.rows import clean
from nbmlops.store.search_conditions import Conditions, values_of
from nbmlops.store.search_text import member


@dataclass(frozen=True, slots=True)
class SortColumn:
    """A column that runs are sorted by, those where it is NULL last.

    ``table`` is a table with a row for each run that has a value, joined by ``on``; None for
    columns of the run itself. Its rows are of the metric, parameter or tag called ``name``.
    """

    column: ColumnElement[Any]
    descending: bool
    nullable: bool = True
    table: FromClause | None = None
    on: ColumnElement[bool] | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: the values of its last run's sort columns, and as of when."""

    now: float
    values: tuple[Any, ...]


def sort_columns(orderings: Sequence[Ordering], conditions: Conditions) -> list[SortColumn]:
    """Return the columns that orderings sort by.

    The last two are those by which runs that are equal otherwise are told apart: the latest come
    first.
    """
    found = [column for ordering in orderings for column in _columns(ordering, conditions)]
    runs = tables.runs.c
    if not orderings or orderings[-1].field != RUN_FIELDS["opened"]:
        found.append(SortColumn(runs.opened, descending=True, nullable=False))
    found.append(SortColumn(runs.id, descending=False, nullable=False))
    return found


def joined(source: FromClause, columns: Sequence[SortColumn]) -> FromClause:
    """Join to a source that has the runs what they are sorted by, whether they have it or not."""
    done: list[FromClause] = []
    for key in columns:
        if key.table is not None and not any(key.table is table for table in done):
            done.append(key.table)
            source = source.outerjoin(key.table, key.on)
    return source


def order_by(columns: Sequence[SortColumn]) -> list[ColumnElement[Any]]:
    """Return what a selection with these columns is ordered by."""
    directed = [key.column.desc() if key.descending else key.column.asc() for key in columns]
    return [
        column.nulls_last() if key.nullable else column
        for key, column in zip(columns, directed, strict=True)
    ]


def behind(columns: Sequence[SortColumn], values: Sequence[Any]) -> ColumnElement[bool]:
    """Return whether a row comes behind one that has these values."""
    alternatives: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for key, value in zip(columns, values, strict=True):
        if value is not None:
            further = key.column < value if key.descending else key.column > value
            further = or_(further, key.column.is_(None)) if key.nullable else further
            alternatives.append(and_(*same, further))
        same.append(key.column.is_(None) if value is None else key.column == value)
    return or_(*alternatives)


def _columns(ordering: Ordering, conditions: Conditions) -> list[SortColumn]:
    field, runs, descending = ordering.field, tables.runs.c, ordering.descending
    match field.scope:
        case "run":
            column = conditions.run_column(field)
            return [SortColumn(column, descending, getattr(column, "nullable", True))]
        case "metric" | "param" | "tag" as scope:
            kinds = {"metric": tables.metrics, "param": tables.params, "tag": tables.tags}
            part: FromClause = kinds[scope].alias()
            called = clean(field.name)
            on = and_(part.c.run_id == runs.id, part.c.name == called)
            names = {"metric": [field.part], "param": ["number", "json"], "tag": ["value"]}[scope]
            return [SortColumn(part.c[name], descending, True, part, on, called) for name in names]
        case "package" | "environment":
            part = tables.environments.alias()
            path = ["packages", field.name] if field.scope == "package" else field.name.split(".")
            value: ColumnElement[Any] = member(part.c.document, *path)
            if field.kind == "version":
                value = _ranked(value, conditions.versions(path))
            on = part.c.digest == runs.environment
            return [SortColumn(value, descending, True, part, on)]
        case _:
            statement, many = values_of(field)
            owner = statement.selected_columns[0]
            part = statement.add_columns(func.min(many).label("least")).group_by(owner).subquery()
            on = part.c.run_id == runs.id
            return [SortColumn(part.c.least, descending, True, part, on)]


def _ranked(value: ColumnElement[Any], versions: Sequence[str]) -> ColumnElement[Any]:
    """Return the place of a version among those there are; equal ones have one place."""
    keys = sorted(set(map(version_key, versions)))
    if not keys:
        return value
    places = {version: keys.index(version_key(version)) for version in versions}
    return case(*((value == version, place) for version, place in places.items()))


def cursor_text(cursor: Cursor, question: str) -> str:
    """Write a cursor down; ``question`` is the filter and order that it belongs to."""
    parts = [_mark(question), cursor.now, *cursor.values]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def read_cursor(text: str, question: str) -> Cursor:
    """Return the cursor of a text.

    Raises
    ------
    InvalidCursor
        It is none, or belongs to another filter or order.
    """
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        mark, now, *values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        whole = all(isinstance(value, str | int | float | None) for value in values)
    except (ValueError, TypeError, RecursionError):
        raise InvalidCursor(text, "it is damaged") from None
    if mark != _mark(question):
        raise InvalidCursor(text, "it belongs to another filter or order")
    if not whole or not isinstance(now, float):
        raise InvalidCursor(text, "it is damaged")
    return Cursor(now, tuple(values))


def _mark(question: str) -> int:
    return zlib.crc32(question.encode("utf-8", "surrogatepass"))
