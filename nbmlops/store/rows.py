"""Records to rows and back. Most columns are fields of the same name; the exceptions are here."""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, astuple, fields
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    CursorResult,
    Select,
    String,
    Table,
    any_,
    literal,
)

from nbmlops.records import (
    Artifact,
    Content,
    Environment,
    Execution,
    Failure,
    FileUse,
    Items,
    Metric,
    Model,
    Names,
    NotebookCell,
    Outline,
    Output,
    Param,
    Points,
    Profile,
    Record,
    Run,
    Session,
    Stretch,
    Tag,
    Use,
    Value,
)
from nbmlops.store import tables
from nbmlops.store.packed_points import unpacked

type Row = dict[str, Any]

MOST_IN_ONE = 500  # variables in one IN (…); SQLite's oldest limit is 999

TABLES: dict[type, Table] = {  # in the order in which they refer to each other
    Environment: tables.environments,
    Session: tables.sessions,
    Execution: tables.executions,
    Run: tables.runs,
    Stretch: tables.stretches,
    Param: tables.params,
    Metric: tables.metrics,
    Points: tables.points,
    Model: tables.models,
    Artifact: tables.artifacts,
    Tag: tables.tags,
    Outline: tables.outlines,
    Value: tables.values,
    Profile: tables.profiles,
    Use: tables.uses,
    FileUse: tables.file_uses,
}


def to_row(record: Record) -> Row:
    """Return the row of a record's own table."""
    special = _TO_ROW.get(type(record))
    return special(record) if special else plain_row(record)


def from_row[R: Record](kind: type[R], row: Mapping[Any, Any]) -> R:
    """Make the record that `to_row` gave the row of, which is no execution."""
    special = _FROM_ROW.get(kind)
    if special:
        return special(row)  # type: ignore[no-any-return]
    return kind(**{field.name: row[field.name] for field in fields(kind)})


def from_rows[R: Record](kind: type[R], found: CursorResult[Any]) -> list[R]:
    """Make the records of rows of a record's own table; executions without their outputs.

    Other columns may stand in the rows, too.
    """
    if kind is Execution:
        return _executions(found)  # type: ignore[return-value]
    if kind in _FROM_ROW:
        return [from_row(kind, row) for row in found.mappings()]
    take, make = _taking(found, [field.name for field in fields(kind)]), _maker(kind)
    return [make(*take(row)) for row in found]


def _taking(found: CursorResult[Any], names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what takes some values of a row; to ask each row by their names takes four times."""
    keys = list(found.keys())
    return itemgetter(*(keys.index(name) for name in names))


def _maker[R](kind: type[R]) -> Callable[..., R]:
    return kind


def from_values[R: Record](kind: type[R], values: Sequence[Any]) -> R:
    """Make a small part of a run from its fields in their order; quicker than `from_row`."""
    if kind is Metric and None in values[2:5]:
        known = (math.nan if value is None else value for value in values[2:5])
        values = (*values[:2], *known, *values[5:])
    make: Callable[..., R] = kind
    return make(*values)


def plain_row(record: Record) -> Row:
    """Return a row with a column for each field."""
    return {field.name: clean(getattr(record, field.name)) for field in fields(record)}


def content_rows(execution: Execution) -> list[Row]:
    """Return the rows of an execution's outputs, a row for each representation."""
    return [
        {
            "execution_id": execution.id,
            "output": number,
            "position": position,
            "kind": output.kind,
            "display_id": clean(output.display_id),
            **{name: clean(value) for name, value in asdict(content).items()},
        }
        for number, output in enumerate(execution.outputs)
        for position, content in enumerate(output.contents)
    ]


def outputs_from_rows(rows: Iterable[Mapping[Any, Any]]) -> tuple[Output, ...]:
    """Return the outputs of one execution from its rows, which are in order."""
    contents: dict[int, list[Content]] = {}
    heads: dict[int, Mapping[Any, Any]] = {}
    for row in rows:
        heads[row["output"]] = row
        content = Content(**{field.name: row[field.name] for field in fields(Content)})
        contents.setdefault(row["output"], []).append(content)
    return tuple(
        Output(head["kind"], tuple(contents[number]), head["display_id"])
        for number, head in heads.items()
    )


def chunks[T](items: Sequence[T], most: int = MOST_IN_ONE) -> Iterator[Sequence[T]]:
    """Give stretches of items, each few enough for one IN (…)."""
    for start in range(0, len(items), most):
        yield items[start : start + most]


def is_one_of(
    connection: Connection, column: ColumnElement[str], wanted: Sequence[str] | Select[Any]
) -> ColumnElement[bool]:
    """Return the condition that a column is one of some texts.

    PostgreSQL is given them as one array: each by itself would be cast, and the statement, another
    one for each number of them, planned anew.
    """
    if connection.dialect.name == "postgresql" and not isinstance(wanted, Select):
        return column == any_(literal([*wanted], ARRAY(String)))
    return column.in_(wanted)


def clean(value: Any) -> Any:
    """Return a text as a database can hold it, anything else as it is.

    Lone surrogates cannot be encoded; what they replace is not text anyway.
    """
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8").replace("\0", "�")
    return value


_NAMES = ("defined", "used", "touched", "deleted")
_ITEMS = ("items_used", "items_changed")  # of few executions


def _execution_row(execution: Execution) -> Row:
    row = plain_row(execution)
    del row["outputs"], row["failure"]
    failure = execution.failure
    return row | {
        "tags": json.dumps(execution.tags),
        "names": json.dumps(_names_document(execution.names)),
        "failure_type": clean(failure.type) if failure else None,
        "failure_message": clean(failure.message) if failure else None,
        "failure_traceback": clean(failure.traceback) if failure else None,
    }


_SPECIAL = ("tags", "names", "failure", "outputs")  # fields of executions that are no columns
_BEHIND_TAGS = [field.name for field in fields(Execution)].index("tags")
_BEFORE = [field.name for field in fields(Execution)[:_BEHIND_TAGS]]
_BEHIND = [field.name for field in fields(Execution)[_BEHIND_TAGS:] if field.name not in _SPECIAL]
_PACKED = ("tags", "failure_type", "failure_message", "failure_traceback", "names")


def _executions(found: CursorResult[Any]) -> list[Execution]:
    """Make executions by the places of their values: a page has hundreds of them."""
    before, behind, packed = (_taking(found, names) for names in (_BEFORE, _BEHIND, _PACKED))
    make, executions = _maker(Execution), []
    for row in found:
        tags, *failed, names = packed(row)
        executions.append(
            make(
                *before(row),
                tuple(json.loads(tags)) if tags != "[]" else (),
                *behind(row),
                Failure(*failed) if failed[0] is not None else None,
                _names(names),
            )
        )
    return executions


def _names_document(names: Names) -> Row:
    document: Row = {name: getattr(names, name) for name in _NAMES}
    for field in _ITEMS:
        if items := getattr(names, field):
            document[field] = [(each.name, each.items) for each in items]
    if names.replaced:
        document["replaced"] = names.replaced
    return document


def _names(text: str) -> Names:
    document = json.loads(text)
    plain = [tuple(document[name]) for name in _NAMES]
    if len(document) == len(_NAMES):
        return Names(*plain)
    fields_: dict[str, Any] = dict(zip(_NAMES, plain, strict=True))
    for field in _ITEMS:
        if field in document:
            fields_[field] = tuple(Items(name, tuple(items)) for name, items in document[field])
    if "replaced" in document:
        fields_["replaced"] = tuple(document["replaced"])
    return Names(**fields_)


_MEASURES = ("last", "minimum", "maximum")


def _metric_row(metric: Metric) -> Row:
    row = plain_row(metric)
    return row | {name: None if math.isnan(row[name]) else row[name] for name in _MEASURES}


def _metric(row: Mapping[Any, Any]) -> Metric:
    values = {field.name: row[field.name] for field in fields(Metric)}
    return Metric(
        **values | {name: math.nan if values[name] is None else values[name] for name in _MEASURES}
    )


def _param_row(param: Param) -> Row:
    return plain_row(param) | {"number": param.number}


def _outline_row(outline: Outline) -> Row:
    cells = [[clean(part) for part in astuple(cell)] for cell in outline.cells]
    return plain_row(outline) | {"cells": json.dumps(cells)}


def _outline(row: Mapping[Any, Any]) -> Outline:
    values = {field.name: row[field.name] for field in fields(Outline)}
    cells = tuple(NotebookCell(*cell) for cell in json.loads(row["cells"]))
    return Outline(**values | {"cells": cells})


def _points(row: Mapping[Any, Any]) -> Points:
    values = {field.name: row[field.name] for field in fields(Points)}
    return Points(**values | {"data": unpacked(row["count"], row["data"])})


_TO_ROW: dict[type[Record], Callable[[Any], Row]] = {
    Execution: _execution_row,
    Metric: _metric_row,
    Outline: _outline_row,
    Param: _param_row,
}
_FROM_ROW: dict[type, Callable[[Mapping[Any, Any]], Any]] = {
    Metric: _metric,
    Outline: _outline,
    Points: _points,
}
